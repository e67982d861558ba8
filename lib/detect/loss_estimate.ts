/**
 * How heartbeats are lost, and how exactly that is known.
 *
 * @module
 */

import { betaMiddles } from "../measure/beta.ts";
import { type EndedRun, isOutage } from "./ended_runs.ts";
import type { LossRates } from "./run_length.ts";

/** Each share is told apart in so many steps of equal probability. */
const STEPS = 20;

/** Counts of heartbeats lost and answered in one condition. */
interface Counts {
  lost: number;
  answered: number;
}

/** Counts losses after replies and after losses, in the runs of losses that a reply ended. */
export class LossEstimate {
  readonly #afterReply: Counts = { lost: 0, answered: 0 };
  readonly #afterLoss: Counts = { lost: 0, answered: 0 };

  /** A run of losses has ended; an outage says nothing about the path. */
  ended(run: EndedRun): void {
    if (isOutage(run)) return;
    if (run.losses === 0) {
      this.#afterReply.answered++;
      return;
    }
    this.#afterReply.lost++;
    this.#afterLoss.lost += run.losses - 1;
    this.#afterLoss.answered++;
  }

  /** The heartbeats that it rests on. */
  get heartbeats(): number {
    const [after, then] = [this.#afterReply, this.#afterLoss];
    return after.lost + after.answered + then.lost + then.answered;
  }

  /** The losses among them. */
  get losses(): number {
    return this.#afterReply.lost + this.#afterLoss.lost;
  }

  /**
   * The most likely shares, as means of their Beta distributions (Jeffreys' prior); `undefined`
   * until a run of losses was seen to end: how losses cluster is unknown before.
   */
  get rates(): LossRates | undefined {
    if (this.#afterReply.lost === 0) return undefined;
    return { afterReply: mean(this.#afterReply), afterLoss: mean(this.#afterLoss) };
  }

  /** 400 pairs of shares that are equally probable by what was seen. */
  plausible(): LossRates[] {
    const [replies, losses] = [quantiles(this.#afterReply), quantiles(this.#afterLoss)];
    return replies.flatMap((afterReply) => losses.map((afterLoss) => ({ afterReply, afterLoss })));
  }
}

function mean({ lost, answered }: Counts): number {
  return (lost + 0.5) / (lost + answered + 1);
}

/** The middles of the steps of the Beta distribution of a share, in rising order. */
function quantiles({ lost, answered }: Counts): number[] {
  return betaMiddles(STEPS, lost + 0.5, answered + 0.5);
}
