/**
 * How losses are spread over a run: singly or in runs, near or far from each other (RFC 3357).
 *
 * @module
 */

import type { TransitionCounts } from "./loss_interval.ts";
import { RunningMean } from "./running_mean.ts";

/** A run of losses: a loss period of RFC 3357. */
export interface LossRun {
  /** Number of the first heartbeat lost in it. */
  readonly firstSeq: number;
  /** When that was sent, milliseconds on the monotonic clock. */
  readonly sentAtMs: number;
  /** How many were lost in a row. */
  readonly length: number;
}

/** The pattern of losses so far; a figure that nothing is known of yet is `undefined`. */
export interface LossPatternFigures {
  /** Heartbeats that were lost. */
  readonly lost: number;
  /** Heartbeats that were settled: answered in time or lost. */
  readonly settled: number;
  /** Runs of losses (RFC 3357: loss periods). */
  readonly runs: number;
  /** Mean length of a run. */
  readonly meanRun: number | undefined;
  /** Length of the longest run. */
  readonly longestRun: number;
  /** The longest runs, the longest first. */
  readonly worstRuns: readonly LossRun[];
  /** Share of losses among heartbeats whose predecessor was answered. */
  readonly lossAfterReply: number | undefined;
  /**
   * Share of losses among heartbeats whose predecessor was lost. It decides how much a run of
   * losses says about the server.
   */
  readonly lossAfterLoss: number | undefined;
  /** Mean loss distance: from one loss to the next, in heartbeats (RFC 3357 section 4). */
  readonly meanLossDistance: number | undefined;
  /**
   * Mean number of heartbeats answered between two runs (RFC 3357 section 6: inter loss period
   * length).
   */
  readonly meanGap: number | undefined;
}

/** How many of the longest runs are remembered. */
export const WORST_RUNS = 3;

/** Takes the fates of heartbeats in the order of their numbers. */
export class LossPattern {
  #settled = 0;
  #lost = 0;
  readonly #afterReply = { answered: 0, lost: 0 };
  readonly #afterLoss = { answered: 0, lost: 0 };
  #wasLost: boolean | undefined;
  #lastLostSeq: number | undefined;
  #runs = 0;
  #run: Mutable<LossRun> | undefined;
  /** The longest runs, the longest first; of runs of one length, the earlier first. */
  readonly #worst: Mutable<LossRun>[] = [];
  readonly #distances = new RunningMean();
  readonly #gaps = new RunningMean();

  /** Takes the fate of the next heartbeat and when it was sent; numbers rise from call to call. */
  add(seq: number, lost: boolean, sentAtMs: number): void {
    this.#settled++;
    if (this.#wasLost !== undefined) {
      const before = this.#wasLost ? this.#afterLoss : this.#afterReply;
      if (lost) before.lost++;
      else before.answered++;
    }
    if (lost) this.#lose(seq, sentAtMs);
    this.#wasLost = lost;
  }

  /** How often heartbeats were lost after a reply, and after a loss. */
  get transitions(): TransitionCounts {
    return {
      settled: this.#settled,
      lost: this.#lost,
      answeredAfterReply: this.#afterReply.answered,
      lostAfterReply: this.#afterReply.lost,
      answeredAfterLoss: this.#afterLoss.answered,
      lostAfterLoss: this.#afterLoss.lost,
    };
  }

  /** The figures so far; a run that is still going on counts with its length so far. */
  figures(): LossPatternFigures {
    const share = ({ answered, lost }: { answered: number; lost: number }) =>
      answered + lost === 0 ? undefined : lost / (answered + lost);
    return {
      lost: this.#lost,
      settled: this.#settled,
      runs: this.#runs,
      meanRun: this.#runs === 0 ? undefined : this.#lost / this.#runs,
      longestRun: this.#worst[0]?.length ?? 0,
      worstRuns: this.#worst.map((run) => ({ ...run })),
      lossAfterReply: share(this.#afterReply),
      lossAfterLoss: share(this.#afterLoss),
      meanLossDistance: this.#distances.value,
      meanGap: this.#gaps.value,
    };
  }

  #lose(seq: number, sentAtMs: number): void {
    this.#lost++;
    const distance = this.#lastLostSeq === undefined ? undefined : seq - this.#lastLostSeq;
    if (distance !== undefined) this.#distances.add(distance);
    if (this.#wasLost && this.#run !== undefined) {
      this.#run.length++;
    } else {
      if (distance !== undefined) this.#gaps.add(distance - 1);
      this.#runs++;
      this.#run = { firstSeq: seq, sentAtMs, length: 1 };
    }
    this.#lastLostSeq = seq;
    this.#rank(this.#run);
  }

  /** Moves the newest run, which has just grown, to its place among the worst. */
  #rank(run: Mutable<LossRun>): void {
    const worst = this.#worst;
    let place = worst.indexOf(run);
    if (place === -1) {
      place = worst.length;
      if (place === WORST_RUNS && worst[--place]!.length >= run.length) return;
      worst[place] = run;
    }
    for (; place > 0 && worst[place - 1]!.length < run.length; place--) {
      worst[place] = worst[place - 1]!;
      worst[place - 1] = run;
    }
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
