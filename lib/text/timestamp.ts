/** Moments as text for programs. */

/**
 * Writes a moment as an RFC 3339 timestamp in UTC, rounded to microseconds:
 * `2026-11-25T23:58:01.123456Z`.
 *
 * @param wallMs Unix milliseconds; the fraction counts
 */
export function formatTimestamp(wallMs: number): string {
  const wholeMs = Math.floor(wallMs);
  const microseconds = Math.round((wallMs - wholeMs) * 1000);
  // Rounding up may complete the millisecond, and with it the second, the day or the year.
  const carry = microseconds === 1000 ? 1 : 0;
  const toMs = new Date(wholeMs + carry).toISOString().slice(0, -1);
  return `${toMs}${String(microseconds % 1000).padStart(3, "0")}Z`;
}
