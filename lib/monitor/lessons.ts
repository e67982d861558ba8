/**
 * What the losses of one server teach: the limit of the adaptive rule, and what a rule is worth.
 *
 * @module
 */

import { AdaptiveLimit, FALSE_ALARM_EVERY } from "../detect/adaptive_limit.ts";
import { EndedRuns } from "../detect/ended_runs.ts";
import { LossEstimate } from "../detect/loss_estimate.ts";
import { type AppliedRule, type VerdictWorth, verdictWorth } from "../detect/verdict_worth.ts";

/** The rule that is taught. */
export interface LessonsOptions {
  /**
   * Losses in a row after which the server is assumed to have stopped; 0: never; `auto`: learnt
   * while running.
   */
  readonly maxLosses: number | "auto";
  /**
   * How many heartbeats there should be to a false alarm; left out: {@linkcode FALSE_ALARM_EVERY}.
   */
  readonly falseAlarmEvery?: number | undefined;
}

/** Where the rule is applied. */
export interface Application extends Pick<AppliedRule, "newer" | "heartbeats"> {
  /** The fewest losses in a row at which it may fire, whatever its limit is. */
  readonly fewest: number;
}

/** Learns from the fates of heartbeats, in the order of their numbers. */
export class Lessons {
  readonly #falseAlarms: number;
  readonly #fixedLimit: number;
  readonly #adaptive: AdaptiveLimit | undefined;
  readonly #runs = new EndedRuns();
  readonly #estimate = new LossEstimate();

  /** Begins without any lesson. */
  constructor({ maxLosses, falseAlarmEvery = FALSE_ALARM_EVERY }: LessonsOptions) {
    this.#falseAlarms = 1 / falseAlarmEvery;
    if (maxLosses === "auto") this.#adaptive = new AdaptiveLimit(this.#falseAlarms);
    this.#fixedLimit = maxLosses === "auto" ? 0 : maxLosses;
  }

  /** Losses in a row after which the server is assumed to have stopped; 0: never. */
  get limit(): number {
    return this.#adaptive?.limit ?? this.#fixedLimit;
  }

  /**
   * The next heartbeat was lost, or answered.
   *
   * @param sentAtMs when it left, on a clock that leaves out what this machine missed
   */
  learn(lost: boolean, sentAtMs: number): void {
    if (lost) {
      this.#runs.lost(sentAtMs);
      return;
    }
    const run = this.#runs.answered(sentAtMs);
    this.#adaptive?.ended(run);
    if (run !== undefined) this.#estimate.ended(run);
  }

  /** The server was given up. */
  alarm(): void {
    this.#runs.alarm();
  }

  /** What the rule is worth; `undefined` where there is none, or how losses cluster is unknown. */
  worth({ newer, fewest, heartbeats }: Application): VerdictWorth | undefined {
    if (this.limit === 0) return undefined;
    const limit = Math.max(this.limit, fewest);
    const falseAlarms = this.#falseAlarms;
    return verdictWorth({ limit, newer, heartbeats, falseAlarms }, this.#estimate);
  }
}
