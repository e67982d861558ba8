/**
 * A number that is known within bounds.
 *
 * @module
 */

/** Bounds, in the unit of what they bound. */
export interface Interval {
  /** The lower end. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}
