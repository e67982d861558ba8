/**
 * What is kept of a server only where somebody looks on: for metrics, a page or a screen.
 *
 * @module
 */

import { BucketCounts } from "../measure/bucket_counts.ts";
import { PathHistory } from "../measure/path_history.ts";

/** Figures that cost memory, 4 KB, and are no part of a summary. */
export class ShownFigures {
  /** Round trips by fixed bounds, milliseconds. */
  readonly roundTrips: BucketCounts = new BucketCounts();
  /** How late heartbeats left by their schedule, by fixed bounds, milliseconds. */
  readonly sendDelays: BucketCounts = new BucketCounts();
  /** The last hour, on the clock that goes on while this machine sleeps. */
  readonly history: PathHistory = new PathHistory();

  #lostExcused = 0;

  /** Lost heartbeats that say nothing about the server. */
  get lostExcused(): number {
    return this.#lostExcused;
  }

  /** A heartbeat left this late, milliseconds. */
  left(lateMs: number): void {
    this.sendDelays.add(Math.max(0, lateMs));
  }

  /** A heartbeat was answered in time. */
  answered(rttMs: number, elapsedMs: number): void {
    this.roundTrips.add(rttMs);
    this.history.answered(rttMs, elapsedMs);
  }

  /** A heartbeat was lost; `excused`: that says nothing about the server. */
  lost(excused: boolean, elapsedMs: number): void {
    if (excused) this.#lostExcused++;
    this.history.lost(excused, elapsedMs);
  }
}
