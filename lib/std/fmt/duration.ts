/**
 * Stands in for the real `@std/fmt/duration`, since JSR may be unreachable where the tool runs.
 *
 * @module
 */

/** How {@linkcode format} writes a duration. */
export interface FormatOptions {
  /** `1d 2h`, `01:02` or `1 day, 2 hours`; narrow when not given. */
  style?: "narrow" | "digital" | "full";
  /** Leaves out zero values: all of them, or in digital style those at the end. */
  ignoreZero?: boolean;
}

/** Writes a number of milliseconds as days, hours, minutes and so on. */
export function format(ms: number, options: FormatOptions = {}): string {
  const { style = "narrow", ignoreZero = false } = options;
  const parts = split(Math.abs(ms));
  if (style === "digital") {
    // The real one never returns when there is nothing but zeros to drop.
    const end = ignoreZero ? parts.findLastIndex(({ value }) => value) + 1 : 7;
    return parts.slice(0, end)
      .map(({ value, digits }) => String(value).padStart(digits, "0"))
      .join(":");
  }
  const shown = parts.filter(({ value }) => value || !ignoreZero);
  switch (style) {
    case "narrow":
      return shown.map(({ value, short }) => `${value}${short}`).join(" ");
    case "full":
      return shown
        .map(({ value, long }) => `${value} ${long}${value === 1 ? "" : "s"}`)
        .join(", ");
    default:
      throw new TypeError(`style must be "narrow", "full", or "digital"!`);
  }
}

interface Part {
  value: number;
  short: string;
  long: string;
  digits: number;
}

function split(ms: number): Part[] {
  // The seventh decimal is rounded, then cut, so that 0.1 + 0.2 reads as 300.
  const fraction = ms.toFixed(7).slice(-7, -1);
  const whole = (unit: number) => Math.trunc(ms / unit);
  const part = (value: number, short: string, long: string, digits: number) => (
    { value, short, long, digits }
  );
  return [
    part(whole(86_400_000), "d", "day", 2),
    part(whole(3_600_000) % 24, "h", "hour", 2),
    part(whole(60_000) % 60, "m", "minute", 2),
    part(whole(1000) % 60, "s", "second", 2),
    part(whole(1) % 1000, "ms", "millisecond", 3),
    part(Number(fraction.slice(0, 3)), "µs", "microsecond", 3),
    part(Number(fraction.slice(3)), "ns", "nanosecond", 3),
  ];
}
