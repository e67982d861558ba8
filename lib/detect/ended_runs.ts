/**
 * Counts the losses between one reply and the next.
 *
 * A run of losses says how the path loses only when a reply has ended it: until then the server may
 * have stopped.
 *
 * @module
 */

/** Takes the fates of heartbeats in the order of their numbers. */
export class EndedRuns {
  #losses = 0;
  #heard = false;

  /** The losses since the last reply; 0 before the first one, as those may be of any kind. */
  get losses(): number {
    return this.#losses;
  }

  /** The next heartbeat was lost. */
  lost(): void {
    if (this.#heard) this.#losses++;
  }

  /**
   * The next heartbeat was answered; returns how many were lost since the reply before, or
   * `undefined` at the first reply.
   */
  answered(): number | undefined {
    const losses = this.#heard ? this.#losses : undefined;
    this.#heard = true;
    this.#losses = 0;
    return losses;
  }
}
