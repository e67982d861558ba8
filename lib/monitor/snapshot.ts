/**
 * The figures of a monitor that cost next to nothing: for a screen or a scrape that shows thousands
 * of targets.
 *
 * @module
 */

import type { State } from "../detect/consecutive_losses.ts";
import type { RecentCounts } from "../measure/recent_loss.ts";
import type { MonitorParts } from "./parts.ts";
import type { Verdict } from "./verdict.ts";

/**
 * A monitor's figures at a moment; the monitor overwrites an object of its caller's, so that none
 * is made.
 */
export interface MonitorSnapshot {
  /** What is believed of the server. */
  state: State;
  /** What a run that ended now would come to. */
  verdict: Verdict;
  /** Losses in a row. */
  consecutive: number;
  /** How often the server was assumed to have stopped. */
  outages: number;
  /** Heartbeats sent, or tried. */
  sent: number;
  /** Of these, the ones that this machine could not send for reasons of its own. */
  unsent: number;
  /** Heartbeats in flight. */
  outstanding: number;
  /** Heartbeats answered in time. */
  received: number;
  /** Heartbeats lost, late ones included. */
  lost: number;
  /** Of these, the ones that this machine could not send. */
  lostUnsent: number;
  /** Lost heartbeats that were answered after all. */
  late: number;
  /** The newest round trip, milliseconds; `undefined` before the first. */
  lastRttMs: number | undefined;
  /** The smoothed round trip, milliseconds (RFC 6298); `undefined` before the first. */
  srttMs: number | undefined;
  /** Heartbeats answered and lost in the last minute. */
  readonly lastMinute: RecentCounts;
}

/** Makes an object for a monitor to write its figures into. */
export function emptySnapshot(): MonitorSnapshot {
  return {
    state: "unknown",
    verdict: "unknown",
    consecutive: 0,
    outages: 0,
    sent: 0,
    unsent: 0,
    outstanding: 0,
    received: 0,
    lost: 0,
    lostUnsent: 0,
    late: 0,
    lastRttMs: undefined,
    srttMs: undefined,
    lastMinute: { received: 0, lost: 0 },
  };
}

/** Writes the figures of now into a snapshot. */
export function fillSnapshot(
  into: MonitorSnapshot,
  { belief, ledger, books, sendFailures }: MonitorParts,
  nowMs: number,
): void {
  into.state = belief.state;
  into.verdict = belief.verdict(ledger);
  into.consecutive = belief.consecutive;
  into.outages = belief.outages;
  into.sent = ledger.last;
  into.unsent = sendFailures.unsent.count;
  into.outstanding = ledger.outstanding;
  into.received = books.received;
  into.lost = books.lost;
  into.lostUnsent = books.lostUnsent;
  into.late = books.late;
  into.lastRttMs = books.lastRttMs;
  into.srttMs = books.srttMs;
  books.readRecent(nowMs, into.lastMinute);
}
