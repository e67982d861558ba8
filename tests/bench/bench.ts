/**
 * `deno task bench`: the cost of a heartbeat, side by side with other programs in the same run.
 *
 * Absolute figures change with the machine and with its other work. So all programs are measured in
 * turn, each round gives a ratio, and the medians of the ratios are the result.
 *
 * @module
 */

import { COMMON_FLAGS } from "../../lib/cli/common_flags.ts";
import type { FlagValues } from "../../lib/cli/flags.ts";
import { wholeNumber } from "../../lib/cli/quantity.ts";
import type { Terminal } from "../../lib/runtime/program.ts";
import { Progress } from "../../lib/tasks/progress.ts";
import { runTask, taskHelp } from "../../lib/tasks/task_flags.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";
import {
  contenders,
  nativePeers,
  QUIET_SERVER,
  roundTripTools,
  type RunningContender,
  startContender,
} from "./contender.ts";
import { LoadGenerator } from "./load_generator.ts";
import { measurePace } from "./pace.ts";
import { measureRounds, type OnRound, paceLines, saturationLines } from "./rounds.ts";
import { measureRoundTrips } from "./round_trip.ts";
import { row } from "./row.ts";
import { measureStart } from "./start.ts";
import { benchTargets, TARGETS_FLAGS, TARGETS_HELP } from "./targets.ts";

const FLAGS = {
  rounds: {
    metavar: "N",
    quantity: wholeNumber(1, 1000),
    help: "rounds to take medians of (default 75)",
  },
  heartbeats: {
    metavar: "N",
    quantity: wholeNumber(1000, 1_000_000_000),
    help: "heartbeats of the long run, and milliseconds of the longest round of round trips; the " +
      "client sends a hundredth (default 1000000)",
  },
  help: COMMON_FLAGS.help,
};

const HELP = taskHelp(
  "bench",
  "Measures the server under load, the pace of the client, and how long it takes to start, beside " +
    "a bare echo on Deno, plain servers in Python and on Node, one in C where gcc is, irtt, sockperf " +
    "and fping where they are installed, and a script that sends one datagram. Takes ten minutes. " +
    "Linux only.",
  FLAGS,
);

const WINDOW = 200;
const CLOSED_LOOPS = [{ window: WINDOW }, { window: WINDOW, sockets: 16 }, { window: 1 }];
const RATE = 20_000;
// At most; a round of the pace takes 20 s at its hardest.
const PACE_ROUNDS = 3;
const TRIP_ROUNDS = 5;
const START_ROUNDS = 15;
const LONG_RUN_ROUND_MS = 100;

async function main(
  flags: FlagValues<typeof FLAGS>,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  if (Deno.build.os !== "linux") {
    throw new OperatorError(
      "the benchmark runs on Linux only: it measures by way of /proc and sendmmsg",
    );
  }
  const { rounds = 75, heartbeats = 1_000_000 } = flags;
  const progress = new Progress(terminal);
  const onRound: OnRound = (measurement, round) => {
    stop.throwIfAborted();
    progress.show(`${measurement}: round ${round + 1}`);
  };
  const generator = new LoadGenerator();
  try {
    await withContenders(async (running) => {
      const names = running.map(({ name }) => name);
      const means = { generator, rounds, onRound };
      for (const [i, load] of CLOSED_LOOPS.entries()) {
        const closed = await measureRounds(load, running, { ...means, warm: i > 0 });
        await progress.print(...saturationLines(load, names, closed));
      }
      // What other tools' servers answer has no number to find its round trip by.
      const own = running.filter(({ foreign }) => foreign === undefined);
      const open = await measureRounds({ perSecond: RATE }, own, means);
      await progress.print(...paceLines(RATE, own.map(({ name }) => name), open));
    });
    await progress.print(...await measureLongRun(generator, heartbeats, onRound));
    await withFolder(async (folder) => {
      const tools = await roundTripTools(folder);
      if (tools === undefined) return;
      const tripRounds = Math.min(rounds, TRIP_ROUNDS);
      await progress.print(...await measureRoundTrips(tools, tripRounds, heartbeats, onRound));
    });
    const paceRounds = Math.min(rounds, PACE_ROUNDS);
    await progress.print(...await measurePace(paceRounds, heartbeats / 100, onRound));
    await progress.print(...await measureStart(Math.min(rounds, START_ROUNDS), onRound));
  } catch (error) {
    // At a terminal, Ctrl-C also ends the programs that are measured, and any measurement may fail
    // of that.
    if (!stop.aborted) throw error;
  } finally {
    progress.wipe();
    await generator.stop();
  }
  return stop.aborted ? 1 : 0;
}

/** Starts all contenders, and ends them again. */
async function withContenders(
  use: (running: readonly RunningContender[]) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const running: RunningContender[] = [];
    try {
      const all = [...contenders(folder), ...await nativePeers(folder)];
      for (const contender of all) running.push(await startContender(contender));
      await use(running);
    } finally {
      await Promise.all(running.map((contender) => contender.stop()));
    }
  });
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Whether the last heartbeats of a long run cost what the first did: the lines to print. */
async function measureLongRun(
  generator: LoadGenerator,
  heartbeats: number,
  onRound: OnRound,
): Promise<string[]> {
  const server = await startContender(QUIET_SERVER);
  try {
    const lines = [row("A long run of the server", "us each", "memory MB")];
    const order = { port: server.port, window: WINDOW, checked: true };
    let answered = 0;
    for (let tenth = 1; tenth <= 10; tenth++) {
      onRound("long run", tenth - 1);
      const before = await server.cost();
      const startedAt = answered;
      while (answered < heartbeats * tenth / 10) {
        const { received } = await generator.run({ durationMs: LONG_RUN_ROUND_MS, ...order });
        if (received === 0) throw new OperatorError("the server has stopped answering");
        answered += received;
      }
      // A tenth of few heartbeats may have been answered before it began.
      if (answered === startedAt) continue;
      const after = await server.cost();
      const eachUs = (after.cpuMs - before.cpuMs) * 1000 / (answered - startedAt);
      lines.push(row(`up to ${answered}`, eachUs.toFixed(2), after.residentMb.toFixed(1)));
    }
    return [...lines, ""];
  } finally {
    await server.stop();
  }
}

if (import.meta.main) {
  if (Deno.args[0] === "targets") {
    await runTask("bench targets", TARGETS_FLAGS, TARGETS_HELP, benchTargets);
  } else {
    await runTask("bench", FLAGS, HELP, main);
  }
}
