/**
 * The rule of the source document: after so many losses in a row the server is assumed to have stopped.
 *
 * @module
 */

/** What is believed of the server. */
export type State = "unknown" | "up" | "suspect" | "down";

/**
 * Counts the losses in a row: the timed-out heartbeats newer than the newest one that any reply, late or not,
 * has answered. A late reply to an old heartbeat so never clears newer losses.
 *
 * Heartbeats wait equally long, so they time out in the order of their numbers, and every number between the
 * newest answered one and the last timed-out one has timed out: the count is the distance of the two.
 */
export class ConsecutiveLosses {
  readonly #limit: number;
  #newestAnswered = 0;
  #lastTimedOut = 0;
  #heard = false;

  /** Makes the rule; with a limit of 0 the server is never assumed to have stopped. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The number of losses in a row. */
  get count(): number {
    return Math.max(0, this.#lastTimedOut - this.#newestAnswered);
  }

  /** Whether any reply was ever heard. */
  get heard(): boolean {
    return this.#heard;
  }

  /** What the losses in a row say of the server. */
  get state(): State {
    if (this.#limit > 0 && this.count >= this.#limit) return "down";
    if (!this.#heard) return "unknown";
    return this.count > 0 ? "suspect" : "up";
  }

  /** Takes note that a heartbeat timed out; sequence numbers start at 1 and come in order. */
  timedOut(seq: number): void {
    this.#lastTimedOut = seq;
  }

  /** Takes note that a heartbeat was answered, in time or late. */
  answered(seq: number): void {
    this.#heard = true;
    this.#newestAnswered = Math.max(this.#newestAnswered, seq);
  }
}
