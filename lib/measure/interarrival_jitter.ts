/**
 * Jitter as RTP defines it (RFC 3550 section 6.4.1 and appendix A.8).
 *
 * @module
 */

/** A running estimate of the change of the transit time from one arrival to the next. */
export class InterarrivalJitter {
  #count = 0;
  #last = 0;
  #jitter = 0;

  /** The estimate, in the unit of the transit times; `undefined` before the second arrival. */
  get value(): number | undefined {
    return this.#count > 1 ? this.#jitter : undefined;
  }

  /** Forgets all arrivals. */
  reset(): void {
    this.#count = 0;
    this.#last = 0;
    this.#jitter = 0;
  }

  /**
   * Takes the transit time of the next arrival; it may contain an unknown clock offset, which
   * cancels.
   */
  add(transit: number): void {
    if (this.#count++ > 0) {
      this.#jitter += (Math.abs(transit - this.#last) - this.#jitter) / 16;
    }
    this.#last = transit;
  }

  /**
   * Continues from a transit time without comparing it with the last one, because a clock has
   * stepped between the two.
   */
  rebase(transit: number): void {
    this.#last = transit;
  }
}
