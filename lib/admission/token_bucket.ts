/**
 * Limits a rate, and allows short bursts.
 *
 * @module
 */

/** A bucket of tokens, one per event, refilled at a steady rate up to its capacity. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number | undefined;

  /**
   * Makes a full bucket.
   *
   * @param perSecond tokens added per second
   * @param burst the capacity, tokens
   */
  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Makes it full again, like a new one. */
  fill(): void {
    this.#tokens = this.#burst;
    this.#atMs = undefined;
  }

  /**
   * Takes a token, if there is one.
   *
   * @param nowMs on a monotonic clock
   * @param reserve the number of tokens to leave for others
   */
  take(nowMs: number, reserve = 0): boolean {
    const passedMs = Math.max(0, nowMs - (this.#atMs ?? nowMs));
    this.#atMs = nowMs;
    this.#tokens = Math.min(this.#burst, this.#tokens + passedMs * this.#perMs);
    if (this.#tokens < 1 + reserve) return false;
    this.#tokens--;
    return true;
  }
}
