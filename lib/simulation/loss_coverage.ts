/**
 * How often the interval of the loss ratio holds the truth.
 *
 * @module
 */

import { lossModel, type LossOptions } from "../impairment/loss.ts";
import { seededRandom } from "../impairment/random.ts";
import type { Interval } from "../measure/interval.ts";
import { jeffreysInterval } from "../measure/jeffreys.ts";
import { lossInterval } from "../measure/loss_interval.ts";
import { LossPattern } from "../measure/loss_pattern.ts";

/** The shares of runs whose interval held the true loss, 0 to 1. */
export interface LossCoverage {
  /** By the interval that the client reports. */
  readonly covered: number;
  /** By one that takes losses as independent (Jeffreys). */
  readonly ifIndependent: number;
  /** Mean distance between the bounds that the client reports, 0 to 1. */
  readonly width: number;
}

/** Makes runs on a path, with the seeds from 1 to `runs`. */
export function lossCoverage(loss: LossOptions, heartbeats: number, runs: number): LossCoverage {
  let [covered, ifIndependent, width] = [0, 0, 0];
  const holds = ({ low, high }: Interval) => low <= loss.share && loss.share <= high;
  for (let seed = 1; seed <= runs; seed++) {
    const lose = lossModel(loss, seededRandom(seed));
    const pattern = new LossPattern();
    for (let seq = 1; seq <= heartbeats; seq++) pattern.add(seq, lose(), seq);
    const { transitions } = pattern;
    const interval = lossInterval(transitions);
    if (holds(interval)) covered++;
    if (holds(jeffreysInterval(transitions.lost, heartbeats))) ifIndependent++;
    width += interval.high - interval.low;
  }
  return { covered: covered / runs, ifIndependent: ifIndependent / runs, width: width / runs };
}
