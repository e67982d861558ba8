/**
 * The phi-accrual failure detector of Akka and Pekko, for comparison.
 *
 * @module
 */

// The defaults of Pekko's cluster (reference.conf).
const THRESHOLD = 8;
const WINDOW = 1000;
const MIN_STDDEV_MS = 100;
const ACCEPTABLE_PAUSE_MS = 3000;

/**
 * Suspects a server when its silence is too long for a normal distribution of the intervals between
 * its replies.
 */
export class PhiAccrual {
  readonly #intervalsMs: number[] = [];
  #next = 0;
  #sum: number;
  #squares: number;
  #lastMs: number | undefined;

  /** Makes a detector that at first expects replies at this interval, plus or minus a quarter. */
  constructor(firstIntervalMs: number) {
    const { low, high } = { low: firstIntervalMs * 0.75, high: firstIntervalMs * 1.25 };
    this.#intervalsMs.push(low, high);
    this.#sum = low + high;
    this.#squares = low * low + high * high;
    this.#next = 2;
  }

  /**
   * When the silence since the last reply becomes suspicious; `Infinity` before the first reply.
   */
  get suspectAtMs(): number {
    if (this.#lastMs === undefined) return Infinity;
    const count = this.#intervalsMs.length;
    const meanMs = this.#sum / count;
    const variance = Math.max(0, this.#squares / count - meanMs * meanMs);
    const stddevMs = Math.max(Math.sqrt(variance), MIN_STDDEV_MS);
    return this.#lastMs + meanMs + ACCEPTABLE_PAUSE_MS + stddevMs * DEVIATIONS;
  }

  /** A reply arrives. An interval in which the server was suspected teaches nothing. */
  heartbeat(nowMs: number): void {
    if (this.#lastMs !== undefined && nowMs < this.suspectAtMs) this.#learn(nowMs - this.#lastMs);
    this.#lastMs = nowMs;
  }

  #learn(intervalMs: number): void {
    const place = this.#next % WINDOW;
    const oldMs = this.#intervalsMs[place];
    if (oldMs !== undefined) {
      this.#sum -= oldMs;
      this.#squares -= oldMs * oldMs;
    }
    this.#intervalsMs[place] = intervalMs;
    this.#sum += intervalMs;
    this.#squares += intervalMs * intervalMs;
    this.#next++;
  }
}

/**
 * Phi of a silence that exceeds the mean by this many standard deviations: Pekko's logistic
 * approximation of the normal distribution's tail.
 */
export function phi(deviations: number): number {
  const e = Math.exp(-deviations * (1.5976 + 0.070566 * deviations * deviations));
  return deviations > 0 ? -Math.log10(e / (1 + e)) : -Math.log10(1 - 1 / (1 + e));
}

/** The standard deviations at which phi reaches the threshold, found by halving. */
const DEVIATIONS = (() => {
  let [low, high] = [0, 100];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (phi(middle) < THRESHOLD) low = middle;
    else high = middle;
  }
  return high;
})();
