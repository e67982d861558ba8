/**
 * How the values of a run are spread: mean, deviation and percentiles, in bounded memory.
 *
 * @module
 */

/** Up to this many values, percentiles are exact; beyond, they are within {@linkcode HISTOGRAM_ERROR}. */
export const EXACT_VALUES = 100_000;

/** The largest relative error of a percentile once there are more than {@linkcode EXACT_VALUES} values. */
export const HISTOGRAM_ERROR = 0.01;

/** What a distribution says of itself. */
export interface Spread {
  /** The smallest value. */
  readonly min: number;
  /** The arithmetic mean. */
  readonly mean: number;
  /** The middle value, or the mean of the two middle ones (RFC 2330 section 11.3). */
  readonly median: number;
  /** 90% of the values are no larger. */
  readonly p90: number;
  /** 95% of the values are no larger. */
  readonly p95: number;
  /** 99% of the values are no larger. */
  readonly p99: number;
  /** 99.9% of the values are no larger. */
  readonly p999: number;
  /** The largest value. */
  readonly max: number;
  /** The standard deviation of these values (of the population, as `ping` has it). */
  readonly stddev: number;
}

/**
 * Positive values, kept all while they are few and in a histogram once they are many.
 *
 * A day of heartbeats at one a second fits below the limit, so most runs get exact percentiles; the histogram
 * keeps longer ones from growing. Its bins grow by a constant factor, as DDSketch's do (Masson, Rim and Lee,
 * 2019), so that the error is relative to the value.
 */
export class Distribution {
  #count = 0;
  #mean = 0;
  #squares = 0;
  #min = Infinity;
  #max = -Infinity;
  #values: number[] | undefined = [];
  #sorted = true;
  readonly #bins = new Map<number, number>();

  /** The number of values added. */
  get count(): number {
    return this.#count;
  }

  /** Adds a value, which is at least 0. */
  add(value: number): void {
    this.#count++;
    // Welford's method: a sum of squares would lose the digits in which large values differ.
    const change = value - this.#mean;
    this.#mean += change / this.#count;
    this.#squares += change * (value - this.#mean);
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    if (this.#values !== undefined) {
      this.#values.push(value);
      this.#sorted = false;
      if (this.#values.length > EXACT_VALUES) this.#startHistogram(this.#values);
    } else {
      this.#addToBin(value);
    }
  }

  /**
   * The value that a share of all values doesn't exceed: the smallest one for which that is true (RFC 2330
   * section 11.3); `undefined` while there are no values, and where it is one of the infinite ones.
   *
   * @param share more than 0, at most 1
   * @param infinite how many values there are besides that are infinitely large: a lost heartbeat's round trip
   * (RFC 7679 section 5.1)
   */
  percentile(share: number, infinite = 0): number | undefined {
    const rank = Math.max(1, Math.ceil(share * (this.#count + infinite) - 1e-9));
    return rank > this.#count ? undefined : this.#ranked(rank);
  }

  /** How many values lie between two limits, the lower one not included. */
  countBetween(low: number, high: number): number {
    let count = 0;
    const within = (value: number) => value > low && value <= high;
    for (const value of this.#values ?? []) if (within(value)) count++;
    for (const [bin, values] of this.#bins) if (within(middleOfBin(bin))) count += values;
    return count;
  }

  /** All figures at once, or `undefined` while there are no values. */
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
      p90: this.percentile(0.9)!,
      p95: this.percentile(0.95)!,
      p99: this.percentile(0.99)!,
      p999: this.percentile(0.999)!,
      max: this.#max,
      stddev: Math.sqrt(this.#squares / this.#count),
    };
  }

  /** The value that stands at a place, counted from 1, when all are sorted. */
  #ranked(rank: number): number {
    if (this.#values !== undefined) {
      if (!this.#sorted) {
        this.#values.sort((a, b) => a - b);
        this.#sorted = true;
      }
      return this.#values[rank - 1]!;
    }
    let below = 0;
    for (const bin of [...this.#bins.keys()].sort((a, b) => a - b)) {
      below += this.#bins.get(bin)!;
      if (below >= rank) return Math.min(Math.max(middleOfBin(bin), this.#min), this.#max);
    }
    return this.#max;
  }

  #startHistogram(values: number[]): void {
    for (const value of values) this.#addToBin(value);
    this.#values = undefined;
  }

  #addToBin(value: number): void {
    const bin = binOf(value);
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + 1);
  }
}

const BIN_GROWTH = (1 + HISTOGRAM_ERROR) / (1 - HISTOGRAM_ERROR);
const LOG_BIN_GROWTH = Math.log(BIN_GROWTH);
// Below a nanosecond, in milliseconds, values are noise of the clock: one bin for all of them bounds the bins.
const SMALLEST_VALUE = 1e-6;

/** The bin that covers the values from BIN_GROWTH^(bin - 1), exclusive, to BIN_GROWTH^bin. */
function binOf(value: number): number {
  return Math.ceil(Math.log(Math.max(value, SMALLEST_VALUE)) / LOG_BIN_GROWTH);
}

/** The value whose relative distance to both ends of its bin is the same. */
function middleOfBin(bin: number): number {
  return 2 * BIN_GROWTH ** bin / (BIN_GROWTH + 1);
}
