/**
 * Keeps strangers from filling the screen: limits the lines that anyone on the network can cause.
 *
 * @module
 */

/** At most this many such lines are printed in a second; the rest is counted. */
export const MAX_LINES_PER_SECOND = 10;

/** Admits {@linkcode MAX_LINES_PER_SECOND} lines a second, and counts the others. */
export class LineLimit {
  #secondStartedMs = -Infinity;
  #admitted = 0;
  #heldBack = 0;

  /** Whether a line may be printed at `nowMs`, on a monotonic clock. */
  admit(nowMs: number): boolean {
    if (nowMs - this.#secondStartedMs >= 1000) {
      this.#secondStartedMs = nowMs;
      this.#admitted = 0;
    }
    if (this.#admitted < MAX_LINES_PER_SECOND) {
      this.#admitted++;
      return true;
    }
    this.#heldBack++;
    return false;
  }

  /** Returns the lines held back in a second that is over at `nowMs`, and forgets them. */
  takeHeldBack(nowMs: number): number {
    if (nowMs - this.#secondStartedMs < 1000) return 0;
    const heldBack = this.#heldBack;
    this.#heldBack = 0;
    return heldBack;
  }
}
