/**
 * How often a client sends, so that its silence can be told from its pauses.
 *
 * @module
 */

/** A client that has been silent for so many of its own intervals is assumed to have stopped. */
export const SILENT_INTERVALS = 3;

/** No silence shorter than this counts, milliseconds. */
export const SHORTEST_SILENCE_MS = 5000;

const INTERVALS_KEPT = 15;

/** Learns the interval between a client's heartbeats: the median of the last few, whatever was lost between. */
export class ClientPace {
  readonly #intervalsMs: number[] = [];
  #next = 0;
  #lastSeq: number | undefined;
  #lastAtMs = 0;

  /** Takes the arrival of a new heartbeat. */
  add(seq: number, atMs: number): void {
    const lastSeq = this.#lastSeq;
    const lastAtMs = this.#lastAtMs;
    if (lastSeq !== undefined && seq <= lastSeq) return;
    this.#lastSeq = seq;
    this.#lastAtMs = atMs;
    if (lastSeq === undefined) return;
    // Divided by the numbers between, so that losses don't stretch it.
    this.#intervalsMs[this.#next] = (atMs - lastAtMs) / (seq - lastSeq);
    this.#next = (this.#next + 1) % INTERVALS_KEPT;
  }

  /** The median interval, milliseconds; `undefined` before the second heartbeat. */
  get intervalMs(): number | undefined {
    const sorted = this.#intervalsMs.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }

  /** How long a silence may last, milliseconds; `undefined` before the second heartbeat. */
  get patienceMs(): number | undefined {
    const { intervalMs } = this;
    if (intervalMs === undefined) return undefined;
    return Math.max(SHORTEST_SILENCE_MS, SILENT_INTERVALS * intervalMs);
  }

  /** The client counts anew; its pace is still the best guess. */
  restart(): void {
    this.#lastSeq = undefined;
  }

  /** Begins anew, with another client. */
  reset(): void {
    this.restart();
    this.#intervalsMs.length = 0;
    this.#next = 0;
  }
}
