/**
 * Values counted by fixed bounds, as a Prometheus histogram has them: exact, and never fewer than
 * before.
 *
 * @module
 */

/**
 * The bounds for times on a network, milliseconds: 50 us to 10 s, which a longer one exceeds, too.
 */
export const TIME_BOUNDS_MS: readonly number[] = [
  ...[0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500],
  ...[1000, 2500, 5000, 10_000],
];

/** Counts at a moment. */
export interface BucketReading {
  /** The upper bounds, rising. */
  readonly bounds: readonly number[];
  /** How many values there are up to each bound, and last how many in all. */
  readonly cumulative: readonly number[];
  /** The sum of all values. */
  readonly sum: number;
}

/** Counts values of at least 0. */
export class BucketCounts {
  /** The upper bounds, rising; each takes in its own value. */
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  /** Makes counts of 0. */
  constructor(bounds: readonly number[] = TIME_BOUNDS_MS) {
    this.#bounds = bounds;
    this.#counts = new Array(bounds.length + 1).fill(0);
  }

  /** Counts a value. */
  add(value: number): void {
    let place = 0;
    while (place < this.#bounds.length && value > this.#bounds[place]!) place++;
    this.#counts[place]!++;
    this.#sum += value;
  }

  /** The counts of now. */
  read(): BucketReading {
    let total = 0;
    const cumulative = this.#counts.map((count) => total += count);
    return { bounds: this.#bounds, cumulative, sum: this.#sum };
  }
}
