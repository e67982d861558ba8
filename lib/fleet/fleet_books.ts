/**
 * What is measured of a whole fleet, and when it is reported.
 *
 * @module
 */

import type { OwnMachine } from "../machine/own_machine.ts";
import { BucketCounts } from "../measure/bucket_counts.ts";
import { Distribution } from "../measure/distribution.ts";
import { emptySnapshot } from "../monitor/snapshot.ts";
import type { BlindPart, FleetFigures } from "./events.ts";
import type { Member } from "./member.ts";
import { Pauses } from "./pauses.ts";

/** The books on a fleet. */
export class FleetBooks {
  readonly #ownMachine: OwnMachine;
  readonly #reportEveryMs: number | undefined;
  readonly #pauses = new Pauses();
  readonly #roundTrips = new Distribution(0);
  readonly #scheduleErrors = new Distribution(0);
  /** How late heartbeats left by their schedule, milliseconds, by fixed bounds. */
  readonly sendDelays: BucketCounts = new BucketCounts();
  #strays = 0;
  #startedAtMs: number | undefined;
  #reportAtMs = Infinity;

  /**
   * Opens the books.
   *
   * @param reportEveryMs how often figures are reported in mid-run; `undefined`: never
   */
  constructor(ownMachine: OwnMachine, reportEveryMs: number | undefined) {
    this.#ownMachine = ownMachine;
    this.#reportEveryMs = reportEveryMs;
  }

  /** When the next report is due, on the monotonic clock; `Infinity`: none is wanted. */
  get reportAtMs(): number {
    return this.#reportAtMs;
  }

  /** The run begins now. */
  began(nowMs: number): void {
    this.#startedAtMs = this.#ownMachine.elapsedMs(nowMs);
    this.reported(nowMs);
  }

  /** A report has been made, or the first one awaited. */
  reported(nowMs: number): void {
    this.#reportAtMs = nowMs + (this.#reportEveryMs ?? Infinity);
  }

  /** The loop does something that it could have done this long ago, milliseconds. */
  woke(lateMs: number): void {
    this.#pauses.look(lateMs);
  }

  /** A heartbeat left this late by its schedule, milliseconds. */
  left(lateMs: number): void {
    this.#scheduleErrors.add(Math.max(0, lateMs));
    this.sendDelays.add(Math.max(0, lateMs));
  }

  /** A reply came in time. */
  answered(rttMs: number): void {
    this.#roundTrips.add(rttMs);
  }

  /** Datagrams that are no member's. */
  get strays(): number {
    return this.#strays;
  }

  /** A datagram came that is no member's. */
  strayed(): void {
    this.#strays++;
  }

  /**
   * The figures so far.
   *
   * @param nowMs on the monotonic clock
   */
  figures(
    members: readonly Member[],
    nowMs: number,
    blind: readonly BlindPart[],
  ): FleetFigures {
    const totals = { sent: 0, unsent: 0, received: 0, lost: 0, lostUnsent: 0, late: 0 };
    const snapshot = emptySnapshot();
    for (const { monitor } of members) {
      monitor.snapshot(nowMs, snapshot);
      for (const count of Object.keys(totals) as (keyof typeof totals)[]) {
        totals[count] += snapshot[count];
      }
    }
    const startedAtMs = this.#startedAtMs;
    return {
      members,
      durationMs: startedAtMs === undefined ? 0 : this.#ownMachine.elapsedMs(nowMs) - startedAtMs,
      ...totals,
      rttMs: this.#roundTrips.spread(),
      scheduleErrorMs: this.#scheduleErrors.spread(),
      strays: this.#strays,
      stalls: this.#ownMachine.stalls,
      pauses: this.#pauses.count,
      longestPauseMs: this.#pauses.longestMs,
      blind,
    };
  }
}
