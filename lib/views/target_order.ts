/**
 * In which order targets are shown.
 *
 * @module
 */

import type { State } from "../detect/consecutive_losses.ts";
import type { MonitorVitals } from "../monitor/vitals.ts";
import type { TargetRow } from "./watch.ts";

/** The orders, the usual one first. */
export const SORTS: readonly string[] = ["worst", "name", "loss", "rtt", "outages"];

const RANKS: Readonly<Record<State, number>> = { down: 0, unknown: 1, suspect: 2, up: 3 };

/** A comparison of two targets, for sorting. */
export type Order = (a: TargetRow, b: TargetRow) => number;

/** By state, the longest first of those that are down or unknown, then by loss. */
export function byWorst(a: TargetRow, b: TargetRow): number {
  const rank = RANKS[a.of.state] - RANKS[b.of.state];
  if (rank !== 0) return rank;
  if (RANKS[a.of.state] < RANKS.suspect) {
    return (a.of.stateSinceWallMs ?? 0) - (b.of.stateSinceWallMs ?? 0) || byLoss(a, b);
  }
  return byLoss(a, b);
}

/** The order of a name in {@linkcode SORTS}; the usual one where it is another. */
export function orderBy(sort: string): Order {
  switch (sort) {
    case "name":
      return (a, b) => compareTexts(a.target.name, b.target.name);
    case "loss":
      return byLoss;
    case "rtt":
      return (a, b) => (b.of.medianRttMs ?? -1) - (a.of.medianRttMs ?? -1);
    case "outages":
      return (a, b) => b.of.outages - a.of.outages || byWorst(a, b);
    default:
      return byWorst;
  }
}

/** The share that was lost in the last ten minutes; `undefined`: nothing was settled. */
export function lossOf({ shown, readAtMs }: MonitorVitals): number | undefined {
  return shown?.history.recent.lossRatio(readAtMs);
}

function byLoss(a: TargetRow, b: TargetRow): number {
  return (lossOf(b.of) ?? -1) - (lossOf(a.of) ?? -1);
}

/** Numbers in names by their size: `web-9` before `web-10`. */
const COLLATOR = new Intl.Collator("en", { numeric: true });

function compareTexts(a: string, b: string): number {
  return COLLATOR.compare(a, b);
}
