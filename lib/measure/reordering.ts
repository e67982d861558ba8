/**
 * Which arrivals were overtaken, and by how much (RFC 4737).
 *
 * @module
 */

/** The largest extent that is measured; a larger one counts as this. */
export const MAX_EXTENT = 1024;

/** The reordering so far. */
export interface ReorderingFigures {
  /** Arrivals, without duplicates. */
  readonly arrived: number;
  /** Arrivals that a later heartbeat had overtaken (RFC 4737 section 3.3). */
  readonly reordered: number;
  /** reordered / arrived; `undefined` before the first arrival. */
  readonly ratio: number | undefined;
  /**
   * The largest extent: the distance, in arrivals, from a reordered one back to the first that had
   * overtaken it (section 4.2.1).
   */
  readonly maxExtent: number;
}

const FEWEST_GAPS = 8;

/**
 * Takes sequence numbers in the order of arrival, each once.
 *
 * Only a missing number can still arrive out of order. So it is enough to remember the gaps between
 * the runs of numbers that arrived in order: for each gap its last number, and the arrival that
 * jumped over it, which is the first to overtake all numbers in the gap.
 */
export class Reordering {
  readonly #remembered: number;
  #arrived = 0;
  #reordered = 0;
  #maxExtent = 0;
  #nextExpected = 0;
  /** A ring with two places for each gap: its last number, and the arrival that jumped over it. */
  #gaps = new Float64Array(2 * FEWEST_GAPS);
  #oldestGap = 0;
  #gapCount = 0;
  /** The last number in a gap that is forgotten: this and all before it have the largest extent. */
  #forgottenUpTo = -1;

  /**
   * Begins without arrivals.
   *
   * @param remembered a number that is this much smaller than the highest, or more, never arrives
   */
  constructor(remembered: number = Infinity) {
    this.#remembered = remembered;
  }

  /** Takes the next arrival. */
  add(seq: number): void {
    const arrival = this.#arrived++;
    if (seq >= this.#nextExpected) {
      if (seq > this.#nextExpected) this.#leaveGap(seq, arrival);
      this.#nextExpected = seq + 1;
      return;
    }
    this.#reordered++;
    this.#maxExtent = Math.max(this.#maxExtent, Math.min(MAX_EXTENT, this.#extent(seq, arrival)));
  }

  /** Arrivals that came after a higher number. */
  get reordered(): number {
    return this.#reordered;
  }

  /** The figures so far. */
  figures(): ReorderingFigures {
    return {
      arrived: this.#arrived,
      reordered: this.#reordered,
      ratio: this.#arrived === 0 ? undefined : this.#reordered / this.#arrived,
      maxExtent: this.#maxExtent,
    };
  }

  /** Remembers the gap before a number, and forgets those that no longer matter. */
  #leaveGap(seq: number, arrival: number): void {
    while (this.#gapCount > 0) {
      const oldest = this.#place(0);
      const last = this.#gaps[oldest]!;
      if (arrival - this.#gaps[oldest + 1]! < MAX_EXTENT && last > seq - this.#remembered) break;
      this.#forgottenUpTo = last;
      this.#oldestGap++;
      this.#gapCount--;
    }
    if (2 * this.#gapCount === this.#gaps.length) this.#grow();
    const place = this.#place(this.#gapCount++);
    this.#gaps[place] = seq - 1;
    this.#gaps[place + 1] = arrival;
  }

  /** The distance to the arrival that jumped over a number's gap, found by halving. */
  #extent(seq: number, arrival: number): number {
    if (seq <= this.#forgottenUpTo) return MAX_EXTENT;
    let low = 0;
    let high = this.#gapCount - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#gaps[this.#place(middle)]! >= seq) high = middle;
      else low = middle + 1;
    }
    return arrival - this.#gaps[this.#place(low) + 1]!;
  }

  /** Where a gap stands in the ring, the oldest being 0. */
  #place(gap: number): number {
    return 2 * (this.#oldestGap + gap) % this.#gaps.length;
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#gaps.length);
    for (let gap = 0; gap < this.#gapCount; gap++) {
      const place = this.#place(gap);
      larger[2 * gap] = this.#gaps[place]!;
      larger[2 * gap + 1] = this.#gaps[place + 1]!;
    }
    this.#gaps = larger;
    this.#oldestGap = 0;
  }
}
