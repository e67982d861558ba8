/**
 * Compares the client's figures with the truth, which a simulated network knows.
 *
 * @module
 */

import type { MonitorSummary } from "../monitor/events.ts";
import { exponentialJitter, type LinkOptions } from "../impairment/link.ts";
import { independentLoss, type LossModel } from "../impairment/loss.ts";
import { derivedRandom } from "../impairment/random.ts";
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
  /** Runs whose true offset, drift or smallest delay lay outside its bounds. */
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
    const { errorS, lowS, highS, driftPpm, isOutside } = clockRun(trial, seed);
    squares += (errorS * 1000) ** 2;
    driftErrorPpm = Math.max(driftErrorPpm, Math.abs((driftPpm ?? Infinity) - trial.driftPpm));
    if (isOutside) outside++;
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

/** Runs once. */
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
  const { offsetS, lowS, highS, driftPpm, driftBoundsPpm, mostOneWayS } = monitor.summary().clock!;
  const trueS = new VirtualClock(serverFaults).wallErrorMs(truth.endedAtMs) / 1000;
  const isOutside = lowS > trueS || highS < trueS ||
    driftBoundsPpm === undefined || driftBoundsPpm.low > trial.driftPpm ||
    driftBoundsPpm.high < trial.driftPpm ||
    mostOneWayS * 1000 < Math.max(trial.forwardMs, trial.backwardMs);
  return { errorS: offsetS - trueS, lowS, highS, driftPpm, isOutside };
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
  /** Lost on the way to the server, or dropped by it, as far as its counts can tell. */
  readonly forward: number;
  /** Lost on the way back, as far as the server's counts can tell. */
  readonly backward: number;
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
  /** How often the server starts anew in mid-run; left out: 0. */
  readonly serverRestarts?: number;
  /** How often the client gets another port in mid-run; left out: 0. */
  readonly clientMoves?: number;
  /**
   * How often the client starts anew, from the same port; its last run is looked at. Left out: 0.
   */
  readonly clientRestarts?: number;
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

/** The same, with a restart of either side. */
export const RESTART_TRIAL: CountTrial = { ...COUNT_TRIAL, serverRestarts: 1, clientRestarts: 1 };

const INTERVAL_MS = 20;
const RESTART_MS = 500;

/** Counts the events of a bad path, once by the client and once by the network itself. */
export function countAccuracy(trial: CountTrial): CountAccuracy {
  const { seed, duplicateShare, heartbeats } = trial;
  const { serverRestarts = 0, clientMoves = 0, clientRestarts = 0 } = trial;
  const runs = clientRestarts + 1;
  const restarts = Array.from({ length: serverRestarts }, (_, i) => {
    const fromMs = (i + 1) / (serverRestarts + 1) * heartbeats * INTERVAL_MS;
    return { fromMs, untilMs: fromMs + RESTART_MS };
  });
  const clientMovesAtMs = Array.from(
    { length: clientMoves },
    (_, i) => (i + 1) / (clientMoves + 1) * heartbeats * INTERVAL_MS,
  );
  let truth = new CountTruth();
  const { monitor } = runWorld({
    seed,
    monitor: { ...measuring(heartbeats), intervalMs: INTERVAL_MS },
    clientRuns: runs,
    clientMovesAtMs,
    serverDown: restarts,
    serverLoss: independentLoss(trial.serverLossShare, derivedRandom(seed, 3)),
    forward: { ...path(trial, 4), duplicateShare },
    backward: {
      ...path(trial, 5),
      duplicateShare,
      reorderShare: trial.reorderShare,
      reorderDelayMs: 70,
    },
    onServerEvent: (event, atMs) => {
      if (event.type !== "replied") return;
      const life = restarts.filter(({ untilMs }) => atMs >= untilMs).length;
      truth.accept(`${life} ${event.client.port}`, event.seq);
    },
    onClientEvent: (event) => {
      if (event.type === "sent" && event.seq === 1) truth = new CountTruth();
      if (event.type === "duplicate") truth.duplicates++;
      if (event.type !== "reply" && event.type !== "late") return;
      truth.arrivals.push(event.seq);
      if (event.type === "reply") truth.rttsMs.push(event.rttMs);
    },
  });
  return { summary: monitor.summary(), ...truth.figures(heartbeats) };
}

/** What the network saw of one run. */
class CountTruth {
  /** The heartbeats that the server has accepted, of each stretch that it counts apart. */
  readonly #accepted = new Map<string, Set<number>>();
  readonly arrivals: number[] = [];
  readonly rttsMs: number[] = [];
  duplicates = 0;

  accept(stretch: string, seq: number): void {
    const accepted = this.#accepted.get(stretch) ?? new Set();
    this.#accepted.set(stretch, accepted.add(seq));
  }

  figures(heartbeats: number): Omit<CountAccuracy, "summary"> {
    const answered = new Set(this.arrivals);
    let forward = 0;
    let backward = 0;
    for (const [i, accepted] of [...this.#accepted.values()].entries()) {
      // The first stretch has missed all before its first; of later ones, that isn't known.
      const first = i === 0 ? 1 : Math.min(...accepted);
      const last = Math.max(0, ...this.arrivals.filter((seq) => accepted.has(seq)));
      for (let seq = first; seq <= last; seq++) {
        if (answered.has(seq)) continue;
        if (accepted.has(seq)) backward++;
        else forward++;
      }
    }
    let newest = 0;
    const reordered = this.arrivals.filter((seq) => {
      newest = Math.max(newest, seq);
      return seq < newest;
    }).length;
    return {
      lost: heartbeats - this.rttsMs.length,
      duplicates: this.duplicates,
      reordered,
      forward,
      backward,
      rttsMs: this.rttsMs.toSorted((a, b) => a - b),
    };
  }
}

/** The settings of a client that never stops, whatever is lost. */
export function measuring(count: number): WorldOptions["monitor"] {
  return {
    count,
    intervalMs: 1000,
    timeoutMs: 1000,
    maxLosses: 0,
    watch: false,
  };
}

function path({ seed, pathLossShare }: CountTrial, part: number): LinkOptions {
  const loss: LossModel = independentLoss(pathLossShare, derivedRandom(seed, part));
  return { ...jittery(10, 5, seed, part + 2), loss };
}

function jittery(delayMs: number, jitterMs: number, seed: number, part: number): LinkOptions {
  return { delayMs, jitter: exponentialJitter(jitterMs, derivedRandom(seed, part)) };
}
