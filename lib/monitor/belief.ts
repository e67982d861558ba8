/**
 * Whether the server is believed to be alive, since when, and what that belief is worth.
 *
 * Four words have one meaning each here. A heartbeat is *settled* when its reply came or its
 * timeout passed; it is *lost* when its timeout passed first; it is *given up* when it counts
 * against the server: when it is lost, or, with fast probing, when its reply is overdue. It is
 * *excused* when this machine could not send it, or slept or stood still while it waited: then it
 * says nothing about the server, neither good nor bad.
 *
 * @module
 */

import { AdaptiveLimit, FALSE_ALARM_EVERY } from "../detect/adaptive_limit.ts";
import { ConsecutiveLosses, RECOVER_REPLIES, type State } from "../detect/consecutive_losses.ts";
import { EndedRuns } from "../detect/ended_runs.ts";
import { LossEstimate } from "../detect/loss_estimate.ts";
import { type VerdictWorth, verdictWorth } from "../detect/verdict_worth.ts";
import type { Interval } from "../measure/interval.ts";
import type { Excuse, Heartbeat, Ledger } from "./ledger.ts";
import { type Moment, momentOf } from "./moment.ts";
import { lossesIn, Outages } from "./outages.ts";
import { Reach } from "./reach.ts";
import { couldNotAsk, type Verdict } from "./verdict.ts";

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

/** Why something is believed. */
export type StateReason =
  /** Nothing was ever heard. */
  | "not_heard"
  /** The newest heartbeat that is settled was answered. */
  | "answered"
  /** It was not. */
  | "unanswered"
  /** This machine can't ask, or slept or stood still when it might have. */
  | Excuse;

/** A change of what is believed. */
export interface StateChange {
  /** What was believed before. */
  readonly from: State;
  /** What is believed now. */
  readonly to: State;
  /** Why it is believed. */
  readonly reason: StateReason;
  /** Why the state before was believed. */
  readonly reasonBefore: StateReason;
  /** The last state before that was known; `undefined`: none ever was. */
  readonly lastKnown: Exclude<State, "unknown"> | undefined;
  /** Losses in a row. */
  readonly consecutive: number;
  /** Heartbeats in a row that this machine could not send, or slept or stood still through. */
  readonly excused: number;
  /** Whether any reply was ever heard. */
  readonly heard: boolean;
  /** How long the state that ends had lasted, milliseconds. */
  readonly lastedMs: number;
  /** How long the server was out of reach, where it comes back after it had stopped. */
  readonly outageMs: Interval | undefined;
}

/** What is believed in the end. */
export interface BeliefFigures {
  /** The conclusion. */
  readonly verdict: Verdict;
  /** The state of the server at the end. */
  readonly state: State;
  /** Losses in a row at the end. */
  readonly consecutive: number;
  /** How often the server was assumed to have stopped. */
  readonly outages: number;
  /** The share of the run in which the server was in reach, within bounds, 0 to 1. */
  readonly availability: Interval | undefined;
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
  readonly #reach = new Reach();
  #state: State = "unknown";
  #reason: StateReason = "not_heard";
  #lastKnown: StateChange["lastKnown"];
  #stateSinceMs = 0;
  #lastExcuse: Excuse = "unsent";
  /** When the newest answered heartbeat left. */
  #lastGoodMs: number | undefined;
  /** When the first of the replies came that bring the server back. */
  #firstReplyMs: number | undefined;

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

  /**
   * What the belief comes to when the run ends now.
   *
   * @param startedAtMs on the clock that goes on while this machine sleeps, as the moment of `now`
   */
  figures(ledger: Ledger, startedAtMs: number, now: Moment): BeliefFigures {
    return {
      verdict: this.#verdict(ledger),
      state: this.#state,
      consecutive: this.consecutive,
      outages: this.outages,
      availability: this.#availability(startedAtMs, now),
    };
  }

  /** How often the server was assumed to have stopped. */
  get outages(): number {
    return this.#outages.count;
  }

