/**
 * Bars of text, eight heights of them: the pictures of a panel.
 *
 * @module
 */

const BARS = ["\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588"];

/** Picks the bar for a place on a scale, from 0 (the shortest) to 1 (the tallest). */
export function barAt(place: number): string {
  return BARS[Math.min(BARS.length - 1, Math.floor(place * BARS.length))]!;
}
