/**
 * The arithmetic mean of values that come one by one.
 *
 * @module
 */

/** A mean that keeps no values. */
export class RunningMean {
  #count = 0;
  #mean = 0;

  /** The mean; `undefined` before the first value. */
  get value(): number | undefined {
    return this.#count === 0 ? undefined : this.#mean;
  }

  /** Takes a value in. */
  add(value: number): void {
    this.#count++;
    this.#mean += (value - this.#mean) / this.#count;
  }
}
