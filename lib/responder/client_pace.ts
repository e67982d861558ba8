/**
 * Learns how often a client sends, to tell a stop from a pause.
 *
 * @module
 */

/** A client has stopped once it has been silent for this many of its own intervals. */
export const SILENT_INTERVALS = 3;

/** No shorter silence counts as a stop, milliseconds. */
export const SHORTEST_SILENCE_MS = 5000;

const INTERVALS_KEPT = 15;

/**
 * The interval between a client's heartbeats: the median of the last 15. Losses don't stretch it.
 */
export class ClientPace {
  readonly #intervalsMs: number[] = [];
  #next = 0;
  #lastSeq: number | undefined;
  #lastAtMs = 0;

  /** Adds the arrival of a heartbeat at `atMs` on the monotonic clock. */
  add(seq: number, atMs: number): void {
    const lastSeq = this.#lastSeq;
    const lastAtMs = this.#lastAtMs;
    if (lastSeq !== undefined && seq <= lastSeq) return;
    this.#lastSeq = seq;
    this.#lastAtMs = atMs;
    if (lastSeq === undefined) return;
    // Lost heartbeats in between have numbers, too: divided by these, a gap is one interval.
    this.#intervalsMs[this.#next] = (atMs - lastAtMs) / (seq - lastSeq);
    this.#next = (this.#next + 1) % INTERVALS_KEPT;
  }

  /** The median interval, milliseconds; `undefined` before the second heartbeat. */
  get intervalMs(): number | undefined {
    // A typed array sorts numbers without a call for each comparison.
    const sorted = Float64Array.from(this.#intervalsMs).sort();
    return sorted[Math.floor(sorted.length / 2)];
  }

  /** The longest silence that is no stop, milliseconds; `undefined` before the second heartbeat. */
  get patienceMs(): number | undefined {
    const { intervalMs } = this;
    if (intervalMs === undefined) return undefined;
    return Math.max(SHORTEST_SILENCE_MS, SILENT_INTERVALS * intervalMs);
  }

  /** The client's numbers start over; its last intervals remain the best guess. */
  restart(): void {
    this.#lastSeq = undefined;
  }

  /** Starts over, for another client. */
  reset(): void {
    this.restart();
    this.#intervalsMs.length = 0;
    this.#next = 0;
  }
}
