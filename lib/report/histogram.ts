/**
 * A histogram in text.
 *
 * @module
 */

import type { Distribution } from "../measure/distribution.ts";
import { formatMs } from "../text/units.ts";

/** Bars of a histogram. */
export const BARS = 8;

/** Fewer values than this are not drawn. */
export const FEWEST_VALUES = 10;

/**
 * Draws round trips, in milliseconds; no lines when there are too few of them, or all are alike.
 *
 * Each bar spans the same ratio of round trips: there is no upper limit to them.
 *
 * @param columns the width of the screen
 */
export function histogramLines(values: Distribution, columns: number): string[] {
  const spread = values.spread();
  if (spread === undefined || values.count < FEWEST_VALUES || spread.max <= spread.min) return [];
  const lowest = Math.max(spread.min, spread.max / 1e6);
  const growth = (spread.max / lowest) ** (1 / BARS);
  const bars = Array.from({ length: BARS }, (_, i) => {
    // The first bar has no lower limit and the last no upper one, so that rounding excludes no
    // value.
    const low = i === 0 ? -1 : lowest * growth ** i;
    const high = i === BARS - 1 ? Infinity : lowest * growth ** (i + 1);
    return { from: lowest * growth ** i, count: values.countBetween(low, high) };
  });
  const most = Math.max(...bars.map(({ count }) => count));
  const countWidth = String(most).length;
  const width = Math.max(10, columns - LABEL_WIDTH - countWidth - 2);
  const title = "round trips, ms: each bar spans the same ratio, and has how many there were";
  return [
    title,
    ...bars.map(({ from, count }, i) => {
      const label = i === 0 ? `from ${formatMs(from)}` : formatMs(from);
      const bar = "#".repeat(Math.ceil(count / most * width));
      return `${label.padStart(LABEL_WIDTH - 1)} ${String(count).padStart(countWidth)} ${bar}`
        .trimEnd();
    }),
  ];
}

const LABEL_WIDTH = 16;
