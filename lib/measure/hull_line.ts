/**
 * The line that lies closest to a cloud of points from one side.
 *
 * @module
 */

/** A straight line, by its slope and its value at 0. */
export interface Line {
  /** By how much it rises. */
  readonly slope: number;
  /** Its value at x = 0. */
  readonly intercept: number;
}

/** The most corners that are kept; a random cloud of a million points has about thirty. */
export const MAX_CORNERS = 1024;

/**
 * Keeps the lower convex hull of points whose x rises, and finds the line below all of them with the smallest
 * sum of distances. That is the hull's edge over the mean of x (Moon, Skelly and Towsley, "Estimation and removal
 * of clock skew from network delay measurements", 1999): delays only ever lift a point above the clock's line.
 */
export class HullLine {
  readonly #corners: { readonly x: number; readonly y: number }[] = [];
  #count = 0;
  #meanX = 0;

  /** Adds a point; x is not smaller than the last. */
  add(x: number, y: number): void {
    this.#count++;
    this.#meanX += (x - this.#meanX) / this.#count;
    const corners = this.#corners;
    const last = corners.at(-1);
    if (last !== undefined && last.x === x) {
      if (last.y <= y) return;
      corners.pop();
    }
    while (corners.length >= 2 && !turnsUp(corners.at(-2)!, corners.at(-1)!, { x, y })) {
      corners.pop();
    }
    corners.push({ x, y });
    // Only a contrived cloud gets here, so the search may take its time.
    if (corners.length > MAX_CORNERS) corners.splice(flattest(corners), 1);
  }

  /** The line; `undefined` before two points with different x. */
  line(): Line | undefined {
    const corners = this.#corners;
    if (corners.length < 2) return undefined;
    const after = corners.findIndex(({ x }) => x >= this.#meanX);
    const right = Math.max(1, after);
    const a = corners[right - 1]!;
    const b = corners[right]!;
    const slope = (b.y - a.y) / (b.x - a.x);
    return { slope, intercept: a.y - slope * a.x };
  }
}

type Point = { readonly x: number; readonly y: number };

/** The place of the inner corner that the hull misses least: it makes the smallest triangle with its neighbours. */
function flattest(corners: readonly Point[]): number {
  let best = 1;
  let smallest = Infinity;
  for (let i = 1; i < corners.length - 1; i++) {
    const [a, b, c] = [corners[i - 1]!, corners[i]!, corners[i + 1]!];
    const area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
    if (area < smallest) [best, smallest] = [i, area];
  }
  return best;
}

/** Whether the way from a over b to c bends upwards at b. */
function turnsUp(a: Point, b: Point, c: Point): boolean {
  return (b.x - a.x) * (c.y - a.y) > (c.x - a.x) * (b.y - a.y);
}
