/**
 * How many losses in a row say that the server has stopped, learnt while running.
 *
 * Two Beta distributions are kept: of the share lost after a reply, and of the share lost after a loss. With the
 * second, the probability that loss alone makes a run this long is a product over the run, with the uncertainty of
 * the estimate in it: while little is known, the limit is higher by itself.
 *
 * @module
 */

import type { LossRates } from "./run_length.ts";

/** The smallest limit: fewer losses say nothing that a person would be woken for. */
export const SMALLEST_LIMIT = 3;

/** The largest limit. */
export const LARGEST_LIMIT = 64;

/** The losses after which a server that was never heard is given up. */
export const LIMIT_UNHEARD = 15;

/**
 * The default number of heartbeats between false alarms: `auto` aims at it, and the worth of a fixed rule is
 * measured against it.
 */
export const FALSE_ALARM_EVERY = 10_000;

/** An estimate forgets half of what it knew after so many observations of its own condition. */
export const HALF_LIFE = 200;

// Before anything is seen, losses are taken to be 3 in 10, with the weight of ten observations: a rule that starts
// out sure of a clean path raises false alarms before it knows better.
const PRIOR = { lost: 3, answered: 7 };

const FORGET = 2 ** (-1 / HALF_LIFE);

/** What was seen of heartbeats in one condition, the older the less. */
class Seen {
  #lost = 0;
  #answered = 0;

  /** The Beta distribution of the share lost: `lost` and `answered` are its parameters. */
  get beta(): { readonly lost: number; readonly answered: number } {
    return { lost: PRIOR.lost + this.#lost, answered: PRIOR.answered + this.#answered };
  }

  get share(): number {
    const { lost, answered } = this.beta;
    return lost / (lost + answered);
  }

  add(lost: boolean): void {
    this.#lost = this.#lost * FORGET + (lost ? 1 : 0);
    this.#answered = this.#answered * FORGET + (lost ? 0 : 1);
  }
}

/** Learns the limit that keeps false alarms at the rate that is wanted. */
export class AdaptiveLimit {
  readonly #falseAlarms: number;
  readonly #afterReply = new Seen();
  readonly #afterLoss = new Seen();
  #run = 0;
  #heard = false;
  #limit: number;

  /** Makes the rule for so many false alarms per heartbeat, for example 1 / 10,000. */
  constructor(falseAlarms: number) {
    this.#falseAlarms = falseAlarms;
    this.#limit = this.#compute();
  }

  /** The losses in a row after which the server is assumed to have stopped. */
  get limit(): number {
    return this.#heard ? this.#limit : LIMIT_UNHEARD;
  }

  /** The shares lost, as far as they are known. */
  get rates(): LossRates {
    return { afterReply: this.#afterReply.share, afterLoss: this.#afterLoss.share };
  }

  /**
   * Takes the fate of the next heartbeat, in the order of their numbers. The losses of a run are learnt only when a
   * reply ends it, and not at all when it was longer than the limit: a stopped server teaches nothing.
   */
  add(lost: boolean): void {
    if (lost) {
      if (this.#heard) this.#run++;
      return;
    }
    const run = this.#run;
    this.#run = 0;
    if (run < this.#limit) {
      for (let i = 0; i < run; i++) (i === 0 ? this.#afterReply : this.#afterLoss).add(true);
      if (this.#heard) (run === 0 ? this.#afterReply : this.#afterLoss).add(false);
    }
    this.#heard = true;
    this.#limit = this.#compute();
  }

  /** The smallest limit at which runs as long as it are as rare as wanted. */
  #compute(): number {
    const afterReply = this.#afterReply.share;
    const afterLoss = this.#afterLoss.share;
    const answered = (1 - afterLoss) / (1 - afterLoss + afterReply);
    const { lost: a, answered: b } = this.#afterLoss.beta;
    // Runs of at least one, two, three ... losses per heartbeat.
    let runs = answered * afterReply;
    for (let limit = 1; limit < LARGEST_LIMIT; limit++) {
      if (runs <= this.#falseAlarms && limit >= SMALLEST_LIMIT) return limit;
      runs *= (a + limit - 1) / (a + b + limit - 1);
    }
    return LARGEST_LIMIT;
  }
}
