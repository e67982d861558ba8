/** Amounts as text: times, shares and counts. */

/** The units of time that flags take and lines show, in milliseconds. */
export const MS_OF_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Writes a time in the largest unit that needs at most one decimal: `500ms`, `1.5s`, `2m`. */
export function formatTime(ms: number): string {
  for (const unit of ["h", "m", "s"]) {
    const amount = ms / MS_OF_UNIT[unit]!;
    if (amount >= 1 && Number.isInteger(amount * 10)) return `${amount}${unit}`;
  }
  return `${ms}ms`;
}

/** Writes a share, 0 to 1, as a percentage with the decimals that it has: `30%`, `0.5%`. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`;
}

/** Writes a count with its noun: `1 heartbeat`, `2 heartbeats`. */
export function formatCount(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

/** Writes a share, 0 to 1, as a percentage with three decimals: a loss of 0.49% is not 0%. */
export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}

/** Writes milliseconds with about four digits: `0.044`, `12.35`, `1234`. */
export function formatMs(ms: number): string {
  const size = Math.abs(ms);
  return ms.toFixed(size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0);
}

/** Writes a duration, given in milliseconds, in seconds: `12.3 s`. */
export function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Writes a moment, given in Unix milliseconds: `2026-11-23 02:56:49 UTC`. */
export function formatTimeOfDay(wallMs: number): string {
  return new Date(wallMs).toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC");
}
