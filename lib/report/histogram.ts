/**
 * A histogram in text.
 *
 * @module
 */

import type { Distribution } from "../measure/distribution.ts";
import { formatMs } from "../text/units.ts";

/** How many bars a histogram has. */
export const BARS = 8;

/** Fewer values than this make no picture. */
export const FEWEST_VALUES = 10;

/**
 * Draws round trips, in milliseconds, within a width; nothing where there are too few of them, or all are alike.
 * Bars grow by a constant factor, as round trips have no longest.
 */
export function histogramLines(values: Distribution, columns: number): string[] {
  const spread = values.spread();
  if (spread === undefined || values.count < FEWEST_VALUES || spread.max <= spread.min) return [];
  const lowest = Math.max(spread.min, spread.max / 1e6);
  const growth = (spread.max / lowest) ** (1 / BARS);
  const bars = Array.from({ length: BARS }, (_, i) => {
    // The first bar takes in the smallest value, the last the largest, whatever rounding does.
    const low = i === 0 ? -1 : lowest * growth ** i;
    const high = i === BARS - 1 ? Infinity : lowest * growth ** (i + 1);
    return { from: lowest * growth ** i, count: values.countBetween(low, high) };
  });
  const most = Math.max(...bars.map(({ count }) => count));
  const countWidth = String(most).length;
  const width = Math.max(10, columns - LABEL_WIDTH - countWidth - 2);
  return bars.map(({ from, count }, i) => {
    const label = i === 0 ? `from ${formatMs(from)}` : formatMs(from);
    const bar = "#".repeat(Math.ceil(count / most * width));
    return `${label.padStart(LABEL_WIDTH - 1)} ${String(count).padStart(countWidth)} ${bar}`
      .trimEnd();
  });
}

const LABEL_WIDTH = 16;
