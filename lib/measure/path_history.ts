/**
 * The last ten minutes of a path, in slots of ten seconds, and the last hour, in minutes.
 *
 * @module
 */

import { SlotHistory, type SlotHistoryOptions } from "./slot_history.ts";

/** The quantiles of each minute: the median, in pairs that bands lie between. */
export const BANDS: readonly number[] = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1];

const RECENT: SlotHistoryOptions = {
  ...{ slotMs: 10_000, slots: 60, shares: [0.5], sampled: 16 },
  exact: false,
};
const HOUR: SlotHistoryOptions = {
  ...{ slotMs: 60_000, slots: 60, shares: BANDS, sampled: 60 },
  exact: true,
};

/** Keeps both, in less than 4 KB. */
export class PathHistory {
  /** Ten minutes, with the median of each ten seconds. */
  readonly recent: SlotHistory = new SlotHistory(RECENT);
  /** An hour, with the {@linkcode BANDS} of each minute. */
  readonly hour: SlotHistory = new SlotHistory(HOUR);

  /** A heartbeat was answered in time. */
  answered(rttMs: number, nowMs: number): void {
    this.recent.answered(rttMs, nowMs);
    this.hour.answered(rttMs, nowMs);
  }

  /** A heartbeat was lost; `excused`: that says nothing about the path. */
  lost(excused: boolean, nowMs: number): void {
    this.recent.lost(excused, nowMs);
    this.hour.lost(excused, nowMs);
  }
}
