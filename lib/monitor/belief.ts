/**
 * Whether the server is believed to be alive, since when, and what that belief is worth.
 *
 * Three words have one meaning each here. A heartbeat is *settled* when its reply came or its
 * timeout passed; it is *lost* when its timeout passed first; it is *given up* when it counts
 * against the server: when it is lost, or, with fast probing, when its reply is overdue.
 *
 * @module
 */

import { AdaptiveLimit, FALSE_ALARM_EVERY } from "../detect/adaptive_limit.ts";
import { ConsecutiveLosses, RECOVER_REPLIES, type State } from "../detect/consecutive_losses.ts";
import { EndedRuns } from "../detect/ended_runs.ts";
import { LossEstimate } from "../detect/loss_estimate.ts";
import { type VerdictWorth, verdictWorth } from "../detect/verdict_worth.ts";
import type { Interval } from "../measure/interval.ts";
import type { Verdict } from "./events.ts";
import type { Heartbeat, Ledger } from "./ledger.ts";
import { Outages } from "./outages.ts";

/** The rule by which a server is given up, and taken back. */
export interface BeliefOptions {
  /**
   * Losses in a row after which the server is assumed to have stopped; 0: never; `auto`: learnt
   * while running.
   */
  readonly maxLosses: number | "auto";
  /**
   * How many heartbeats there should be to a false alarm; left out: {@linkcode FALSE_ALARM_EVERY}.
   */
  readonly falseAlarmEvery?: number | undefined;
  /**
   * Replies in a row after which a stopped server is up again; left out: {@linkcode
   * RECOVER_REPLIES}.
   */
  readonly recover?: number | undefined;
}

/** A change of what is believed. */
export interface StateChange {
  /** What was believed before. */
  readonly from: State;
  /** What is believed now. */
  readonly to: State;
  /** Losses in a row. */
  readonly consecutive: number;
  /** Whether any reply was ever heard. */
  readonly heard: boolean;
  /** Heartbeats that this machine could not send since the last reply. */
  readonly sendFailures: number;
  /** How long the state that ends had lasted, milliseconds. */
  readonly lastedMs: number;
  /** How long the server was out of reach, where it comes back from `down`. */
  readonly outageMs: Interval | undefined;
}

/** What is believed of one server. */
export class Belief {
  readonly #falseAlarmEvery: number;
  readonly #fixedLimit: number;
  readonly #adaptive: AdaptiveLimit | undefined;
  readonly #losses: ConsecutiveLosses;
  readonly #runs = new EndedRuns();
  readonly #lossEstimate = new LossEstimate();
  readonly #outages = new Outages();
  #state: State = "unknown";
  #stateSinceMs = 0;
  #sendFailuresSinceReply = 0;
  /** When the newest answered heartbeat left, and the first and the last given up after it. */
  #lastGoodMs: number | undefined;
  #firstLostMs: number | undefined;
  #lastLostMs: number | undefined;

