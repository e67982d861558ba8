/**
 * Stretches of true time in which something is out of order.
 *
 * @module
 */

/** A stretch of true time, milliseconds, without its end; left out, it has no end. */
export interface Period {
  /** When it begins. */
  readonly fromMs: number;
  /** When it ends. */
  readonly untilMs?: number;
}

/** Tells whether a moment lies in one of many periods. */
export class Periods<P extends Period = Period> {
  readonly #periods: readonly P[];
  #next = 0;

  /** Makes the periods, in any order; none overlaps another. */
  constructor(periods: readonly P[] = []) {
    this.#periods = periods.toSorted((a, b) => a.fromMs - b.fromMs);
  }

  /** Whether a moment lies in one of them. */
  cover(atMs: number): boolean {
    return this.covering(atMs) !== undefined;
  }

  /** The period in which a moment lies. */
  covering(atMs: number): P | undefined {
    // Moments rarely go back.
    while (this.#next > 0 && this.#periods[this.#next - 1]!.untilMs! > atMs) this.#next--;
    while ((this.#periods[this.#next]?.untilMs ?? Infinity) <= atMs) this.#next++;
    const period = this.#periods[this.#next];
    return period !== undefined && period.fromMs <= atMs ? period : undefined;
  }
}
