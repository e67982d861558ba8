/**
 * Keeps strangers from filling the screen: lines that the network can cause at will are limited.
 *
 * @module
 */

/** The most such lines in a second; the rest is counted. */
export const MAX_LINES_PER_SECOND = 10;

/** Admits {@linkcode MAX_LINES_PER_SECOND} lines in each second, and counts those that it held back. */
export class LineLimit {
  #secondStartedMs = -Infinity;
  #admitted = 0;
  #heldBack = 0;

  /** Whether a line may be written at `nowMs`, on a monotonic clock. */
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

  /** The number of lines held back in a second that is over at `nowMs`; they then count as told. */
  takeHeldBack(nowMs: number): number {
    if (nowMs - this.#secondStartedMs < 1000) return 0;
    const heldBack = this.#heldBack;
    this.#heldBack = 0;
    return heldBack;
  }
}
