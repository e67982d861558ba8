/**
 * How the values of a run are spread: mean, deviation and percentiles, in bounded memory.
 *
 * @module
 */

import { LogHistogram } from "./log_histogram.ts";

/** The number of values that a distribution keeps exactly, unless its owner chooses another. */
export const EXACT_VALUES = 100_000;

/** The figures of a distribution, in the unit of its values. */
export interface Spread {
  /** The smallest value. */
  readonly min: number;
  /** The arithmetic mean. */
  readonly mean: number;
  /** The middle value, or the mean of the two middle ones (RFC 2330 section 11.3). */
  readonly median: number;
  /** 90% of the values are no larger; `undefined` of fewer than 10. */
  readonly p90: number | undefined;
  /** 95% of the values are no larger; `undefined` of fewer than 20. */
  readonly p95: number | undefined;
  /** 99% of the values are no larger; `undefined` of fewer than 100. */
  readonly p99: number | undefined;
  /** 99.9% of the values are no larger; `undefined` of fewer than 1,000. */
  readonly p999: number | undefined;
  /** The largest value. */
  readonly max: number;
  /** The standard deviation of these values (of the population, as in `ping`). */
  readonly stddev: number;
}

const FEWEST_PLACES = 64;

/**
 * Values of at least 0. Up to a limit they are kept, and percentiles are exact; beyond it they are
 * counted in a histogram, and percentiles are within 1%.
 *
 * A day of heartbeats at one a second stays below the default limit.
 */
export class Distribution {
  readonly #exactValues: number;
  #count = 0;
  #mean = 0;
  #squares = 0;
  #min = Infinity;
  #max = -Infinity;
  /** The values, in the first places of an array that doubles until it has room for the limit. */
  #values: Float64Array<ArrayBuffer> | undefined;
  #sorted = true;
  #histogram: LogHistogram | undefined;

  /**
   * Makes a distribution without values.
   *
   * @param exactValues how many values are kept exactly, from 0 up
   */
  constructor(exactValues: number = EXACT_VALUES) {
    this.#exactValues = exactValues;
  }

  /** The number of values added. */
  get count(): number {
    return this.#count;
  }

  /** Adds a value, which is at least 0. */
  add(value: number): void {
    this.#keep(value);
    this.#count++;
    // Welford's method: a sum of squares would lose the digits in which large values differ.
    const change = value - this.#mean;
    this.#mean += change / this.#count;
    this.#squares += change * (value - this.#mean);
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  /**
   * The smallest value that is no smaller than a share of all values (RFC 2330 section 11.3);
   * `undefined` if there are no values, if it is one of the infinite ones, and if there are too few
   * values for one beyond it: it would be the largest by another name.
   *
   * @param share more than 0, at most 1
   * @param infinite the number of infinitely large values to count besides: round trips of lost
   * heartbeats (RFC 7679 section 5.1)
   */
  percentile(share: number, infinite = 0): number | undefined {
    const total = this.#count + infinite;
    if (share > 0.5 && share < 1 && total * (1 - share) < 1 - 1e-9) return undefined;
    const rank = Math.max(1, Math.ceil(share * total - 1e-9));
    return rank > this.#count ? undefined : this.#ranked(rank);
  }

  /** How many values lie between two limits, the lower one excluded. */
  countBetween(low: number, high: number): number {
    if (this.#histogram !== undefined) return this.#histogram.countBetween(low, high);
    let count = 0;
    for (let i = 0; i < this.#count; i++) {
      const value = this.#values![i]!;
      if (value > low && value <= high) count++;
    }
    return count;
  }

  /** All figures at once, or `undefined` if there are no values. */
  spread(): Spread | undefined {
    if (this.#count === 0) return undefined;
    const half = this.#count / 2;
    const median = Number.isInteger(half)
      ? (this.#ranked(half) + this.#ranked(half + 1)) / 2
      : this.#ranked(Math.ceil(half));
    return {
      min: this.#min,
      mean: this.#mean,
      median,
      p90: this.percentile(0.9),
      p95: this.percentile(0.95),
      p99: this.percentile(0.99),
      p999: this.percentile(0.999),
      max: this.#max,
      stddev: Math.sqrt(this.#squares / this.#count),
    };
  }

  /** Keeps a value, or counts it if the limit is reached. */
  #keep(value: number): void {
    if (this.#count >= this.#exactValues) {
      this.#histogram ??= this.#histogramOfValues();
      this.#histogram.add(value);
      return;
    }
    this.#values ??= new Float64Array(Math.min(FEWEST_PLACES, this.#exactValues));
    if (this.#count === this.#values.length) this.#grow(this.#values);
    this.#values[this.#count] = value;
    this.#sorted = false;
  }

  #grow(values: Float64Array): void {
    this.#values = new Float64Array(Math.min(2 * values.length, this.#exactValues));
    this.#values.set(values);
  }

  #histogramOfValues(): LogHistogram {
    const histogram = new LogHistogram();
    for (let i = 0; i < this.#count; i++) histogram.add(this.#values![i]!);
    this.#values = undefined;
    return histogram;
  }

  /** The value of a rank, counted from 1. */
  #ranked(rank: number): number {
    if (this.#histogram !== undefined) {
      return Math.min(Math.max(this.#histogram.ranked(rank), this.#min), this.#max);
    }
    if (!this.#sorted) {
      // Without a comparator, V8 sorts numbers ten times as fast.
      this.#values!.subarray(0, this.#count).sort();
      this.#sorted = true;
    }
    return this.#values![rank - 1]!;
  }
}
