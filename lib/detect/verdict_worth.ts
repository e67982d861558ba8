/**
 * The worth of a verdict, at a given loss.
 *
 * @module
 */

import {
  type LossRates,
  probabilityOfRun,
  probabilityOfStop,
  rightLimit,
  runsPerHeartbeat,
} from "./run_length.ts";

/** The probability that a server stops, per heartbeat, before anything is known. */
export const STOPS_PER_HEARTBEAT = 1 / 10_000;

/** A rule that gives a server up after a number of losses in a row, and where it is applied. */
export interface AppliedRule {
  /** Losses in a row after which the server is given up. */
  readonly limit: number;
  /**
   * Heartbeats that leave while the last of these losses waits in vain. A reply to one of them
   * would show, too, that the server is alive. 0 if a heartbeat is given up before the next one
   * leaves.
   */
  readonly newer: number;
  /** The loss, as it is estimated. */
  readonly rates: LossRates;
}

/** The worth of a rule. */
export interface VerdictWorth extends AppliedRule {
  /** Mean number of heartbeats from one false alarm to the next; `Infinity`: there is none. */
  readonly everyHeartbeats: number;
  /** The share of runs of the given length in which loss alone raises the alarm, 0 to 1. */
  readonly shareOfRuns: number;
  /** The probability that a server that was just given up has really stopped. */
  readonly stopProbability: number;
  /** The smallest limit with no more false alarms than wanted; `undefined`: there is none. */
  readonly rightLimit: number | undefined;
}

/**
 * Computes the worth of a rule.
 *
 * @param heartbeats length of a run
 * @param falseAlarms wanted per heartbeat
 */
export function verdictWorth(
  rule: AppliedRule,
  heartbeats: number,
  falseAlarms: number,
): VerdictWorth {
  const { limit, newer, rates } = rule;
  const length = limit + newer;
  const rightLength = rightLimit(rates, falseAlarms);
  return {
    ...rule,
    everyHeartbeats: 1 / runsPerHeartbeat(rates, length),
    shareOfRuns: probabilityOfRun(rates, length, heartbeats),
    stopProbability: probabilityOfStop(rates, length, STOPS_PER_HEARTBEAT),
    rightLimit: rightLength && Math.max(1, rightLength - newer),
  };
}
