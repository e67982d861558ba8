/**
 * The figures of a monitor that cost some microseconds: for a scrape, or a page, of thousands of
 * targets.
 *
 * @module
 */

import type { ClockFigures } from "../measure/clock_offset.ts";
import type { Interval } from "../measure/interval.ts";
import type { LossDirectionFigures } from "../measure/loss_direction.ts";
import type { PastOutage } from "./outages.ts";
import type { MonitorParts } from "./parts.ts";
import type { ShownFigures } from "./shown_figures.ts";
import { emptySnapshot, fillSnapshot, type MonitorSnapshot } from "./snapshot.ts";
import type { StateReason } from "./state_change.ts";

/** A monitor's figures at a moment. */
export interface MonitorVitals extends Readonly<MonitorSnapshot> {
  /** Why the state is believed. */
  readonly reason: StateReason;
  /**
   * When the state began, or the run did, Unix milliseconds, as this machine's clock had it then:
   * `suspect` goes on with `up`; `undefined`: the run has not begun.
   */
  readonly stateSinceWallMs: number | undefined;
  /** When the state began, or the run did, milliseconds, on the clock of `readAtMs`. */
  readonly stateSinceMs: number;
  /** Whether an outage goes on; a server that can't be asked meanwhile is `unknown`. */
  readonly outageGoesOn: boolean;
  /** Losses in a row after which the server is assumed to have stopped; 0: never. */
  readonly limit: number;
  /** Heartbeats whose host could not be reached: they are lost. */
  readonly unreachable: number;
  /** Replies to heartbeats that had been answered already. */
  readonly duplicates: number;
  /** Replies that came after the reply to a later heartbeat (RFC 4737). */
  readonly reordered: number;
  /** Datagrams that were no replies to heartbeats of this run. */
  readonly unexpected: number;
  /** The share of the run in which the server was in reach, within bounds, 0 to 1. */
  readonly availability: Interval | undefined;
  /** The direction in which heartbeats were lost; `undefined` if the server sends no counts. */
  readonly direction: LossDirectionFigures | undefined;
  /** The bounds of the server's clock; `undefined` before the first reply that tells its time. */
  readonly serverClock: ClockFigures | undefined;
  /**
   * Half of the round trips took no longer, milliseconds, when it is asked for; `undefined` before
   * the first.
   */
  readonly medianRttMs: number | undefined;
  /** The last outages that have ended, the oldest first. */
  readonly pastOutages: readonly PastOutage[];
  /** What is kept for those who look on; `undefined`: nobody was expected. */
  readonly shown: ShownFigures | undefined;
  /** When all this was read, milliseconds, on the clock that goes on while this machine sleeps. */
  readonly readAtMs: number;
}

/** Reads the figures of now, a moment on the monotonic clock. */
export function vitalsOf(parts: MonitorParts, nowMs: number): MonitorVitals {
  const { belief, books, inbox, sendFailures, clock } = parts;
  const snapshot = emptySnapshot();
  fillSnapshot(snapshot, parts, nowMs);
  return {
    ...snapshot,
    reason: belief.reason,
    stateSinceWallMs: belief.stateSinceWallMs ?? clock.startedAtWallMs,
    stateSinceMs: Math.max(belief.stateSinceMs, clock.startedAtMs),
    outageGoesOn: belief.outageGoesOn,
    limit: belief.limit,
    unreachable: sendFailures.unreachable.count,
    duplicates: books.duplicates,
    reordered: books.reordered,
    unexpected: inbox.unexpected,
    availability: belief.availability(clock.startedAtMs, clock.now),
    direction: books.direction,
    serverClock: books.serverClock(nowMs),
    // Few who read the others want it, and it takes longer than all of them.
    get medianRttMs() {
      return books.medianRttMs;
    },
    pastOutages: belief.pastOutages,
    shown: books.shown,
    readAtMs: books.elapsedMs(nowMs),
  };
}
