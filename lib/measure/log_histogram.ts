/**
 * Counts of values in bins whose width grows with the value, in a few kilobytes.
 *
 * @module
 */

/** The largest relative distance of a value to the middle of its bin. */
export const HISTOGRAM_ERROR = 0.01;

const BIN_GROWTH = (1 + HISTOGRAM_ERROR) / (1 - HISTOGRAM_ERROR);
const LOG_BIN_GROWTH = Math.log(BIN_GROWTH);

// Below a nanosecond, in milliseconds, values are noise of the clock: the lowest bin has them all.
const SMALLEST_VALUE = 1e-6;
const LOWEST_BIN = binOf(SMALLEST_VALUE);

/** Bins are added in steps of this size, so that a few values near each other need one array. */
const STEP_BINS = 32;

type Counts = Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/**
 * Values of at least 0, each known by its bin. Neighbouring bins differ by a constant factor, as
 * those of DDSketch do (Masson, Rim and Lee, 2019), so that the error is relative to the value.
 *
 * One array covers the bins from the lowest to the highest one in use. Its counts are as wide as
 * the largest of them needs: a year of a heartbeat each millisecond has 3e10.
 */
export class LogHistogram {
  /**
   * Values in the lowest bin. They are counted apart, because the array would have to span hundreds
   * of unused bins to reach them.
   */
  #lowest = 0;
  #counts: Counts = new Uint16Array(0);
  #largestCount = 0xffff;
  /** The bin of the array's first place. */
  #firstBin = 0;

  /** Counts a value. */
  add(value: number): void {
    const bin = binOf(value);
    if (bin === LOWEST_BIN) {
      this.#lowest++;
      return;
    }
    let place = bin - this.#firstBin;
    if (place < 0 || place >= this.#counts.length) {
      this.#cover(bin);
      place = bin - this.#firstBin;
    }
    if (this.#counts[place]! >= this.#largestCount) this.#widen();
    this.#counts[place]!++;
  }

  /** The middle of the bin in which the value of this rank lies, counted from 1. */
  ranked(rank: number): number {
    let below = this.#lowest;
    if (below >= rank) return middleOf(LOWEST_BIN);
    for (const [place, count] of this.#counts.entries()) {
      below += count;
      if (below >= rank) return middleOf(this.#firstBin + place);
    }
    return Infinity;
  }

  /** How many values are in bins whose middle lies between two limits, the lower one excluded. */
  countBetween(low: number, high: number): number {
    const within = (middle: number) => middle > low && middle <= high;
    let total = within(middleOf(LOWEST_BIN)) ? this.#lowest : 0;
    for (const [place, count] of this.#counts.entries()) {
      if (count > 0 && within(middleOf(this.#firstBin + place))) total += count;
    }
    return total;
  }

  /** Makes the array reach a bin. */
  #cover(bin: number): void {
    const step = Math.floor(bin / STEP_BINS) * STEP_BINS;
    const { length } = this.#counts;
    const first = length === 0 ? step : Math.min(this.#firstBin, step);
    const end = Math.max(length === 0 ? step : this.#firstBin + length, step + STEP_BINS);
    const larger = new (this.#counts.constructor as new (length: number) => Counts)(end - first);
    larger.set(this.#counts, length === 0 ? 0 : this.#firstBin - first);
    this.#counts = larger;
    this.#firstBin = first;
  }

  #widen(): void {
    const narrow = this.#counts instanceof Uint16Array;
    this.#counts = narrow ? new Uint32Array(this.#counts) : new Float64Array(this.#counts);
    this.#largestCount = narrow ? 0xffff_ffff : Number.MAX_SAFE_INTEGER;
  }
}

/** The bin that covers the values from BIN_GROWTH^(bin - 1), exclusive, to BIN_GROWTH^bin. */
function binOf(value: number): number {
  return Math.ceil(Math.log(Math.max(value, SMALLEST_VALUE)) / LOG_BIN_GROWTH);
}

/** The value whose relative distance to both ends of its bin is the same. */
function middleOf(bin: number): number {
  return 2 * BIN_GROWTH ** bin / (BIN_GROWTH + 1);
}
