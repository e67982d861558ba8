/**
 * In which order targets are shown.
 *
 * @module
 */

import type { State } from "../detect/consecutive_losses.ts";
import type { Slot } from "../measure/slot_history.ts";
import type { MonitorVitals } from "../monitor/vitals.ts";
import type { TargetRow } from "./watch.ts";

/** The orders, the usual one first. */
export const SORTS: readonly string[] = ["worst", "name", "loss", "rtt", "outages"];

/** The states in the order in which they matter. */
export const STATES: readonly State[] = ["down", "unknown", "suspect", "up"];

/** How many rows have each state. */
export function countStates(rows: readonly TargetRow[]): Record<State, number> {
  const counts = { down: 0, unknown: 0, suspect: 0, up: 0 };
  for (const { of: { state } } of rows) counts[state]++;
  return counts;
}

/** What is compared of a row: numbers that rise, and then a text. */
type Key = readonly [number, number, number, string];

/** So many keys are made at once. */
const KEYS_AT_ONCE = 256;

/**
 * Sorts rows by one of {@linkcode SORTS}, with an empty text after some of the work.
 *
 * - `worst`: by state; those that are down or unknown by how long, the others by loss, and then by
 *   their smoothed round trip
 * - `loss`, `rtt`, `outages`: most first
 */
export function* sortRows(
  rows: readonly TargetRow[],
  sort: string,
): Generator<string, TargetRow[]> {
  // Each key is made once: in ten thousand rows there are a hundred thousand comparisons.
  const keyed: { readonly row: TargetRow; readonly key: Key }[] = [];
  for (const row of rows) {
    keyed.push({ row, key: keyOf(row, sort) });
    if (keyed.length % KEYS_AT_ONCE === 0) yield "";
  }
  const sorted = keyed.sort((a, b) => compare(a.key, b.key));
  yield "";
  return sorted.map(({ row }) => row);
}

/** The share that was lost in the last ten minutes; `undefined`: nothing was settled. */
export function lossOf({ shown, readAtMs }: MonitorVitals): number | undefined {
  return shown?.history.recent.lossRatio(readAtMs);
}

/**
 * The middle of the medians of each ten seconds in the last ten minutes, milliseconds; `undefined`:
 * there is none.
 */
export function recentMedianMs(recent: readonly Slot[]): number | undefined {
  const medians = recent
    .flatMap(({ quantiles }) => quantiles === undefined ? [] : [quantiles[0]!])
    .sort((a, b) => a - b);
  return medians[Math.ceil(medians.length / 2) - 1];
}

/** The slots of the last ten minutes. */
export function recentOf({ shown, readAtMs }: MonitorVitals): readonly Slot[] {
  return shown?.history.recent.read(readAtMs) ?? [];
}

function keyOf({ target, of }: TargetRow, sort: string): Key {
  switch (sort) {
    case "name":
      return [0, 0, 0, sortedName(target.name)];
    case "loss":
      return [-(lossOf(of) ?? -1), 0, 0, ""];
    case "rtt":
      return [-(recentMedianMs(recentOf(of)) ?? -1), 0, 0, ""];
    case "outages":
      return [-of.outages, ...worstKey(of).slice(0, 2) as [number, number], ""];
    default:
      return worstKey(of);
  }
}

/** Of those that are up, a loss counts first, and then a slow path. */
function worstKey(of: MonitorVitals): Key {
  const rank = STATES.indexOf(of.state);
  if (rank < STATES.indexOf("suspect")) return [rank, of.stateSinceMs, 0, ""];
  return [rank, -(lossOf(of) ?? -1), -(of.srttMs ?? -1), ""];
}

function compare(a: Key, b: Key): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || (a[3] < b[3] ? -1 : a[3] > b[3] ? 1 : 0);
}

/** Numbers in names by their size: `web-9` before `web-10`. */
function sortedName(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0"));
}
