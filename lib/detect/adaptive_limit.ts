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

/** The smallest limit: fewer losses are no reason to wake a person. */
export const SMALLEST_LIMIT = 3;

/** The largest limit. */
export const LARGEST_LIMIT = 64;

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
   * Learns from a reply; from a run of losses as long as the limit it learns nothing, as the server
   * may have stopped.
   *
   * @param losses heartbeats lost since the reply before; `undefined`: it is the first one
   */
  answered(losses: number | undefined): void {
    this.#heard = true;
    if (losses === undefined || losses > 0 && losses >= this.limit) return;
    for (let i = 0; i < losses; i++) (i === 0 ? this.#afterReply : this.#afterLoss).add(true);
    (losses === 0 ? this.#afterReply : this.#afterLoss).add(false);
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
