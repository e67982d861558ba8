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

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** The longest, milliseconds; 0 without one. */
  get longestMs(): number {
    return this.#longestMs;
  }

  /** The loop does something that it could have done this long ago, milliseconds. */
  look(lateMs: number): void {
    if (lateMs <= SHORTEST_PAUSE_MS || lateMs === Infinity) return;
    this.#count++;
    this.#longestMs = Math.max(this.#longestMs, lateMs);
  }
}
