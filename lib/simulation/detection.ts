/**
 * How good a rule's verdicts are: its false alarms, and the time that it needs to notice a real
 * stop.
 *
 * @module
 */

import type { MonitorOptions } from "../monitor/options.ts";
import { type LinkOptions, lognormalJitter } from "../impairment/link.ts";
import { lossModel, type LossOptions } from "../impairment/loss.ts";
import { derivedRandom } from "../impairment/random.ts";
import { PhiAccrual } from "./phi_accrual.ts";
import type { Period } from "./periods.ts";
import { runWorld, type WorldOptions } from "./world.ts";

/**
 * The settings of a rule, as the monitor takes them. In its place, `phi` stands for phi-accrual
 * with Pekko's parameters, on the same replies.
 */
export type DetectionRule = Pick<
  MonitorOptions,
  "maxLosses" | "falseAlarmEvery" | "probeFast" | "shortestSilenceMs"
>;

/** The path on which rules are compared. */
export interface DetectionTrial {
  /** Seed of the path's accidents. */
  readonly seed: number;
  /** Which heartbeats are lost. */
  readonly loss: LossOptions;
  /** From one heartbeat to the next, milliseconds. */
  readonly intervalMs: number;
  /** How long a heartbeat waits for its reply, milliseconds. */
  readonly timeoutMs: number;
}

/** How often a rule gave a server up that was alive. */
export interface FalseAlarms {
  /** Heartbeats sent to a server that never stopped. */
  readonly heartbeats: number;
  /** False alarms. */
  readonly alarms: number;
  /** Simulated time of the run, milliseconds. */
  readonly durationMs: number;
}

/** How soon a rule noticed that a server had stopped. */
export interface Delays {
  /**
   * Times from a stop to its alarm, milliseconds, sorted. A stop that comes during an earlier alarm
   * is left out.
   */
  readonly delaysMs: readonly number[];
  /** Stops that were not noticed within {@linkcode LONGEST_OUTAGE_MS}. */
  readonly missed: number;
}

/** How long the server stays down at each stop, milliseconds. */
export const LONGEST_OUTAGE_MS = 120_000;

/**
 * How long the server runs between two stops, milliseconds: enough to learn what loss is like
 * again.
 */
const UPTIME_MS = 120_000;

/** A server that is down is asked no more often than this, milliseconds. */
const DOWN_INTERVAL_MS = 1000;

/** Counts the alarms about a server that never stops. */
export function falseAlarms(
  rule: DetectionRule | "phi",
  trial: DetectionTrial,
  heartbeats: number,
): FalseAlarms {
  let alarms = 0;
  const { monitor, truth } = watch(rule, trial, heartbeats, [], () => alarms++);
  return { heartbeats: monitor.summary().sent, alarms, durationMs: truth.endedAtMs };
}

/** Measures how soon the stops of a server are noticed; they come at random moments. */
export function detectionDelays(
  rule: DetectionRule | "phi",
  trial: DetectionTrial,
  stops: number,
): Delays {
  const random = derivedRandom(trial.seed, 9);
  const cycleMs = UPTIME_MS + LONGEST_OUTAGE_MS + trial.intervalMs;
  const serverDown: Required<Period>[] = Array.from({ length: stops }, (_, i) => {
    const fromMs = i * cycleMs + UPTIME_MS + random() * trial.intervalMs;
    return { fromMs, untilMs: fromMs + LONGEST_OUTAGE_MS };
  });
  const delaysMs: number[] = [];
  let next = 0;
  let alarmed = false;
  let blind = 0;
  const pass = (atMs: number) => {
    // Stops that ended before this moment were missed, or came during an alarm.
    while (next < stops && serverDown[next]!.untilMs <= atMs) {
      if (alarmed) blind++;
      next++;
    }
  };
  watch(rule, trial, Math.ceil(stops * cycleMs / trial.intervalMs) * 6, serverDown, (atMs) => {
    pass(atMs);
    alarmed = true;
    const stop = serverDown[next];
    if (stop === undefined || atMs < stop.fromMs) return;
    delaysMs.push(atMs - stop.fromMs);
    next++;
  }, (atMs) => {
    pass(atMs);
    alarmed = false;
  }, stops * cycleMs);
  const missed = stops - delaysMs.length - blind;
  return { delaysMs: delaysMs.sort((a, b) => a - b), missed };
}

