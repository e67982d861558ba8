/**
 * `deno task bench`: what a heartbeat costs, side by side with others in the same run.
 *
 * Absolute figures change with the machine and with what else it does, so all are measured in turn, round after
 * round, and each round gives a ratio; the medians of these are what counts.
 *
 * @module
 */

import { describeFlags } from "../../lib/cli/flags.ts";
import { COMMON_FLAGS } from "../../lib/cli/common_flags.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { wholeNumber } from "../../lib/cli/quantity.ts";
import { runProgram, type Terminal } from "../../lib/runtime/program.ts";
import { readTaskFlags } from "../../lib/tasks/task_flags.ts";
import {
  contenders,
  NAMES,
  QUIET_SERVER,
  type RunningContender,
  startContender,
} from "./contender.ts";
import { LoadGenerator } from "./load_generator.ts";
import { median, medianRatio } from "./median.ts";
import { measurePace } from "./pace.ts";
import { row } from "./row.ts";
import { measureStart } from "./start.ts";

const FLAGS = {
  rounds: {
    metavar: "N",
    quantity: wholeNumber(3, 1000),
    help: "rounds to take medians of (default 75)",
  },
  help: COMMON_FLAGS.help,
};

const HELP = `Usage: deno task bench [flags]

Measures the server under load, the pace of the client, and how long it takes to start, beside a bare
echo on Deno, plain servers in Python and on Node, and an empty script. Takes some minutes. Linux only.

${describeFlags(FLAGS)}`;

const WINDOW = 200;
const RATE = 20_000;
// Short, as the machine's own speed may change several times a second: then both of a pair have the same.
const ROUND_MS = 100;
// Each takes 10 s for the hardest pace alone.
const PACE_ROUNDS = 3;
const START_ROUNDS = 15;
const LONG_RUN = 1_000_000;

async function main(
  args: readonly string[],
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const flags = readTaskFlags(FLAGS, HELP, args);
  if ("print" in flags) {
    terminal.line(flags.print);
    return 0;
  }
  if (Deno.build.os !== "linux") {
    throw new OperatorError(
      "the benchmark runs on Linux only: it measures by way of /proc and sendmmsg",
    );
  }
  const generator = new LoadGenerator();
  const means = { generator, rounds: flags.rounds ?? 75, stop };
  const print = (lines: readonly string[]) => lines.forEach((line) => terminal.line(line));
  try {
    await withContenders(async (running) => {
      const names = running.map(({ name }) => name);
      print(saturationLines(names, await measure({ window: WINDOW }, running, means)));
      print(paceLines(names, await measure({ perSecond: RATE }, running, means)));
    });
    await longRun(generator, terminal, stop);
    print(await measurePace(PACE_ROUNDS, stop));
    print(await measureStart(START_ROUNDS, stop));
  } catch (error) {
    // At a terminal, Ctrl-C ends the programs that are measured as well, whatever they were about.
    if (!stop.aborted) throw error;
  } finally {
    await generator.stop();
  }
  return stop.aborted ? 1 : 0;
}

/** Starts all contenders, and ends them again. */
async function withContenders(
  use: (running: readonly RunningContender[]) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const running: RunningContender[] = [];
  try {
    for (const contender of contenders(folder)) running.push(await startContender(contender));
    await use(running);
  } finally {
    await Promise.all(running.map((contender) => contender.stop()));
    await Deno.remove(folder, { recursive: true });
  }
}

interface Means {
  readonly generator: LoadGenerator;
  readonly rounds: number;
  readonly stop: AbortSignal;
}

/** What a contender did, round by round. */
class Results {
  readonly perMs: number[] = [];
  readonly costUs: number[] = [];
  readonly lostShare: number[] = [];
  readonly rttP50Ms: number[] = [];
  readonly rttP99Ms: number[] = [];
}

type Load = { readonly window: number } | { readonly perSecond: number };

/** Puts the same load on each contender in turn, round after round. */
async function measure(
  load: Load,
  running: readonly RunningContender[],
  { generator, rounds, stop }: Means,
): Promise<Results[]> {
  const results = running.map(() => new Results());
  // The first round warms them up.
  for (let round = -1; round < rounds; round++) {
    stop.throwIfAborted();
    for (const [i, { port, extension = "", cost }] of running.entries()) {
      const before = await cost();
      const done = await generator.run({ port, durationMs: ROUND_MS, extension, ...load });
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
function saturationLines(names: readonly string[], results: readonly Results[]): string[] {
  const [echo] = results;
  const of = (a: string, b: string) => {
    const [first, second] = [a, b].map((name) => results[names.indexOf(name)]!);
    return medianRatio(first!.perMs, second!.perMs).toFixed(2);
  };
  const { quiet, lines, python, node } = NAMES;
  return [
    row(`As fast as they can, ${WINDOW} on their way`, "1000/s", "of echo", "us each", "of echo"),
    ...results.map(({ perMs, costUs }, i) =>
      row(
        names[i]!,
        ...[median(perMs).toFixed(1), medianRatio(perMs, echo!.perMs).toFixed(2)],
        ...[median(costUs).toFixed(2), medianRatio(costUs, echo!.costUs).toFixed(2)],
      )
    ),
    `heartbeats a second, silent: ${of(quiet, node)} of Node's, ${
      of(quiet, python)
    } of Python's; ` +
    `with lines: ${of(lines, quiet)} of silent`,
    "",
  ];
}

/** The table of an open loop. */
function paceLines(names: readonly string[], results: readonly Results[]): string[] {
  const [echo] = results;
  return [
    row(`${RATE} heartbeats a second`, "us each", "of echo", "lost", "rtt p50", "p99, ms"),
    ...results.map(({ costUs, lostShare, rttP50Ms, rttP99Ms }, i) =>
      row(
        names[i]!,
        ...[median(costUs).toFixed(2), medianRatio(costUs, echo!.costUs).toFixed(2)],
        `${(median(lostShare) * 100).toFixed(2)}%`,
        ...[median(rttP50Ms).toFixed(3), median(rttP99Ms).toFixed(3)],
      )
    ),
    "",
  ];
}

/** Whether the millionth heartbeat costs what the first did. */
async function longRun(
  generator: LoadGenerator,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  const server = await startContender(QUIET_SERVER);
  try {
    terminal.line(row("A long run of the server", "us each", "memory MB"));
    let answered = 0;
    for (let tenth = 1; tenth <= 10; tenth++) {
      stop.throwIfAborted();
      const before = await server.cost();
      const startedAt = answered;
      while (answered < LONG_RUN * tenth / 10) {
        const { received } = await generator.run({
          ...{ port: server.port, durationMs: 100, window: WINDOW, extension: " run=0123abcd" },
        });
        if (received === 0) throw new OperatorError("the server has stopped answering");
        answered += received;
      }
      const after = await server.cost();
      const eachUs = (after.cpuMs - before.cpuMs) * 1000 / (answered - startedAt);
      terminal.line(row(`to ${answered}`, eachUs.toFixed(2), after.residentMb.toFixed(1)));
    }
    terminal.line("");
  } finally {
    await server.stop();
  }
}

if (import.meta.main) await runProgram("bench", main);