  /** Begins without any belief. */
  constructor({ maxLosses, falseAlarmEvery, recover }: BeliefOptions) {
    this.#falseAlarmEvery = falseAlarmEvery ?? FALSE_ALARM_EVERY;
    if (maxLosses === "auto") this.#adaptive = new AdaptiveLimit(1 / this.#falseAlarmEvery);
    this.#fixedLimit = maxLosses === "auto" ? 0 : maxLosses;
    this.#losses = new ConsecutiveLosses({
      limit: () => this.limit,
      recover: recover ?? RECOVER_REPLIES,
    });
  }

  /** What is believed. */
  get state(): State {
    return this.#state;
  }

  /** Losses in a row after which the server is assumed to have stopped; 0: never. */
  get limit(): number {
    return this.#adaptive?.limit ?? this.#fixedLimit;
  }

  /** Losses in a row. */
  get consecutive(): number {
    return this.#losses.count;
  }

  /** The newest heartbeat that is answered or given up. */
  get decidedUpTo(): number {
    return this.#losses.decidedUpTo;
  }

  /** What the belief comes to when the run ends now. */
  get verdict(): Verdict {
    if (!this.#losses.heard) return "never_answered";
    return this.#losses.state === "down" ? "stopped" : "alive";
  }

  /** How often the server was assumed to have stopped. */
  get outages(): number {
    return this.#outages.count;
  }

  /** The share of the run in which the server was in reach, within bounds, 0 to 1. */
  availability(startedAtMs: number, nowMs: number): Interval | undefined {
    return this.#outages.availability(startedAtMs, nowMs);
  }

  /**
   * Counts a heartbeat against the server, unless it is excused: then its loss is this machine's
   * fault.
   */
  giveUp(seq: number, { excused, sentAtMs }: Heartbeat): void {
    if (seq === this.#losses.newestAnswered + 1) this.#firstLostMs = sentAtMs;
    if (seq > this.#losses.decidedUpTo) this.#lastLostMs = sentAtMs;
    if (excused) {
      this.#losses.excuse(seq);
    } else {
      this.#losses.giveUp(seq);
      this.#outages.lost(sentAtMs);
    }
  }

  /** A heartbeat that the ledger knows was answered, in time or late. */
  answered(seq: number, ledger: Ledger): void {
    if (seq > this.#losses.newestAnswered) {
      this.#lastGoodMs = ledger.find(seq)!.sentAtMs;
      this.#firstLostMs = ledger.find(seq + 1)?.sentAtMs;
    }
    this.#losses.answered(seq);
    this.#sendFailuresSinceReply = 0;
  }

  /** This machine could not send a heartbeat. */
  sendFailed(): void {
    this.#sendFailuresSinceReply++;
  }

  /**
   * Learns what loss is like from the next settled heartbeat, in the order of their numbers; the
   * losses of a server that is down teach nothing.
   *
   * @param overdue whether it was given up before its reply came, which is what the rule has to
   * learn
   */
  learn(lost: boolean, overdue: boolean): void {
    if (lost && this.#state === "down") return;
    if (lost || overdue) {
      this.#runs.lost();
    } else {
      const losses = this.#runs.answered();
      this.#adaptive?.answered(losses);
      this.#lossEstimate.answered(losses);
    }
  }

  /**
   * Draws the conclusion from what was given up and answered; `undefined` where it stays the same.
   */
  update(nowMs: number, startedAtMs: number): StateChange | undefined {
    const { state: to, count: consecutive, heard } = this.#losses;
    const from = this.#state;
    if (to === from) return undefined;
    this.#state = to;
    const sendFailures = this.#sendFailuresSinceReply;
    const lastedMs = nowMs - Math.max(this.#stateSinceMs, startedAtMs);
    this.#stateSinceMs = nowMs;
    const outageMs = from === "down" ? this.#outages.end(nowMs) : undefined;
    if (to === "down") this.#beginOutage(startedAtMs);
    return { from, to, consecutive, heard, sendFailures, lastedMs, outageMs };
  }

  /**
   * What the rule is worth at the loss as it is estimated; `undefined` where there is no rule, or
   * no loss is known.
   *
   * @param newer heartbeats that leave, and could be answered, while one waits in vain
   * @param heartbeats the length of the run
   */
  worth(newer: number, heartbeats: number): VerdictWorth | undefined {
    const { limit } = this;
    const { rates } = this.#lossEstimate;
    if (limit === 0 || rates === undefined) return undefined;
    return verdictWorth({ limit, newer, rates }, heartbeats, 1 / this.#falseAlarmEvery);
  }

  #beginOutage(startedAtMs: number): void {
    this.#outages.begin(
      this.#lastGoodMs ?? startedAtMs,
      this.#firstLostMs ?? startedAtMs,
      this.#lastLostMs ?? startedAtMs,
    );
    this.#lossEstimate.forget(this.#runs.losses);
  }
}
