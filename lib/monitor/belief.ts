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

import { SHORTEST_SILENCE_MS } from "../detect/adaptive_limit.ts";
import { ConsecutiveLosses, RECOVER_REPLIES, type State } from "../detect/consecutive_losses.ts";
import type { VerdictWorth } from "../detect/verdict_worth.ts";
import type { Interval } from "../measure/interval.ts";
import { type Excuse, type Heartbeat, isExcuse, type Ledger } from "./ledger.ts";
import { type Application, Lessons, type LessonsOptions } from "./lessons.ts";
import { type Moment, momentOf, observedMs } from "./moment.ts";
import { lossesIn, Outages, type PastOutage } from "./outages.ts";
import { Reach } from "./reach.ts";
import type { StateChange, StateReason } from "./state_change.ts";
import { couldNotAsk, type Verdict } from "./verdict.ts";

/** The rule by which a server is given up, and taken back. */
export interface BeliefOptions extends LessonsOptions {
  /**
   * The silence before which the adaptive rule never fires, milliseconds; left out: {@linkcode
   * SHORTEST_SILENCE_MS}.
   */
  readonly shortestSilenceMs?: number | undefined;
  /**
   * Replies in a row after which a stopped server is up again; left out: {@linkcode
   * RECOVER_REPLIES}.
   */
  readonly recover?: number | undefined;
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

/** When a conclusion is drawn. */
export interface BeliefMoment {
  /** On the clock that goes on while this machine sleeps, milliseconds. */
  readonly nowMs: number;
  /** When the run started, on the same clock. */
  readonly startedAtMs: number;
  /** By this machine's wall clock, Unix milliseconds. */
  readonly wallMs: number;
}

/** What is believed of one server. */
export class Belief {
  readonly #lessons: Lessons;
  readonly #losses: ConsecutiveLosses;
  readonly #shortestSilenceMs: number;
  readonly #outages = new Outages();
  readonly #reach = new Reach();
  #state: State = "unknown";
  #reason: StateReason = "not_heard";
  #lastKnown: StateChange["lastKnown"];
  #stateSinceMs = 0;
  /** The same, but for doubts, which end no `up`. */
  #heardSinceMs = 0;
  #stateSinceWallMs: number | undefined;
  #lastExcuse: Excuse = "unsent";
  /** When the newest answered heartbeat left, or the first one while none is answered. */
  #silentSince: Moment | undefined;
  /** When the first of the replies came that bring the server back. */
  #firstReplyMs: number | undefined;

  /** Begins without any belief. */
  constructor(options: BeliefOptions) {
    const { maxLosses, recover = RECOVER_REPLIES } = options;
    this.#lessons = new Lessons(options);
    this.#losses = new ConsecutiveLosses({ limit: () => this.limit, recover });
    this.#shortestSilenceMs = maxLosses === "auto"
      ? options.shortestSilenceMs ?? SHORTEST_SILENCE_MS
      : 0;
  }

  /** What is believed. */
  get state(): State {
    return this.#state;
  }

  /**
   * When the state began, Unix milliseconds; `undefined`: it is the first. A doubt ends no `up`,
   * and begins nothing.
   */
  get stateSinceWallMs(): number | undefined {
    return this.#stateSinceWallMs;
  }

  /** The same on the clock that goes on while this machine sleeps, milliseconds; at first 0. */
  get stateSinceMs(): number {
    return this.#heardSinceMs;
  }

  /** Whether an outage goes on. */
  get outageGoesOn(): boolean {
    return this.#outages.goingOn;
  }

  /** Why it is believed. */
  get reason(): StateReason {
    return this.#reason;
  }

  /** Losses in a row after which the server is assumed to have stopped; 0: never. */
  get limit(): number {
    return this.#lessons.limit;
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
      verdict: this.verdict(ledger),
      state: this.#state,
      consecutive: this.consecutive,
      outages: this.outages,
      availability: this.availability(startedAtMs, now),
    };
  }

  /** The last outages that have ended, the oldest first. */
  get pastOutages(): readonly PastOutage[] {
    return this.#outages.past;
  }

  /** How often the server was assumed to have stopped. */
  get outages(): number {
    return this.#outages.count;
  }

