/**
 * The pauses of the loop: while it does something else, heartbeats leave late and replies wait.
 *
 * @module
 */

/** A loop that is later than this, milliseconds, has paused. */
export const SHORTEST_PAUSE_MS = 20;

/** Counts pauses, by how late the loop is. */
export class Pauses {
  #count = 0;
  #longestMs = 0;
  #isPausing = false;

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** The longest, milliseconds; 0 without one. */
  get longestMs(): number {
    return this.#longestMs;
  }

  /**
   * The loop does something that was due this long ago, milliseconds. What it catches up on then is
   * late by the same pause.
   */
  look(lateMs: number): void {
    const isPausing = lateMs > SHORTEST_PAUSE_MS && lateMs < Infinity;
    if (isPausing) this.#longestMs = Math.max(this.#longestMs, lateMs);
    if (isPausing && !this.#isPausing) this.#count++;
    this.#isPausing = isPausing;
  }
}
