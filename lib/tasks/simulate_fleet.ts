/**
 * `deno task simulate --targets N`: how many false alarms a whole fleet raises.
 *
 * @module
 */

import { lossModel, type LossOptions } from "../impairment/loss.ts";
import { derivedRandom } from "../impairment/random.ts";
import { alarmsOf, type AlarmTrial } from "../simulation/fleet_alarms.ts";

/** So many are simulated between two looks at the clock. */
const TARGETS_A_STEP = 10;

/** A fleet whose servers never stop. */
export interface FleetTrial extends Omit<AlarmTrial, "loss"> {
  /** How many servers it has. */
  readonly targets: number;
  /** Which heartbeats are lost. */
  readonly loss: LossOptions;
  /** Repeats the losses. */
  readonly seed: number;
}

/**
 * Simulates a fleet, and returns the line to print; `undefined`: it was stopped before its end.
 *
 * @param onProgress takes the targets that are done, and all of them
 */
export async function fleetLine(
  { targets, loss, seed, ...trial }: FleetTrial,
  { json, stop, onProgress }: {
    readonly json: boolean;
    readonly stop: AbortSignal;
    readonly onProgress: (done: number, total: number) => Promise<void>;
  },
): Promise<string | undefined> {
  let alarms = 0;
  for (let i = 0; i < targets; i++) {
    if (i % TARGETS_A_STEP === 0) await onProgress(i, targets);
    if (stop.aborted) return undefined;
    alarms += alarmsOf({ ...trial, loss: lossModel(loss, derivedRandom(seed, i)) });
  }
  const sent = targets * trial.heartbeats;
  const allowed = sent / trial.falseAlarmEvery;
  if (json) {
    return JSON.stringify({ type: "fleet", targets, sent, false_alarms: alarms, allowed });
  }
  return `${targets} servers, ${sent} heartbeats: ${alarms} false alarms; at most ` +
    `${allowed.toFixed(1)} are allowed`;
}
