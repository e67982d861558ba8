/**
 * The same load on each contender in turn, round after round, and the tables of that.
 *
 * @module
 */

import { formatCount } from "../../lib/text/units.ts";
import { NAMES, type RunningContender } from "./contender.ts";
import type { LoadGenerator } from "./load_generator.ts";
import { median, medianRatio } from "./median.ts";
import { row } from "./row.ts";

/**
 * Is called before each round of a measurement, with the measurement's name.
 *
 * @throws when the user wants the benchmark to end
 */
export type OnRound = (measurement: string, round: number) => void;

/** A closed loop with this many heartbeats on their way, or an open loop of this many a second. */
export type Load =
  | { readonly window: number; readonly sockets?: number }
  | { readonly perSecond: number };

// Short, as the machine's own speed may change several times a second: then both of a pair have the
// same.
const ROUND_MS = 100;

/** The figures of a contender, one for each round. */
export class Results {
  /** Heartbeats answered per millisecond. */
  readonly perMs: number[] = [];
  /** Processor time per heartbeat, microseconds. */
  readonly costUs: number[] = [];
  /** Share of heartbeats lost. */
  readonly lostShare: number[] = [];
  /** Median round trip, milliseconds. */
  readonly rttP50Ms: number[] = [];
  /** The round trip that 99% stay below, milliseconds. */
  readonly rttP99Ms: number[] = [];
}

/** Puts the same load on each contender in turn, round after round. */
export async function measureRounds(
  load: Load,
  running: readonly RunningContender[],
  { generator, rounds, onRound, warm = false }: {
    readonly generator: LoadGenerator;
    readonly rounds: number;
    readonly onRound: OnRound;
    /** Whether they have had such a load before. */
    readonly warm?: boolean;
  },
): Promise<Results[]> {
  const results = running.map(() => new Results());
  // The first round of the first load warms them up.
  for (let round = warm ? 0 : -1; round < rounds; round++) {
    onRound("window" in load ? "closed loop" : "open loop", round);
    for (const [i, { port, checked = false, foreign, cost }] of running.entries()) {
      const before = await cost();
      const order = { port, durationMs: ROUND_MS, checked, foreign, ...load };
      const done = await generator.run(order);
      const cpuMs = (await cost()).cpuMs - before.cpuMs;
      if (round < 0) continue;
      const { perMs, costUs, lostShare, rttP50Ms, rttP99Ms } = results[i]!;
      perMs.push(done.receivedInTime / done.elapsedMs);
      costUs.push(cpuMs * 1000 / done.received);
      lostShare.push(1 - done.received / done.sent);
      rttP50Ms.push(done.rttP50Ms ?? NaN);
      rttP99Ms.push(done.rttP99Ms ?? NaN);
    }
  }
  return results;
}

/** The table of a closed loop, and the ratios that we hold ourselves to. */
export function saturationLines(
  { window, sockets = 1 }: { readonly window: number; readonly sockets?: number },
  names: readonly string[],
  results: readonly Results[],
): string[] {
  const echo = results[0]!;
  const of = (a: string, b: string, whose: string) => {
    const [first, second] = [a, b].map((name) => results[names.indexOf(name)]?.perMs);
    if (first === undefined || second === undefined) return [];
    return [`${medianRatio(first, second).toFixed(2)} of ${whose}`];
  };
  const { quiet, lines, python, node, native, c, irtt, sockperf } = NAMES;
  const plain = [...of(quiet, node, "Node's"), ...of(quiet, python, "Python's")].join(", ");
  const nativeRatios = [
    ...of(native, quiet, "the plain one"),
    ...of(native, c, "C's"),
    ...of(native, irtt, "irtt's"),
    ...of(native, sockperf, "sockperf's"),
    ...of(native, python, "Python's"),
  ].join(", ");
  const title = `As fast as they can, ${window} on their way` +
    (sockets === 1 ? "" : `, ${sockets} sockets`);
  return [
    row(title, "1000/s", "of echo", "us each", "of echo"),
    ...results.map(({ perMs, costUs }, i) =>
      row(
        names[i]!,
        median(perMs).toFixed(1),
        medianRatio(perMs, echo.perMs).toFixed(2),
        median(costUs).toFixed(2),
        medianRatio(costUs, echo.costUs).toFixed(2),
      )
    ),
    `heartbeats a second, silent: ${plain}; with lines: ${of(lines, quiet, "silent").join("")}`,
    `native: ${nativeRatios}`,
    ...fewRoundsLines(echo.perMs.length),
    "",
  ];
}

/** Ratios of fewer rounds than this are told as what they are. */
const FEWEST_ROUNDS = 15;

/** What is said below ratios, where they are of too few rounds. */
export function fewRoundsLines(rounds: number): string[] {
  if (rounds >= FEWEST_ROUNDS) return [];
  return [`These are medians of ${formatCount(rounds, "round")} only: too few to go by.`];
}

/** The table of an open loop. */
export function paceLines(
  perSecond: number,
  names: readonly string[],
  results: readonly Results[],
): string[] {
  const echo = results[0]!;
  return [
    row(`${perSecond} heartbeats a second`, "us each", "of echo", "lost", "rtt p50", "p99, ms"),
    ...results.map(({ costUs, lostShare, rttP50Ms, rttP99Ms }, i) =>
      row(
        names[i]!,
        median(costUs).toFixed(2),
        medianRatio(costUs, echo.costUs).toFixed(2),
        `${(median(lostShare) * 100).toFixed(2)}%`,
        median(rttP50Ms).toFixed(3),
        median(rttP99Ms).toFixed(3),
      )
    ),
    ...fewRoundsLines(echo.costUs.length),
    "",
  ];
}
