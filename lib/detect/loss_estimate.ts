/**
 * How heartbeats are lost, as far as runs of losses were seen to end.
 *
 * @module
 */

import type { LossRates } from "./run_length.ts";

/** Counts losses after replies and after losses, all with the same weight. */
export class LossEstimate {
  readonly #afterReply = { lost: 0, total: 0 };
  readonly #afterLoss = { lost: 0, total: 0 };
  #forgotten = 0;

  /**
   * A reply came.
   *
   * @param losses heartbeats lost since the reply before; `undefined`: it is the first one
   */
  answered(losses: number | undefined): void {
    const counted = (losses ?? 0) - this.#forgotten;
    this.#forgotten = 0;
    if (losses === undefined) return;
    this.#afterReply.total++;
    if (counted === 0) return;
    this.#afterReply.lost++;
    this.#afterLoss.total += counted;
    this.#afterLoss.lost += counted - 1;
  }

  /**
   * Leaves out the losses of the run that is going on: the server had stopped, and the path lost
   * nothing.
   *
   * @param losses heartbeats lost since the last reply
   */
  forget(losses: number): void {
    this.#forgotten = losses;
  }

  /**
   * Both shares, and `undefined` before two replies. A little doubt keeps an event that was never
   * seen from counting as impossible: half a loss is added after replies, and two heartbeats with
   * the share after replies are added after losses.
   */
  get rates(): LossRates | undefined {
    const { lost, total } = this.#afterReply;
    if (total === 0) return undefined;
    const afterReply = (lost + 0.5) / (total + 1);
    const afterLoss = (this.#afterLoss.lost + 2 * afterReply) / (this.#afterLoss.total + 2);
    return { afterReply, afterLoss };
  }
}
