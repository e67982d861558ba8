/**
 * The worth of a verdict: how often loss alone would have led to it.
 *
 * Two shares decide it, and both are known only as far as losses were seen. So the figures are
 * ranges: they are computed for 400 equally probable pairs of shares, and hold the middle 90% of
 * what comes out. A few losses make a wide range.
 *
 * @module
 */

import type { Interval } from "../measure/interval.ts";
import type { LossEstimate } from "./loss_estimate.ts";
import {
  type LossRates,
  probabilityOfRun,
  probabilityOfStop,
  rightLimit,
  runsPerHeartbeat,
} from "./run_length.ts";

/** The probability that a server stops, per heartbeat, before anything is known. */
export const STOPS_PER_HEARTBEAT = 1 / 10_000;

/** What is rarer than once in this many heartbeats is not told apart. */
export const RAREST_EVERY = 1_000_000;

/** No probability of a stop is given above this: the model is not as good as that. */
const SUREST = 0.99;

/** The fewest heartbeats from which a limit is advised. */
const ADVICE_HEARTBEATS = 1000;

/** The fewest losses from which a limit is advised. */
const ADVICE_LOSSES = 10;

/** A rule that gives a server up after a number of losses in a row, and where it is applied. */
export interface AppliedRule {
  /** Losses in a row after which the server is given up. */
  readonly limit: number;
  /**
   * Heartbeats that had left while the last of these losses waited, long enough ago to be answered.
   * A reply to one of them would have shown, too, that the server is alive.
   */
  readonly newer: number;
  /** The length of a run, heartbeats. */
  readonly heartbeats: number;
  /** False alarms wanted per heartbeat. */
  readonly falseAlarms: number;
}

/** The worth of a rule. */
export interface VerdictWorth extends Pick<AppliedRule, "limit" | "newer"> {
  /** Losses seen in runs that a reply ended: what all this rests on, 1 or more. */
  readonly losses: number;
  /** The most likely shares lost. */
  readonly rates: LossRates;
  /** Heartbeats from one false alarm to the next, up to {@linkcode RAREST_EVERY}. */
  readonly everyHeartbeats: Interval;
  /** The share of runs of the given length in which loss alone raises the alarm, 0 to 1. */
  readonly shareOfRuns: Interval;
  /**
   * The probability that a server that was just given up has stopped, if it does so once in 10,000
   * heartbeats, up to 0.99.
   */
  readonly stopProbability: number;
  /**
   * The smallest limit, not below the one in use, that very likely raises no more false alarms than
   * wanted; `undefined` before 1,000 heartbeats and ten losses, or if there is none.
   */
  readonly rightLimit: number | undefined;
}

/** Computes the worth of a rule; `undefined` until a run of losses was seen to end. */
export function verdictWorth(rule: AppliedRule, estimate: LossEstimate): VerdictWorth | undefined {
  const { limit, newer, heartbeats, falseAlarms } = rule;
  const { rates, losses } = estimate;
  if (rates === undefined) return undefined;
  const length = limit + newer;
  const pairs = estimate.plausible();
  const runs = pairs.map((pair) => runsPerHeartbeat(pair, length));
  const byRuns = pairs.map((_, i) => i).sort((a, b) => runs[a]! - runs[b]!);
  // Out of 400, the 20 rarest and the 20 most frequent are left out.
  const outside = pairs.length / 20;
  const rarest = byRuns[outside]!;
  const mostFrequent = byRuns[pairs.length - 1 - outside]!;
  const every = (i: number) => Math.min(RAREST_EVERY, 1 / runs[i]!);
  const share = (i: number) => probabilityOfRun(pairs[i]!, length, heartbeats);
  return {
    limit,
    newer,
    losses,
    rates,
    everyHeartbeats: { low: every(mostFrequent), high: every(rarest) },
    shareOfRuns: { low: share(rarest), high: share(mostFrequent) },
    stopProbability: Math.min(SUREST, meanProbabilityOfStop(pairs, length)),
    rightLimit: adviceFrom(estimate)
      ? advisedLimit(pairs, { limit, newer, falseAlarms })
      : undefined,
  };
}

function adviceFrom({ heartbeats, losses }: LossEstimate): boolean {
  return heartbeats >= ADVICE_HEARTBEATS && losses >= ADVICE_LOSSES;
}

/** The limit that is right for all but the worst twentieth of the pairs. */
function advisedLimit(
  pairs: readonly LossRates[],
  { limit, newer, falseAlarms }: Omit<AppliedRule, "heartbeats">,
): number | undefined {
  const lengths = Float64Array.from(pairs, (pair) => rightLimit(pair, falseAlarms) ?? Infinity);
  const length = lengths.sort()[pairs.length - 1 - pairs.length / 20]!;
  return length === Infinity ? undefined : Math.max(limit, length - newer);
}

function meanProbabilityOfStop(pairs: readonly LossRates[], losses: number): number {
  let sum = 0;
  for (const pair of pairs) sum += probabilityOfStop(pair, losses, STOPS_PER_HEARTBEAT);
  return sum / pairs.length;
}
