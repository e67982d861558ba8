/**
 * Decides which datagrams are lost: independently, or in bursts.
 *
 * A model is called once per datagram, in order, and draws exactly one number per call, so that a
 * seed repeats its decisions at any share.
 *
 * @module
 */

import type { Random } from "./random.ts";

/** Decides the fate of the next datagram: `true` if it is lost. */
export type LossModel = () => boolean;

/** Describes a loss model. */
export interface LossOptions {
  /** Share of datagrams lost in the long run, 0 to 1. */
  readonly share: number;
  /** Mean number of datagrams lost in a row; left out: losses are independent. */
  readonly meanBurst?: number | undefined;
}

/**
 * Makes the model that the options describe.
 *
 * @throws {RangeError} if the mean burst is shorter than {@linkcode shortestMeanBurst}
 */
export function lossModel(options: LossOptions, random: Random): LossModel {
  const { share, meanBurst } = options;
  return meanBurst === undefined
    ? independentLoss(share, random)
    : gilbertLoss(share, meanBurst, random);
}

/** Loses each datagram with the same probability, independent of all others (Bernoulli). */
export function independentLoss(share: number, random: Random): LossModel {
  return () => random() < share;
}

/**
 * Loses datagrams in bursts: Gilbert's two-state chain ("Capacity of a burst-noise channel", 1960)
 * in its simple form, like netem's `gemodel p r`. A loss is followed by another with probability 1
 * - r, a delivery by a loss with probability p. It follows that share = p / (p + r) and mean burst
 * = 1 / r.
 *
 * @throws {RangeError} if the mean burst is shorter than {@linkcode shortestMeanBurst}
 */
export function gilbertLoss(share: number, meanBurst: number, random: Random): LossModel {
  if (!(meanBurst >= shortestMeanBurst(share))) {
    throw new RangeError(
      `Cannot lose a share of ${share} in bursts of ${meanBurst} on average: ` +
        `the shortest mean burst is ${shortestMeanBurst(share)}`,
    );
  }
  const lossAfterLoss = 1 - 1 / meanBurst;
  const lossAfterDelivery = share === 1 ? 1 : share / meanBurst / (1 - share);
  // Nothing precedes the first datagram: it is lost with the long-run share.
  let lossNext = share;
  return () => {
    const lost = random() < lossNext;
    lossNext = lost ? lossAfterLoss : lossAfterDelivery;
    return lost;
  };
}

/**
 * The shortest mean burst that a share of losses allows: 1 up to one half, share / (1 - share)
 * above it.
 */
export function shortestMeanBurst(share: number): number {
  // 0.8 / (1 - 0.8) is 4 but for the error of doubles.
  return Math.max(1, Number((share / (1 - share)).toPrecision(12)));
}
