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

/** Writes milliseconds with about four digits: `0.044`, `12.35`, `1234`. */
export function formatMs(ms: number): string {
  const size = Math.abs(ms);
  return ms.toFixed(size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0);
}

/** Writes milliseconds with about three digits: `0.044`, `1.24`, `12.4`, `1234`. */
export function formatRoughMs(ms: number): string {
  const size = Math.abs(ms);
  return ms.toFixed(size < 0.9995 ? 3 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

/** Writes a moment, given in Unix milliseconds: `2026-11-23 02:56:49 UTC`. */
export function formatTimeOfDay(wallMs: number): string {
  return new Date(wallMs).toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC");
}

/** How a figure that is cut to its last digit is rounded: the bounds of a range go outwards. */
export type Rounding = (value: number) => number;

/**
 * Writes a duration, given in milliseconds, with the two units that matter: `12.3 s`, `5 min 8 s`,
 * `3 h 20 min`, `7 d 4 h`.
 */
export function formatDuration(ms: number, round: Rounding = Math.round): string {
  // Sums of milliseconds are off by less than a microsecond.
  const exact = (units: number) => round(Math.round(units * 1e6) / 1e6);
  const tenths = exact(ms / 100);
  if (tenths < 1200) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = exact(ms / 1000);
  if (seconds < 7200) return twoUnits(seconds, 60, "min", "s");
  const minutes = exact(ms / 60_000);
  if (minutes < 2880) return twoUnits(minutes, 60, "h", "min");
  return twoUnits(exact(ms / 3_600_000), 24, "d", "h");
}

function twoUnits(amount: number, size: number, large: string, small: string): string {
  const rest = amount % size;
  return `${(amount - rest) / size} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
}

/**
 * Writes a share, 0 to 1, with two digits that matter, never as 0% or 100% unless it is: `30%`,
 * `0.49%`, `99.98%`.
 */
export function formatRoughPercent(share: number, round: Rounding = Math.round): string {
  if (share <= 0) return "0%";
  if (share >= 1) return "100%";
  const percent = share * 100;
  // Two digits of what is lost, or of what is left where that is less.
  const size = Math.floor(Math.log10(Math.min(percent, 100 - percent)));
  const decimals = Math.min(6, Math.max(0, 1 - size));
  const scale = 10 ** decimals;
  const rounded = round(Math.round(percent * scale * 1e6) / 1e6) / scale;
  return `${Number(rounded.toFixed(decimals))}%`;
}

/** Writes how long something lasts that goes on: without tenths once there are ten seconds. */
export function formatLasting(ms: number): string {
  if (ms < 10_000) return formatDuration(Math.max(0, ms));
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s`;
  const seconds = Math.floor(ms / 1000);
  return seconds < 3600 ? twoUnits(seconds, 60, "min", "s") : formatDuration(ms, Math.floor);
}
