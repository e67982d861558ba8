/**
 * The figures of a run, or of a part of it, from its replies and losses.
 *
 * @module
 */

import { Distribution, type Spread } from "../measure/distribution.ts";
import { InterarrivalJitter } from "../measure/interarrival_jitter.ts";
import type { TransitionCounts } from "../measure/loss_interval.ts";
import { LossPattern, type LossPatternFigures } from "../measure/loss_pattern.ts";
import { Reordering, type ReorderingFigures } from "../measure/reordering.ts";
import { SmoothedRtt } from "../measure/smoothed_rtt.ts";
import type { Answer } from "./ledger.ts";

/**
 * Round trips as seen by someone who waits for every heartbeat: that of a lost one is infinite, and
 * stands as `undefined`, as does a percentile of too few heartbeats.
 */
export interface SpreadOfSent {
  /** Half of all heartbeats took no longer. */
  readonly median: number | undefined;
  /** 90% of all heartbeats took no longer. */
  readonly p90: number | undefined;
  /** 95% of all heartbeats took no longer. */
  readonly p95: number | undefined;
  /** 99% of all heartbeats took no longer. */
  readonly p99: number | undefined;
  /** 99.9% of all heartbeats took no longer. */
  readonly p999: number | undefined;
}

/** The figures of a run or of a part of it; a figure that isn't known is `undefined`. */
export interface Figures {
  /** Heartbeats answered in time. */
  readonly received: number;
  /** Heartbeats not answered in time; a late reply doesn't change that (RFC 6673). */
  readonly lost: number;
  /** Lost heartbeats that were answered after all. */
  readonly late: number;
  /** Replies to heartbeats that had been answered already. */
  readonly duplicates: number;
  /** Heartbeats that were answered more than once (RFC 5560 section 5.2). */
  readonly replicated: number;
  /** lost / (received + lost). */
  readonly lossRatio: number | undefined;
  /**
   * What the interval of the loss is told from, `loss_interval.ts`; that takes longer than all
   * other figures, and few people ask for it.
   */
  readonly transitions: TransitionCounts;
  /** How losses are spread over the run. */
  readonly pattern: LossPatternFigures;
  /** Round trips of the heartbeats answered in time, milliseconds. */
  readonly rttMs: Spread | undefined;
  /** The same of all heartbeats that are settled (RFC 7679 section 5.1). */
  readonly rttOfSentMs: SpreadOfSent;
  /** Smoothed round trip, milliseconds (RFC 6298). */
  readonly srttMs: number | undefined;
  /** Retransmission timeout, milliseconds (RFC 6298, without its floor). */
  readonly rtoMs: number | undefined;
  /**
   * Changes of the round trip from one heartbeat to the next, milliseconds (RFC 3393, absolute
   * values).
   */
  readonly ipdvMs: Spread | undefined;
  /** The same of the delay forward; no synchronised clocks are needed, as an offset cancels. */
  readonly forwardIpdvMs: Spread | undefined;
  /** The same of the delay back. */
  readonly backwardIpdvMs: Spread | undefined;
  /** Interarrival jitter of the round trip, milliseconds (RFC 3550). */
  readonly jitterMs: number | undefined;
  /** Interarrival jitter of the delay forward, milliseconds. */
  readonly forwardJitterMs: number | undefined;
  /** Reordering of the replies (RFC 4737). */
  readonly reordering: ReorderingFigures;
}

/** How much is kept of what is measured. */
export interface MeasurementsOptions {
  /** How many values each distribution keeps exactly; left out: 100,000. */
  readonly exactValues?: number | undefined;
  /**
   * A heartbeat that is this much older than the newest answered one gets no more replies; left
   * out: any may.
   */
  readonly remembered?: number | undefined;
}

/** Measures a run or a part of it, one observation at a time. */
export class Measurements {
  /** The round trips of the heartbeats answered in time, milliseconds. */
  readonly roundTrips: Distribution;
  readonly #ipdv: Distribution;
  readonly #forwardIpdv: Distribution;
  readonly #backwardIpdv: Distribution;
  readonly #jitter = new InterarrivalJitter();
  readonly #forwardJitter = new InterarrivalJitter();
  readonly #smoothed = new SmoothedRtt();
  readonly #pattern = new LossPattern();
  readonly #reordering: Reordering;
  #lastArrived: Answer | undefined;
  #lost = 0;
  #late = 0;
  #duplicates = 0;
  #replicated = 0;

  /** Begins without figures. */
  constructor({ exactValues, remembered }: MeasurementsOptions = {}) {
    this.roundTrips = new Distribution(exactValues);
    this.#ipdv = new Distribution(exactValues);
    this.#forwardIpdv = new Distribution(exactValues);
    this.#backwardIpdv = new Distribution(exactValues);
    this.#reordering = new Reordering(remembered);
  }

