/**
 * How losses are strewn: singly or in runs, near or far from each other (RFC 3357).
 *
 * @module
 */

import { Distribution } from "./distribution.ts";

/** A run of losses: a loss period of RFC 3357. */
export interface LossRun {
  /** The number of the first heartbeat lost in it. */
  readonly firstSeq: number;
  /** When it was sent, milliseconds on the clock that was given. */
  readonly sentAtMs: number;
  /** How many were lost in a row. */
  readonly length: number;
}

/** The pattern of losses so far; `undefined` where nothing has happened yet that could tell. */
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
  /** Share of losses among heartbeats whose predecessor was lost: what decides how much a run of losses says. */
  readonly lossAfterLoss: number | undefined;
  /** Mean loss distance: from one loss to the next, in heartbeats (RFC 3357 section 4). */
  readonly meanLossDistance: number | undefined;
  /** Mean number of heartbeats answered between two runs (RFC 3357 section 6: inter loss period length). */
  readonly meanGap: number | undefined;
}

/** How many of the longest runs are remembered. */
export const WORST_RUNS = 3;

/** Takes the fates of heartbeats in the order of their numbers. */
export class LossPattern {
  #settled = 0;
  #lost = 0;
  #afterReply = { total: 0, lost: 0 };
  #afterLoss = { total: 0, lost: 0 };
  #wasLost: boolean | undefined;
  #lastLostSeq: number | undefined;
  #runs = 0;
  #run: LossRun | undefined;
  #worst: LossRun[] = [];
  readonly #distances = new Distribution();
  readonly #gaps = new Distribution();

  /** Takes the fate of the next heartbeat and when it was sent; numbers rise from call to call. */
  add(seq: number, lost: boolean, sentAtMs: number): void {
    this.#settled++;
    if (this.#wasLost !== undefined) {
      const before = this.#wasLost ? this.#afterLoss : this.#afterReply;
      before.total++;
      if (lost) before.lost++;
    }
    if (lost) this.#lose(seq, sentAtMs);
    this.#wasLost = lost;
  }

  /** The figures so far; a run that is still going on counts as long as it is. */
  figures(): LossPatternFigures {
    const share = ({ total, lost }: { total: number; lost: number }) =>
      total === 0 ? undefined : lost / total;
    return {
      lost: this.#lost,
      settled: this.#settled,
      runs: this.#runs,
      meanRun: this.#runs === 0 ? undefined : this.#lost / this.#runs,
      longestRun: this.#worst[0]?.length ?? 0,
      worstRuns: this.#worst,
      lossAfterReply: share(this.#afterReply),
      lossAfterLoss: share(this.#afterLoss),
      meanLossDistance: this.#distances.spread()?.mean,
      meanGap: this.#gaps.spread()?.mean,
    };
  }

  #lose(seq: number, sentAtMs: number): void {
    this.#lost++;
    const distance = this.#lastLostSeq === undefined ? undefined : seq - this.#lastLostSeq;
    if (distance !== undefined) this.#distances.add(distance);
    if (this.#wasLost && this.#run !== undefined) {
      this.#run = { ...this.#run, length: this.#run.length + 1 };
    } else {
      if (distance !== undefined) this.#gaps.add(distance - 1);
      this.#runs++;
      this.#run = { firstSeq: seq, sentAtMs, length: 1 };
    }
    this.#lastLostSeq = seq;
    this.#rank(this.#run);
  }

  #rank(run: LossRun): void {
    const others = this.#worst.filter(({ firstSeq }) => firstSeq !== run.firstSeq);
    // The sort is stable: of runs of one length the earlier stays first.
    this.#worst = [...others, run].sort((a, b) => b.length - a.length).slice(0, WORST_RUNS);
  }
}
