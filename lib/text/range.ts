/**
 * A range as text: the bounds go outwards, with the decimals that its width asks for.
 *
 * @module
 */

/** The most decimals that are written. */
const MOST_DECIMALS = 6;

/** Two bounds as text. */
export interface RangeText {
  /** Not above the lower bound. */
  readonly low: string;
  /** Not below the upper bound. */
  readonly high: string;
}

/**
 * Writes two bounds with the decimals that two digits of their distance have; a range without width
 * has three.
 *
 * @param low finite, not above `high`
 */
export function formatRange(low: number, high: number): RangeText {
  const decimals = decimalsOf(high - low);
  return { low: outwards(low, decimals, Math.floor), high: outwards(high, decimals, Math.ceil) };
}

/** The decimals of a number that is known within a range of this width. */
export function decimalsOf(width: number): number {
  if (width === 0) return 3;
  return Math.min(MOST_DECIMALS, Math.max(0, 1 - Math.floor(Math.log10(width))));
}

function outwards(value: number, decimals: number, round: (value: number) => number): string {
  const scale = 10 ** decimals;
  // A bound that has these decimals, but for the error of doubles, stays as it is.
  const nearest = Math.round(value * scale);
  const close = Math.abs(value * scale - nearest) <= 1e-9 * Math.max(1, Math.abs(nearest));
  const rounded = (close ? nearest : round(value * scale)) / scale;
  return (rounded === 0 ? 0 : rounded).toFixed(decimals);
}
