/**
 * How long a reply takes, and how long it may take before it is overdue (RFC 6298).
 *
 * @module
 */

// RFC 6298 section 2: alpha = 1/8, beta = 1/4, K = 4.
const ALPHA = 1 / 8;
const BETA = 1 / 4;
const K = 4;

/** The smoothed round trip and its variation. */
export class SmoothedRtt {
  #srttMs: number | undefined;
  #rttvarMs = 0;

  /** The smoothed round trip, milliseconds; `undefined` before the first. */
  get srttMs(): number | undefined {
    return this.#srttMs;
  }

  /**
   * The retransmission timeout, milliseconds: a reply that takes longer is overdue; `undefined`
   * before the first round trip. The floor of 1 s in RFC 6298 is for TCP's congestion control, and
   * not applied here.
   */
  get rtoMs(): number | undefined {
    return this.#srttMs === undefined ? undefined : this.#srttMs + K * this.#rttvarMs;
  }

  /**
   * Takes a round trip in, milliseconds (RFC 6298 sections 2.2 and 2.3, which change the variation
   * first).
   */
  add(rttMs: number): void {
    if (this.#srttMs === undefined) {
      this.#srttMs = rttMs;
      this.#rttvarMs = rttMs / 2;
      return;
    }
    this.#rttvarMs += BETA * (Math.abs(this.#srttMs - rttMs) - this.#rttvarMs);
    this.#srttMs += ALPHA * (rttMs - this.#srttMs);
  }
}
