/**
 * Compares the client's figures with the truth, which a simulated network knows.
 *
 * @module
 */

import type { MonitorSummary } from "../monitor/events.ts";
import { exponentialJitter, type LinkOptions } from "../impairment/link.ts";
import { independentLoss, type LossModel } from "../impairment/loss.ts";
import { derivedRandom } from "../impairment/random.ts";
import { plainProtocol } from "../wire/protocol.ts";
import { type ClockFaults, VirtualClock } from "./virtual_clock.ts";
import { runWorld, type WorldOptions } from "./world.ts";

/** A path on which clocks are compared. */
export interface ClockTrial {
  /** Smallest delay forward, milliseconds. */
  readonly forwardMs: number;
  /** Smallest delay back, milliseconds. */
  readonly backwardMs: number;
  /** Mean of the exponential jitter each way, milliseconds. */
  readonly jitterMs: number;
  /** Share of heartbeats lost, 0 to 1. */
  readonly lossShare: number;
  /** How far the server's clock is ahead at the start, milliseconds. */
  readonly offsetMs: number;
  /** Drift of the server's clock, parts per million; more than 0: it runs fast. */
  readonly driftPpm: number;
  /** Heartbeats in a run, one a second. */
  readonly heartbeats: number;
}

/** The trial that `deno task accuracy` begins with. */
export const CLOCK_TRIAL: ClockTrial = {
  forwardMs: 10,
  backwardMs: 10,
  jitterMs: 5,
  lossShare: 0.3,
  offsetMs: 10,
  driftPpm: 50,
  heartbeats: 1000,
};

/** The errors of the clock figures of many runs. */
export interface ClockAccuracy {
  /** Runs made. */
  readonly runs: number;
  /** Root of the mean square error of the offset at the end of a run, milliseconds. */
  readonly offsetRmsMs: number;
  /** The largest error of the drift, parts per million. */
  readonly driftErrorPpm: number;
  /** Runs whose true offset lay outside the bounds. */
  readonly outside: number;
  /** Mean distance between the bounds, milliseconds. */
  readonly boundsMs: number;
}

/** Compares clocks over a path in many runs, with the seeds from 1 to `runs`. */
export function clockAccuracy(trial: ClockTrial, runs: number): ClockAccuracy {
  let squares = 0;
  let driftErrorPpm = 0;
  let outside = 0;
  let widths = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const { errorS, lowS, highS, driftPpm } = clockRun(trial, seed);
    squares += (errorS * 1000) ** 2;
    driftErrorPpm = Math.max(driftErrorPpm, Math.abs((driftPpm ?? Infinity) - trial.driftPpm));
    if (lowS > 0 || highS < 0) outside++;
    widths += (highS - lowS) * 1000;
  }
  return {
    runs,
    offsetRmsMs: Math.sqrt(squares / runs),
    driftErrorPpm,
    outside,
    boundsMs: widths / runs,
  };
}

/** Runs once; the bounds are relative to the true offset. */
function clockRun(trial: ClockTrial, seed: number) {
  const serverFaults: ClockFaults = { offsetMs: trial.offsetMs, driftPpm: trial.driftPpm };
  const { monitor, truth } = runWorld({
    seed,
    monitor: measuring(trial.heartbeats),
    serverLoss: independentLoss(trial.lossShare, derivedRandom(seed, 3)),
    forward: jittery(trial.forwardMs, trial.jitterMs, seed, 4),
    backward: jittery(trial.backwardMs, trial.jitterMs, seed, 5),
    serverClock: serverFaults,
  });
  const { offsetS, lowS, highS, driftPpm } = monitor.summary().clock!;
  const trueS = new VirtualClock(serverFaults).wallErrorMs(truth.endedAtMs) / 1000;
  return { errorS: offsetS - trueS, lowS: lowS - trueS, highS: highS - trueS, driftPpm };
}