  /** Counts a heartbeat against the server, unless it is excused; {@linkcode judge} follows. */
  giveUp(seq: number, heartbeat: Heartbeat): void {
    this.#silentSince ??= momentOf(heartbeat);
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

  /** Gives the server up, if the rule says so at this moment. */
  judge(now: Moment): void {
    if (this.#silentSince === undefined) return;
    const silenceMs = observedMs(now) - observedMs(this.#silentSince);
    if (silenceMs >= this.#shortestSilenceMs) this.#losses.judge();
  }

  /** A heartbeat that the ledger knows was answered, in time or late. */
  answered(seq: number, ledger: Ledger): void {
    if (seq > this.#losses.newestAnswered) {
      this.#silentSince = momentOf(ledger.find(seq)!);
      this.#outages.answered(lossesIn(ledger, seq + 1, this.#losses.decidedUpTo));
    }
    this.#losses.answered(seq);
  }

  /** The next heartbeat, in the order of their numbers, is settled. */
  settled(heartbeat: Heartbeat, lost: boolean): void {
    this.#reach.settled(momentOf(heartbeat), lost, heartbeat.excuse !== undefined);
  }

  /**
   * Learns what loss is like from the next settled heartbeat, in the order of their numbers.
   *
   * @param lost whether it was given up before a reply came, which is what the rule has to learn
   */
  learn(heartbeat: Heartbeat, lost: boolean): void {
    this.#lessons.learn(lost, observedMs(momentOf(heartbeat)));
  }

  /**
   * Draws the conclusion from what was given up and answered; `undefined` where it stays the same.
   */
  update({ nowMs, startedAtMs, wallMs }: BeliefMoment): StateChange | undefined {
    const { state: to, count: consecutive, heard, excusedInARow: excused } = this.#losses;
    if (this.#losses.stopped && !this.#losses.recovering) this.#firstReplyMs = undefined;
    const [from, lastKnown, reasonBefore] = [this.#state, this.#lastKnown, this.#reason];
    const reason = this.#reasonOf();
    if (this.#losses.recovering) this.#firstReplyMs ??= nowMs;
    if (to === from && (to !== "unknown" || reason === reasonBefore)) return undefined;
    if (isHeard(to) !== isHeard(from) || to !== from && !isHeard(to)) {
      this.#stateSinceWallMs = wallMs;
      this.#heardSinceMs = nowMs;
    }
    this.#state = to;
    this.#reason = reason;
    if (to !== "unknown") this.#lastKnown = to;
    const lastedMs = nowMs - Math.max(this.#stateSinceMs, startedAtMs);
    this.#stateSinceMs = nowMs;
    const outageMs = this.#outages.goingOn && !this.#losses.stopped
      ? this.#endOutage(nowMs, wallMs)
      : undefined;
    if (to === "down" && !this.#outages.goingOn) this.#beginOutage(startedAtMs);
    const because = { reason, reasonBefore, lastKnown, consecutive, excused, heard };
    return { from, to, ...because, lastedMs, outageMs };
  }

  /**
   * What the rule is worth at the loss as it is estimated; `undefined` where there is no rule, or
   * how losses cluster is unknown.
   */
  worth(application: Application): VerdictWorth | undefined {
    return this.#lessons.worth(application);
  }

  /** How many losses fit into the silence that the adaptive rule waits for, at this pace. */
  fewestLosses(intervalMs: number, timeoutMs: number): number {
    return Math.max(0, Math.ceil((this.#shortestSilenceMs - timeoutMs) / intervalMs));
  }

  /** The conclusion, if the run ended now. */
  verdict(ledger: Ledger): Verdict {
    if (couldNotAsk(ledger, this.#losses.mostExcused)) return "unknown";
    if (!this.#losses.heard) return "never_answered";
    return this.#losses.stopped ? "stopped" : "alive";
  }

  /**
   * The share of the run in which the server was in reach: time that was not observed counts as
   * down for the lower bound, and as up for the upper.
   */
  availability(startedAtMs: number, now: Moment): Interval | undefined {
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
      return isExcuse(this.#reason) ? this.#reason : this.#lastExcuse;
    }
    if (!this.#losses.heard) return "not_heard";
    return this.consecutive === 0 ? "answered" : "unanswered";
  }

  #beginOutage(startedAtMs: number): void {
    this.#outages.begin(this.#silentSince?.atMs ?? startedAtMs);
    this.#reach.outageBegan();
    this.#lessons.alarm();
  }

  #endOutage(nowMs: number, wallMs: number): Interval {
    this.#reach.outageEnded(nowMs);
    const firstReplyMs = this.#firstReplyMs ?? nowMs;
    this.#firstReplyMs = undefined;
    return this.#outages.end(firstReplyMs, wallMs);
  }
}

function isHeard(state: State): boolean {
  return state === "up" || state === "suspect";
}
