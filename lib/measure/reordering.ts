/**
 * Which arrivals were overtaken, and by how much (RFC 4737).
 *
 * @module
 */

/** How many arrivals back an extent is told exactly; beyond, it is told as this many. */
export const MAX_EXTENT = 1024;

/** The reordering so far. */
export interface ReorderingFigures {
  /** Arrivals, without duplicates. */
  readonly arrived: number;
  /** Arrivals that a later heartbeat had overtaken (RFC 4737 section 3.3). */
  readonly reordered: number;
  /** reordered / arrived; `undefined` before the first arrival. */
  readonly ratio: number | undefined;
  /** The largest extent: how many arrivals before it the first one that had overtaken it came (section 4.2.1). */
  readonly maxExtent: number;
}

/** Takes sequence numbers in the order of arrival, each once. */
export class Reordering {
  #arrived = 0;
  #reordered = 0;
  #maxExtent = 0;
  #nextExpected = 0;
  /** The arrivals that were newer than all before them: only these can have overtaken anything. */
  #records: { readonly seq: number; readonly place: number }[] = [];

  /** Takes the next arrival. */
  add(seq: number): void {
    const place = this.#arrived++;
    if (seq >= this.#nextExpected) {
      this.#nextExpected = seq + 1;
      this.#records.push({ seq, place });
      // Half are forgotten at once, so that forgetting costs little for each arrival.
      if (this.#records.length > 2 * MAX_EXTENT) this.#records = this.#records.slice(MAX_EXTENT);
      return;
    }
    this.#reordered++;
    this.#maxExtent = Math.max(this.#maxExtent, Math.min(MAX_EXTENT, this.#extent(seq, place)));
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

  /** The distance to the earliest arrival with a larger number, found by halving: records rise. */
  #extent(seq: number, place: number): number {
    let low = 0;
    let high = this.#records.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#records[middle]!.seq > seq) high = middle;
      else low = middle + 1;
    }
    return place - this.#records[low]!.place;
  }
}