/** The counts of a client, and the true ones. */
export interface CountAccuracy {
  /** The client's figures. */
  readonly summary: MonitorSummary;
  /** Heartbeats without a timely answer. */
  readonly lost: number;
  /** Copies of replies that reached the client. */
  readonly duplicates: number;
  /** Replies that arrived after one to a later heartbeat. */
  readonly reordered: number;
  /** Lost on the way to the server, or dropped by it, up to the last heartbeat in its counts. */
  readonly up: number;
  /** Lost on the way back, up to the last heartbeat in the server's counts. */
  readonly down: number;
  /** The sorted round trips of the heartbeats answered in time, milliseconds. */
  readonly rttsMs: readonly number[];
}

/** The path in {@linkcode countAccuracy}. */
export interface CountTrial {
  /** Seed of the randomness. */
  readonly seed: number;
  /** Heartbeats sent. */
  readonly heartbeats: number;
  /** Share that the server drops, 0 to 1. */
  readonly serverLossShare: number;
  /** Share that is lost each way, 0 to 1. */
  readonly pathLossShare: number;
  /** Share of datagrams doubled each way, 0 to 1. */
  readonly duplicateShare: number;
  /** Share of datagrams overtaken on the way back, 0 to 1. */
  readonly reorderShare: number;
}

/** The trial of `deno task accuracy`. */
export const COUNT_TRIAL: CountTrial = {
  seed: 1,
  heartbeats: 20_000,
  serverLossShare: 0.2,
  pathLossShare: 0.05,
  duplicateShare: 0.05,
  reorderShare: 0.05,
};

/** Counts the events of a bad path, once by the client and once by the network itself. */
export function countAccuracy(trial: CountTrial): CountAccuracy {
  const { seed, duplicateShare } = trial;
  const accepted = new Set<number>();
  const answers = new Map<number, number>();
  const arrivals: number[] = [];
  let duplicates = 0;
  const { monitor } = runWorld({
    seed,
    monitor: { ...measuring(trial.heartbeats), intervalMs: 20 },
    serverLoss: independentLoss(trial.serverLossShare, derivedRandom(seed, 3)),
    forward: { ...path(trial, 4), duplicateShare },
    backward: {
      ...path(trial, 5),
      duplicateShare,
      reorderShare: trial.reorderShare,
      reorderDelayMs: 70,
    },
    onServerEvent: (event) => {
      if (event.type === "replied") accepted.add(event.seq);
    },
    onClientEvent: (event) => {
      if (event.type === "duplicate") duplicates++;
      if (event.type !== "reply" && event.type !== "late") return;
      arrivals.push(event.seq);
      if (event.type === "reply") answers.set(event.seq, event.rttMs);
    },
  });
  const summary = monitor.summary();
  const answered = new Set(arrivals);
  const last = Math.max(0, ...arrivals.filter((seq) => accepted.has(seq)));
  const known = Array.from({ length: last }, (_, i) => i + 1).filter((seq) => !answered.has(seq));
  let newest = 0;
  const reordered = arrivals.filter((seq) => {
    newest = Math.max(newest, seq);
    return seq < newest;
  }).length;
  return {
    summary,
    lost: trial.heartbeats - answers.size,
    duplicates,
    reordered,
    up: known.filter((seq) => !accepted.has(seq)).length,
    down: known.filter((seq) => accepted.has(seq)).length,
    rttsMs: [...answers.values()].sort((a, b) => a - b),
  };
}

/** The settings of a client that never stops, whatever is lost, and lets the server count. */
export function measuring(count: number): WorldOptions["monitor"] {
  return {
    count,
    intervalMs: 1000,
    timeoutMs: 1000,
    maxLosses: 0,
    watch: false,
    protocol: plainProtocol("0000cafe"),
  };
}

function path({ seed, pathLossShare }: CountTrial, part: number): LinkOptions {
  const loss: LossModel = independentLoss(pathLossShare, derivedRandom(seed, part));
  return { ...jittery(10, 5, seed, part + 2), loss };
}

function jittery(delayMs: number, jitterMs: number, seed: number, part: number): LinkOptions {
  return { delayMs, jitter: exponentialJitter(jitterMs, derivedRandom(seed, part)) };
}
