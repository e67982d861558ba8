/**
 * Counts the different numbers of a sequence, apart from copies and from numbers out of order.
 *
 * @module
 */

/**
 * How far back a copy is recognised; older numbers count as copies, so that none is counted twice.
 * This takes 64 bytes, the most that V8 keeps in its own heap; a larger array costs several times
 * its size.
 */
export const TALLY_WINDOW = 512;

const WORD_BITS = 32;

/** Counts one sequence. */
export class SequenceTally {
  /**
   * A bit for each of the last {@linkcode TALLY_WINDOW} numbers: whether it has arrived. It is made
   * for the second number only: in a flood of invented clients there is none, and a million such
   * arrays would keep the collector busy.
   */
  #seen: Uint32Array | undefined;
  #first: number | undefined;
  #highest = 0;
  #different = 0;
  #copies = 0;
  #reordered = 0;

  /** The number that arrived first; `undefined` before it. */
  get first(): number | undefined {
    return this.#first;
  }

  /** The highest number. */
  get highest(): number {
    return this.#highest;
  }

  /** How many different numbers from the first to the highest have arrived. */
  get different(): number {
    return this.#different;
  }

  /** How many arrivals were copies of earlier ones. */
  get copies(): number {
    return this.#copies;
  }

  /** How many arrived after a higher number (RFC 4737 section 3.3). */
  get reordered(): number {
    return this.#reordered;
  }

  /** How many numbers from the first to the highest have not arrived (RFC 3550 appendix A.3). */
  get missing(): number {
    return this.#first === undefined ? 0 : this.#highest - this.#first + 1 - this.#different;
  }

  /** Forgets all numbers. */
  reset(): void {
    this.#seen = undefined;
    this.#first = undefined;
    this.#highest = 0;
    this.#different = 0;
    this.#copies = 0;
    this.#reordered = 0;
  }

  /** Takes an arrival, 0 to 2^53 - 1; returns whether its number is new. */
  add(seq: number): boolean {
    if (this.#first === undefined) {
      this.#first = seq;
      this.#highest = seq;
      this.#different++;
      return true;
    }
    if (this.#seen === undefined) {
      this.#seen = new Uint32Array(TALLY_WINDOW / WORD_BITS);
      this.#set(this.#first);
    }
    if (seq > this.#highest) {
      this.#clear(this.#highest + 1, seq);
      this.#highest = seq;
    } else if (seq <= this.#highest - TALLY_WINDOW || this.#has(seq)) {
      this.#copies++;
      return false;
    } else {
      this.#reordered++;
    }
    // A number that the very first arrival had overtaken extends the range that is counted.
    this.#first = Math.min(this.#first, seq);
    this.#set(seq);
    this.#different++;
    return true;
  }

  #has(seq: number): boolean {
    const place = seq % TALLY_WINDOW;
    return (this.#seen![Math.floor(place / WORD_BITS)]! >>> place % WORD_BITS & 1) === 1;
  }

  #set(seq: number): void {
    const place = seq % TALLY_WINDOW;
    this.#seen![Math.floor(place / WORD_BITS)]! |= 1 << place % WORD_BITS;
  }

  /** Frees the places that the numbers from `from` to `to` take over. */
  #clear(from: number, to: number): void {
    if (to - from >= TALLY_WINDOW) {
      this.#seen!.fill(0);
      return;
    }
    for (let seq = from; seq <= to; seq++) {
      const place = seq % TALLY_WINDOW;
      this.#seen![Math.floor(place / WORD_BITS)]! &= ~(1 << place % WORD_BITS);
    }
  }
}
