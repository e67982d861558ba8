/**
 * The line that lies closest to a cloud of points from one side.
 *
 * @module
 */

import type { Interval } from "./interval.ts";
import { RunningMean } from "./running_mean.ts";

/** A straight line, by its slope and its value at 0. */
export interface Line {
  /** Its rise per unit of x. */
  readonly slope: number;
  /** Its value at x = 0. */
  readonly intercept: number;
}

/**
 * The slopes of all straight lines that stay below one cloud and above another: the steepest goes
 * from the second cloud up to the first, later one, and the flattest the other way. `low` exceeds
 * `high` where there is no such line.
 *
 * @param below the hull of the cloud above the lines
 * @param above the hull of the other cloud, whose y have the opposite sign
 * @param slack by how much both clouds are moved apart, in the unit of y
 */
export function slopesBetween(below: HullLine, above: HullLine, slack: number): Interval {
  let [low, high] = [-Infinity, Infinity];
  const tops = below.corners();
  for (const [x, negativeY] of above.corners()) {
    for (const [topX, topY] of tops) {
      const slope = (topY + negativeY + 2 * slack) / (topX - x);
      if (topX > x) high = Math.min(high, slope);
      else if (topX < x) low = Math.max(low, slope);
    }
  }
  return { low, high };
}

/** The most corners that are kept; a random cloud of a million points has about thirty. */
export const MAX_CORNERS = 1024;

const FEWEST_CORNERS = 16;

/**
 * Keeps the lower convex hull of points whose x rises, and finds the line below all of them with
 * the smallest sum of distances. That is the hull's edge over the mean of x (Moon, Skelly and
 * Towsley, "Estimation and removal of clock skew from network delay measurements", 1999): delays
 * only ever lift a point above the clock's line.
 */
export class HullLine {
  /** The corners from left to right, x and y in turn. */
  #corners = new Float64Array(2 * FEWEST_CORNERS);
  #count = 0;
  readonly #meanX = new RunningMean();

  /** Adds a point; x is not smaller than the last. */
  add(x: number, y: number): void {
    this.#meanX.add(x);
    if (this.#count > 0 && this.#x(this.#count - 1) === x) {
      if (this.#y(this.#count - 1) <= y) return;
      this.#count--;
    }
    while (this.#count >= 2 && this.#bend(this.#count - 2, this.#count - 1, x, y) <= 0) {
      this.#count--;
    }
    if (2 * this.#count === this.#corners.length) this.#grow();
    this.#corners[2 * this.#count] = x;
    this.#corners[2 * this.#count + 1] = y;
    this.#count++;
    // Only a contrived cloud gets here, so the search may take its time.
    if (this.#count > MAX_CORNERS) this.#drop(this.#flattest());
  }

  /** The line; `undefined` before two points with different x. */
  line(): Line | undefined {
    if (this.#count < 2) return undefined;
    const meanX = this.#meanX.value!;
    let right = 1;
    while (right < this.#count - 1 && this.#x(right) < meanX) right++;
    const [ax, ay] = [this.#x(right - 1), this.#y(right - 1)];
    const slope = (this.#y(right) - ay) / (this.#x(right) - ax);
    return { slope, intercept: ay - slope * ax };
  }

  /** The corners of the hull from left to right, x and y of each. */
  corners(): (readonly [number, number])[] {
    return Array.from({ length: this.#count }, (_, i) => [this.#x(i), this.#y(i)] as const);
  }

  #x(corner: number): number {
    return this.#corners[2 * corner]!;
  }

  #y(corner: number): number {
    return this.#corners[2 * corner + 1]!;
  }

  /**
   * Twice the area of the triangle of two corners and a point to the right of them; more than 0
   * where the way over the three bends upwards.
   */
  #bend(a: number, b: number, x: number, y: number): number {
    const [ax, ay] = [this.#x(a), this.#y(a)];
    return (this.#x(b) - ax) * (y - ay) - (x - ax) * (this.#y(b) - ay);
  }

  /** The inner corner that the hull misses least: its triangle with its neighbours is smallest. */
  #flattest(): number {
    let best = 1;
    let smallest = Infinity;
    for (let corner = 1; corner < this.#count - 1; corner++) {
      const area = this.#bend(corner - 1, corner, this.#x(corner + 1), this.#y(corner + 1));
      if (area < smallest) [best, smallest] = [corner, area];
    }
    return best;
  }

  #drop(corner: number): void {
    this.#corners.copyWithin(2 * corner, 2 * corner + 2);
    this.#count--;
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#corners.length);
    larger.set(this.#corners);
    this.#corners = larger;
  }
}