/** The share of runs, each by a client that knows nothing yet, that end in a false alarm. */
export function coldFalseAlarms(
  rule: DetectionRule,
  trial: DetectionTrial,
  heartbeats: number,
  runs: number,
): number {
  let alarmed = 0;
  for (let run = 1; run <= runs; run++) {
    let alarms = 0;
    watch(rule, { ...trial, seed: trial.seed + run }, heartbeats, [], () => alarms++);
    if (alarms > 0) alarmed++;
  }
  return alarmed / runs;
}

/** Runs the monitor in watch over such a path, and reports when each alarm begins and ends. */
function watch(
  rule: DetectionRule | "phi",
  trial: DetectionTrial,
  heartbeats: number,
  serverDown: readonly Period[],
  onAlarm: (atMs: number) => void,
  onEnd: (atMs: number) => void = () => {},
  stopAtMs?: number,
): ReturnType<typeof runWorld> {
  const { seed, loss, intervalMs, timeoutMs } = trial;
  const monitor: Omit<MonitorOptions, "target"> = {
    count: heartbeats,
    intervalMs,
    timeoutMs,
    watch: true,
    recover: 1,
    ...(rule === "phi" ? { maxLosses: 0 } : rule),
  };
  // Whether a heartbeat leaves sooner than the interval, as probes do, or later, as to a server
  // that is down: it must find the burst that is going on.
  const probeFast = rule !== "phi" && rule.probeFast === true;
  const lastsInTime = (probeFast || intervalMs < DOWN_INTERVAL_MS) && loss.meanBurst !== undefined;
  const world: WorldOptions = {
    seed,
    monitor,
    serverDown,
    stopAtMs,
    ...(lastsInTime
      ? { partitions: burstsInTime(trial, stopAtMs ?? heartbeats * intervalMs) }
      : { serverLoss: lossModel(loss, derivedRandom(seed, 3)) }),
    forward: halfRoundTrip(seed, 4),
    backward: halfRoundTrip(seed, 5),
  };
  if (rule === "phi") return watchWithPhi(world, intervalMs, onAlarm, onEnd);
  return runWorld({
    ...world,
    onClientEvent: (event, atMs) => {
      if (event.type !== "state") return;
      if (event.to === "down") onAlarm(atMs);
      else if (event.from === "down") onEnd(atMs);
    },
  });
}

/**
 * Bursts of loss as stretches of time. Heartbeats at the interval find in them the same chain of
 * losses that `gilbertLoss` makes; more frequent ones find the same bursts more often. The path is
 * a two-state Markov process in continuous time, whose rates follow from exp(-(rates) x interval) =
 * (p11 - share) / (1 - share).
 */
export function burstsInTime(
  { seed, loss, intervalMs }: DetectionTrial,
  untilMs: number,
): Period[] {
  const { share, meanBurst = 1 } = loss;
  const lossAfterLoss = 1 - 1 / meanBurst;
  const bothRates = -Math.log(Math.max(1e-9, (lossAfterLoss - share) / (1 - share))) / intervalMs;
  const random = derivedRandom(seed, 6);
  const lastingMs = (meanMs: number) => -meanMs * Math.log(1 - random());
  const periods: Period[] = [];
  for (let atMs = 0; atMs < untilMs;) {
    const fromMs = atMs + lastingMs(1 / (bothRates * share));
    atMs = fromMs + lastingMs(1 / (bothRates * (1 - share)));
    periods.push({ fromMs, untilMs: atMs });
  }
  return periods;
}

function watchWithPhi(
  world: WorldOptions,
  intervalMs: number,
  onAlarm: (atMs: number) => void,
  onEnd: (atMs: number) => void,
): ReturnType<typeof runWorld> {
  const detector = new PhiAccrual(intervalMs);
  const result = runWorld({
    ...world,
    onClientEvent: (event, atMs) => {
      if (event.type !== "reply") return;
      const suspectAtMs = detector.suspectAtMs;
      if (suspectAtMs < atMs) {
        onAlarm(suspectAtMs);
        onEnd(atMs);
      }
      detector.heartbeat(atMs);
    },
  });
  // No reply ends the last silence.
  if (detector.suspectAtMs < result.truth.endedAtMs) onAlarm(detector.suspectAtMs);
  return result;
}

/** One way of a round trip with a median of 20 ms, as on long paths. */
function halfRoundTrip(seed: number, part: number): LinkOptions {
  return { jitter: lognormalJitter(10, 0.3, derivedRandom(seed, part)) };
}
