/**
 * What a verdict is worth at the loss that was seen.
 *
 * @module
 */

import {
  type LossRates,
  probabilityOfRun,
  probabilityOfStop,
  rightLimit,
  runsPerHeartbeat,
} from "./run_length.ts";

/** How often a server is taken to stop, per heartbeat, before anything is known. */
export const STOPS_PER_HEARTBEAT = 1 / 10_000;

/** A rule that gives a server up after so many losses in a row, and where it is applied. */
export interface Rule {
  /** The rule: so many losses in a row. */
  readonly limit: number;
  /**
   * How many heartbeats leave while the last of these waits in vain: a reply to one of them, too, would show that the
   * server lives. 0 where a heartbeat is given up before the next one leaves.
   */
  readonly newer: number;
  /** The loss, as it is estimated. */
  readonly rates: LossRates;
}

/** The worth of a rule. */
export interface VerdictWorth extends Rule {
  /** Loss alone does this once in so many heartbeats; `Infinity` where it never does. */
  readonly everyHeartbeats: number;
  /** The share of runs of this length in which loss alone does it, 0 to 1. */
  readonly shareOfRuns: number;
  /** The probability that a server that was just given up has really stopped. */
  readonly stopProbability: number;
  /** The smallest rule with no more false alarms than wanted; `undefined` where there is none. */
  readonly rightLimit: number | undefined;
}

/**
 * Says what a rule is worth.
 *
 * @param heartbeats length of a run
 * @param falseAlarms wanted per heartbeat
 */
export function verdictWorth(rule: Rule, heartbeats: number, falseAlarms: number): VerdictWorth {
  const { limit, newer, rates } = rule;
  const length = limit + newer;
  const rightLength = rightLimit(rates, falseAlarms);
  return {
    ...rule,
    everyHeartbeats: 1 / runsPerHeartbeat(rates, length),
    shareOfRuns: probabilityOfRun(rates, length, heartbeats),
    stopProbability: probabilityOfStop(rates, length, STOPS_PER_HEARTBEAT),
    rightLimit: rightLength && Math.max(1, rightLength - newer),
  };
}

/** Counts losses after replies and after losses; those of a run only when a reply has ended it. */
export class SeenLosses {
  #afterReply = { lost: 0, total: 0 };
  #afterLoss = { lost: 0, total: 0 };
  #run = 0;
  #heard = false;

  /** The fate of the next heartbeat, in the order of their numbers. */
  add(lost: boolean): void {
    if (lost) {
      if (this.#heard) this.#run++;
      return;
    }
    if (this.#heard) {
      this.#afterReply.total++;
      if (this.#run > 0) {
        this.#afterReply.lost++;
        this.#afterLoss.total += this.#run;
        this.#afterLoss.lost += this.#run - 1;
      }
    }
    this.#heard = true;
    this.#run = 0;
  }

  /** Forgets the run that is going on: the server had stopped, and that is no loss. */
  forgetRun(): void {
    this.#run = 0;
  }

  /**
   * Both shares, and `undefined` before two replies. A little doubt keeps a share that was never seen from being
   * taken for one that can't be: half a loss is added after replies, and two heartbeats of the share after replies
   * are added after losses.
   */
  get rates(): LossRates | undefined {
    const { lost, total } = this.#afterReply;
    if (total === 0) return undefined;
    const afterReply = (lost + 0.5) / (total + 1);
    const afterLoss = (this.#afterLoss.lost + 2 * afterReply) / (this.#afterLoss.total + 2);
    return { afterReply, afterLoss };
  }
}
