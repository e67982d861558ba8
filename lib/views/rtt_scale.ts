/**
 * The scale of small pictures of round trips: the same for all servers, so that a slow one shows.
 *
 * @module
 */

/** From here to there, milliseconds; by powers of ten, so that both have room. */
const [LEAST_MS, MOST_MS] = [0.1, 1000];

/** What the scale is, in words. */
export const RTT_SCALE_TEXT = "from 0.1 ms to 1 s, by powers of ten";

/** Where a round trip lies on it, from 0 to 1. */
export function onRttScale(ms: number): number {
  const place = Math.log(ms / LEAST_MS) / Math.log(MOST_MS / LEAST_MS);
  return Math.min(1, Math.max(0, place));
}
