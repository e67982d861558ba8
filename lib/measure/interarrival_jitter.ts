/**
 * Jitter as RTP has it (RFC 3550 section 6.4.1 and appendix A.8).
 *
 * @module
 */

/** A running estimate of how much transit times change from one arrival to the next, in the order of arrival. */
export class InterarrivalJitter {
  #count = 0;
  #last = 0;
  #jitter = 0;

  /** The estimate, in the unit of the transit times; `undefined` before the second arrival. */
  get value(): number | undefined {
    return this.#count > 1 ? this.#jitter : undefined;
  }

  /** Begins anew. */
  reset(): void {
    this.#count = 0;
    this.#last = 0;
    this.#jitter = 0;
  }

  /** Takes the transit time of the next arrival; an unknown clock offset in it cancels. */
  add(transit: number): void {
    if (this.#count++ > 0) {
      this.#jitter += (Math.abs(transit - this.#last) - this.#jitter) / 16;
    }
    this.#last = transit;
  }

  /** Goes on from a transit time whose difference from the last one says nothing, because a clock has stepped. */
  rebase(transit: number): void {
    this.#last = transit;
  }
}
