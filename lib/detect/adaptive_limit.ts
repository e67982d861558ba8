/**
 * Learns how many losses in a row say that the server has stopped.
 *
 * Two Beta distributions are kept: of the share lost after a reply, and of the share lost after a
 * loss. With the second, the probability that loss alone makes a run this long is a product over
 * the run, with the uncertainty of the estimate in it: while little is known, the limit is higher
 * by itself.
 *
 * @module
 */

import { type EndedRun, isOutage } from "./ended_runs.ts";

/** The smallest limit: fewer losses are no reason to wake a person. */
export const SMALLEST_LIMIT = 3;

/** The largest limit. */
export const LARGEST_LIMIT = 64;

/**
 * The rule never fires before this much silence, milliseconds: at short intervals a burst of losses
 * is over sooner than any server has started anew.
 */
export const SHORTEST_SILENCE_MS = 3000;

/** The losses after which a server that was never heard is given up. */
export const LIMIT_UNHEARD = 15;

/**
 * The default number of heartbeats between false alarms: `auto` aims at it, and the worth of a
 * fixed rule is measured against it.
 */
export const FALSE_ALARM_EVERY = 10_000;

/** After this many observations of its own condition, an estimate has forgotten half. */
export const HALF_LIFE = 200;

// Before anything is observed, 3 heartbeats in 10 are taken to be lost, with the weight of ten
// observations: a rule that starts out sure of a clean path raises false alarms before it knows
// better.
const PRIOR = { lost: 3, answered: 7 };

const FORGET = 2 ** (-1 / HALF_LIFE);

/** Of a longer run, what came before these losses would be forgotten by its end. */
const LOSSES_LEARNT = 10 * HALF_LIFE;

/** Counts of heartbeats lost and answered in one condition; the older, the less they count. */
class FadingCounts {
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
  readonly #afterReply = new FadingCounts();
  readonly #afterLoss = new FadingCounts();
  #heard = false;
  /** The limit, once it was asked for; `undefined` after something was learnt. */
  #limit: number | undefined;

  /**
   * Makes the rule.
   *
   * @param falseAlarms wanted per heartbeat, for example 1 / 10,000
   */
  constructor(falseAlarms: number) {
    this.#falseAlarms = falseAlarms;
  }

  /** The losses in a row after which the server is assumed to have stopped. */
  get limit(): number {
    if (!this.#heard) return LIMIT_UNHEARD;
    return this.#limit ??= this.#compute();
  }

  /**
   * Learns from a run of losses that a reply ended, however long it was; from an outage it learns
   * nothing.
   *
   * @param run `undefined`: the reply is the first one
   */
  ended(run: EndedRun | undefined): void {
    this.#heard = true;
    if (run === undefined || isOutage(run)) return;
    for (let i = 0; i < Math.min(run.losses, LOSSES_LEARNT); i++) {
      (i === 0 ? this.#afterReply : this.#afterLoss).add(true);
    }
    (run.losses === 0 ? this.#afterReply : this.#afterLoss).add(false);
    this.#limit = undefined;
  }

  /** The smallest limit that makes runs of its length as rare as wanted. */
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
