/**
 * The phi-accrual failure detector as Akka and Pekko ship it: here for comparison only.
 *
 * @module
 */

// The defaults of Pekko's cluster (reference.conf).
const THRESHOLD = 8;
const WINDOW = 1000;
const MIN_STDDEV_MS = 100;
const ACCEPTABLE_PAUSE_MS = 3000;

/** Suspects a server when its silence is too unlikely for a normal distribution of the intervals between replies. */
export class PhiAccrual {
  readonly #intervalsMs: number[] = [];
  #next = 0;
  #sum: number;
  #squares: number;
  #lastMs: number | undefined;

  /** Makes a detector that expects replies this far apart at first (mean +- a quarter). */
  constructor(firstIntervalMs: number) {
    const { low, high } = { low: firstIntervalMs * 0.75, high: firstIntervalMs * 1.25 };
    this.#intervalsMs.push(low, high);
    this.#sum = low + high;
    this.#squares = low * low + high * high;
    this.#next = 2;
  }

  /** The moment at which a silence since the last reply becomes suspicious; `Infinity` before the first reply. */
  get suspectAtMs(): number {
    if (this.#lastMs === undefined) return Infinity;
    const count = this.#intervalsMs.length;
    const meanMs = this.#sum / count;
    const variance = Math.max(0, this.#squares / count - meanMs * meanMs);
    const stddevMs = Math.max(Math.sqrt(variance), MIN_STDDEV_MS);
    return this.#lastMs + meanMs + ACCEPTABLE_PAUSE_MS + stddevMs * DEVIATIONS;
  }

  /** A reply arrives; intervals in which the server was suspected are not learnt. */
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

/** Phi of a silence that is so many standard deviations longer than the mean: Pekko's logistic fit of the tail. */
export function phi(deviations: number): number {
  const e = Math.exp(-deviations * (1.5976 + 0.070566 * deviations * deviations));
  return deviations > 0 ? -Math.log10(e / (1 + e)) : -Math.log10(1 - 1 / (1 + e));
}

/** How many standard deviations reach the threshold, found by halving: phi rises with them. */
const DEVIATIONS = (() => {
  let [low, high] = [0, 100];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (phi(middle) < THRESHOLD) low = middle;
    else high = middle;
  }
  return high;
})();
