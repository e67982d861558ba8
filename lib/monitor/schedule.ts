/**
 * The regular timetable: heartbeat i leaves at start + i x interval.
 *
 * @module
 */

/**
 * A schedule that only a standstill of this machine can shift: heartbeat i leaves at
 * start + i x interval, no matter how late the one before it left. A sender that waited one
 * interval after the last heartbeat would send fewer of them just when the path is bad
 * (coordinated omission).
 */
export class Schedule {
  readonly #intervalMs: number;
  readonly #longestDelayMs: number;
  #anchorMs: number | undefined;
  #sinceAnchor = 0;

  /**
   * Makes a schedule.
   *
   * @param intervalMs from the start of one heartbeat to the start of the next, more than 0
   * @param longestDelayMs after a longer sleep the schedule starts anew, instead of sending all
   * missed heartbeats in one burst
   */
  constructor(intervalMs: number, longestDelayMs: number) {
    this.#intervalMs = intervalMs;
    this.#longestDelayMs = longestDelayMs;
  }

  /** When the next heartbeat is due; `undefined`: it is the first, and due at once. */
  get dueAtMs(): number | undefined {
    return this.#anchorMs === undefined
      ? undefined
      : this.#anchorMs + this.#sinceAnchor * this.#intervalMs;
  }

  /** The first heartbeat is due at a moment. */
  startAt(atMs: number): void {
    this.#anchorMs = atMs;
  }

  /** The heartbeat that was due has left. */
  sent(nowMs: number): void {
    const dueAtMs = this.dueAtMs;
    if (dueAtMs === undefined || nowMs - dueAtMs > this.#longestDelayMs) this.restart(nowMs);
    else this.#sinceAnchor++;
  }

  /** Starts anew with a heartbeat that leaves now, due or not. */
  restart(nowMs: number): void {
    this.#anchorMs = nowMs;
    this.#sinceAnchor = 1;
  }
}