  /** Counts a heartbeat against the server, unless it is excused. */
  giveUp(seq: number, heartbeat: Heartbeat): void {
    if (heartbeat.excuse !== undefined) {
      this.#lastExcuse = heartbeat.excuse;
      this.#losses.excuse(seq);
      return;
    }
    // One that is only overdue may still be answered in time.
    if (heartbeat.fate !== "outstanding" && seq > this.#losses.newestAnswered) {
      this.#outages.lost({ seq, ...momentOf(heartbeat) });
    }
    this.#losses.giveUp(seq);
  }

  /** A heartbeat that the ledger knows was answered, in time or late. */
  answered(seq: number, ledger: Ledger): void {
    if (seq > this.#losses.newestAnswered) {
      this.#lastGoodMs = momentOf(ledger.find(seq)!).atMs;
      this.#outages.answered(lossesIn(ledger, seq + 1, this.#losses.decidedUpTo));
    }
    this.#losses.answered(seq);
  }

  /** The next heartbeat, in the order of their numbers, is settled. */
  settled(heartbeat: Heartbeat, lost: boolean): void {
    this.#reach.settled(momentOf(heartbeat), lost, heartbeat.excuse !== undefined);
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
   *
   * @param nowMs on the clock that goes on while this machine sleeps
   * @param startedAtMs on the same clock
   */
  update(nowMs: number, startedAtMs: number): StateChange | undefined {
    const { state: to, count: consecutive, heard, excusedInARow: excused } = this.#losses;
    if (this.#losses.stopped && !this.#losses.recovering) this.#firstReplyMs = undefined;
    const [from, lastKnown, reasonBefore] = [this.#state, this.#lastKnown, this.#reason];
    const reason = this.#reasonOf();
    if (this.#losses.recovering) this.#firstReplyMs ??= nowMs;
    if (to === from && (to !== "unknown" || reason === reasonBefore)) return undefined;
    this.#state = to;
    this.#reason = reason;
    if (to !== "unknown") this.#lastKnown = to;
    const lastedMs = nowMs - Math.max(this.#stateSinceMs, startedAtMs);
    this.#stateSinceMs = nowMs;
    const outageMs = this.#outages.goingOn && !this.#losses.stopped
      ? this.#endOutage(nowMs)
      : undefined;
    if (to === "down" && !this.#outages.goingOn) this.#beginOutage(startedAtMs);
    const because = { reason, reasonBefore, lastKnown, consecutive, excused, heard };
    return { from, to, ...because, lastedMs, outageMs };
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

  #verdict(ledger: Ledger): Verdict {
    if (couldNotAsk(ledger, this.#losses.mostExcused)) return "unknown";
    if (!this.#losses.heard) return "never_answered";
    return this.#losses.stopped ? "stopped" : "alive";
  }

  /** Time that was not observed counts as down for the lower bound, and as up for the upper. */
  #availability(startedAtMs: number, now: Moment): Interval | undefined {
    const lengthMs = now.atMs - startedAtMs;
    // Without a rule nobody says when the server was out of reach.
    if (lengthMs <= 0 || this.limit === 0) return undefined;
    const share = (ms: number) => Math.min(1, Math.max(0, ms / lengthMs));
    return {
      low: share(this.#reach.certainMs(now)),
      high: 1 - share(this.#outages.certainMs),
    };
  }

  #reasonOf(): StateReason {
    if (this.#losses.blind) {
      // Which of both it was at first stands, however it goes on.
      return this.#reason === "unsent" || this.#reason === "asleep"
        ? this.#reason
        : this.#lastExcuse;
    }
    if (!this.#losses.heard) return "not_heard";
    return this.consecutive === 0 ? "answered" : "unanswered";
  }

  #beginOutage(startedAtMs: number): void {
    this.#outages.begin(this.#lastGoodMs ?? startedAtMs);
    this.#reach.outageBegan();
    this.#lossEstimate.forget(this.#runs.losses);
  }

  #endOutage(nowMs: number): Interval {
    this.#reach.outageEnded(nowMs);
    const firstReplyMs = this.#firstReplyMs ?? nowMs;
    this.#firstReplyMs = undefined;
    return this.#outages.end(firstReplyMs);
  }
}
