/**
 * How often something may happen, short bursts allowed.
 *
 * @module
 */

/** Holds tokens, one for each time; they come back at a steady rate, up to what it holds. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number | undefined;

  /**
   * Makes a full bucket.
   *
   * @param perSecond how many tokens come back in a second
   * @param burst how many it holds
   */
  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Fills it, as if it were new. */
  fill(): void {
    this.#tokens = this.#burst;
    this.#atMs = undefined;
  }

  /**
   * Takes a token, if there is one.
   *
   * @param nowMs on a monotonic clock
   * @param reserve how many tokens must be left, because they are meant for others
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