  /**
   * A heartbeat was answered in time.
   *
   * @param before the answer to the heartbeat before it, if there is one already
   * @param after the answer to the heartbeat after it, if there is one already: it has overtaken
   * this one
   */
  answered(seq: number, answer: Answer, before?: Answer, after?: Answer): void {
    this.roundTrips.add(answer.rttMs);
    this.#smoothed.add(answer.rttMs);
    this.#reordering.add(seq);
    if (before !== undefined) this.#vary(before, answer);
    if (after !== undefined) this.#vary(answer, after);
    this.#jitter.add(answer.rttMs);
    // An echo has no time difference.
    if (answer.timeDifferenceS === undefined) return;
    const transitMs = answer.timeDifferenceS * 1000;
    if (
      this.#lastArrived === undefined || forwardChangeMs(this.#lastArrived, answer) !== undefined
    ) {
      this.#forwardJitter.add(transitMs);
    } else {
      this.#forwardJitter.rebase(transitMs);
    }
    this.#lastArrived = answer;
  }

  /** Heartbeats answered in time. */
  get received(): number {
    return this.roundTrips.count;
  }

  /** Heartbeats lost, late ones included. */
  get losses(): number {
    return this.#lost;
  }

  /** Lost heartbeats that were answered after all. */
  get lateReplies(): number {
    return this.#late;
  }

  /** Replies to heartbeats that had been answered already. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Replies that came after the reply to a later heartbeat. */
  get reordered(): number {
    return this.#reordering.reordered;
  }

  /** The smoothed round trip so far, milliseconds; `undefined` before the first one. */
  get srttMs(): number | undefined {
    return this.#smoothed.srttMs;
  }

  /** The retransmission timeout so far, milliseconds; `undefined` before the first round trip. */
  get rtoMs(): number | undefined {
    return this.#smoothed.rtoMs;
  }

  /** A heartbeat was lost. */
  lost(): void {
    this.#lost++;
  }

  /** A lost heartbeat was answered after all. */
  late(seq: number): void {
    this.#late++;
    this.#reordering.add(seq);
  }

  /** A heartbeat that had been answered was answered again; `first`: for the first time. */
  duplicate(first: boolean): void {
    this.#duplicates++;
    if (first) this.#replicated++;
  }

  /**
   * The next heartbeat, in the order of their numbers, is settled: it was answered in time, or is
   * lost.
   */
  settled(seq: number, lost: boolean, sentAtMs: number): void {
    this.#pattern.add(seq, lost, sentAtMs);
  }

  /** The figures so far. */
  figures(): Figures {
    const received = this.roundTrips.count;
    const settled = received + this.#lost;
    const ofSent = (share: number) => this.roundTrips.percentile(share, this.#lost);
    return {
      received,
      lost: this.#lost,
      late: this.#late,
      duplicates: this.#duplicates,
      replicated: this.#replicated,
      lossRatio: settled === 0 ? undefined : this.#lost / settled,
      transitions: this.#pattern.transitions,
      pattern: this.#pattern.figures(),
      rttMs: this.roundTrips.spread(),
      rttOfSentMs: {
        median: ofSent(0.5),
        p90: ofSent(0.9),
        p95: ofSent(0.95),
        p99: ofSent(0.99),
        p999: ofSent(0.999),
      },
      srttMs: this.#smoothed.srttMs,
      rtoMs: this.#smoothed.rtoMs,
      ipdvMs: this.#ipdv.spread(),
      forwardIpdvMs: this.#forwardIpdv.spread(),
      backwardIpdvMs: this.#backwardIpdv.spread(),
      jitterMs: this.#jitter.value,
      forwardJitterMs: this.#forwardJitter.value,
      reordering: this.#reordering.figures(),
    };
  }

  #vary(first: Answer, second: Answer): void {
    this.#ipdv.add(Math.abs(second.rttMs - first.rttMs));
    const forwardMs = forwardChangeMs(first, second);
    if (forwardMs === undefined) return;
    this.#forwardIpdv.add(Math.abs(forwardMs));
    this.#backwardIpdv.add(Math.abs(second.rttMs - first.rttMs - forwardMs));
  }
}

// The most that a drift of 100 ppm adds between two heartbeats ten seconds apart.
const DRIFT_MS = 1;

/**
 * By how much the delay forward changed, milliseconds; `undefined` where a reply has no time
 * difference, or a clock has stepped: a delay is never longer than its round trip, so a larger
 * change is a step.
 */
function forwardChangeMs(first: Answer, second: Answer): number | undefined {
  if (first.timeDifferenceS === undefined || second.timeDifferenceS === undefined) return undefined;
  const changeMs = (second.timeDifferenceS - first.timeDifferenceS) * 1000;
  return Math.abs(changeMs) <= Math.max(first.rttMs, second.rttMs) + DRIFT_MS
    ? changeMs
    : undefined;
}
