/**
 * What one process stands: the client with up to ten thousand targets.
 *
 * @module
 */

import { COMMON_FLAGS } from "../../lib/cli/common_flags.ts";
import type { FlagValues } from "../../lib/cli/flags.ts";
import { wholeNumber } from "../../lib/cli/quantity.ts";
import type { Terminal } from "../../lib/runtime/program.ts";
import { Progress } from "../../lib/tasks/progress.ts";
import { taskHelp } from "../../lib/tasks/task_flags.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { compiled } from "./contender.ts";
import { type FleetRun, runFleet, type Transport, TRANSPORTS } from "./fleet_run.ts";
import { median, medianRatio } from "./median.ts";
import { row } from "./row.ts";
import { scrapeLines } from "./scrapes.ts";

/** The flags of `deno task bench targets`. */
export const TARGETS_FLAGS = {
  seconds: {
    metavar: "N",
    quantity: wholeNumber(2, 86_400),
    help: "how long each run takes (default 20)",
  },
  rounds: {
    metavar: "N",
    quantity: wholeNumber(1, 1000),
    help: "rounds to take medians of (default 3)",
  },
  targets: {
    metavar: "N",
    quantity: wholeNumber(1, 50_000),
    help: "only this number of targets, beside one (default 1, 100, 1000 and 10000)",
  },
  scrape: { help: "with metrics that are read every 5 s, and without, in turn" },
  help: COMMON_FLAGS.help,
};

/** What `deno task bench targets --help` prints. */
export const TARGETS_HELP: string = taskHelp(
  "bench targets",
  "Watches up to ten thousand servers from one process, each once a second, with Deno's own calls " +
    "and with libc's, and measures what that costs and how late heartbeats and replies are. The " +
    "servers are one program in C on this machine, which answers from the address that was asked. " +
    "Linux with gcc only.",
  TARGETS_FLAGS,
);

const SIZES = [1, 100, 1000, 10_000];

/** Runs the benchmark, and returns the exit code. */
export async function benchTargets(
  { seconds = 20, rounds = 3, targets, scrape }: FlagValues<typeof TARGETS_FLAGS>,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const sizes = targets === undefined ? SIZES : [...new Set([1, targets])];
  const progress = new Progress(terminal);
  const folder = await Deno.makeTempDir();
  try {
    const responder = await compiled("responder", folder);
    if (responder === undefined) {
      throw new OperatorError("the servers of this benchmark are written in C; is gcc installed?");
    }
    if (scrape) {
      const own = targets === undefined ? SIZES.filter((size) => size !== 100) : [targets];
      const onRun = (size: number, round: number) => {
        stop.throwIfAborted();
        progress.show(`${size} targets: round ${round + 1}`);
      };
      const lines = await scrapeLines({ responder, sizes: own, seconds, rounds, onRun });
      await progress.print(...lines);
      return 0;
    }
    const kinds = sizes.flatMap((size) => TRANSPORTS.map((transport) => ({ size, transport })));
    const runs = kinds.map((kind) => ({ ...kind, measured: [] as FleetRun[] }));
    for (let round = 0; round < rounds; round++) {
      for (const { size, transport, measured } of runs) {
        stop.throwIfAborted();
        progress.show(`${nameOf(size, transport)}: round ${round + 1}`);
        measured.push(await runFleet({ responder, size, transport, seconds }));
      }
    }
    await progress.print(...resultLines(runs, rounds, seconds));
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    progress.wipe();
    await Deno.remove(folder, { recursive: true });
  }
  return stop.aborted ? 1 : 0;
}

interface Runs {
  readonly size: number;
  readonly transport: Transport;
  readonly measured: readonly FleetRun[];
}

function nameOf(size: number, transport: Transport): string {
  return `${size} ${size === 1 ? "target" : "targets"}, ${transport}`;
}

function resultLines(runs: readonly Runs[], rounds: number, seconds: number): string[] {
  const largest = Math.max(...runs.map(({ size }) => size));
  const ratios = TRANSPORTS.map((transport) => {
    const of = (size: number) =>
      runs.find((run) => run.size === size && run.transport === transport)!.measured
        .map(({ rttMs }) => rttMs);
    return `${medianRatio(of(largest), of(1)).toFixed(2)} (${transport})`;
  });
  const figure = (
    measured: readonly FleetRun[],
    name: Exclude<keyof FleetRun, "scrapes">,
    decimals: number,
  ) => {
    const value = median(measured.map((run) => run[name]));
    return Number.isNaN(value) ? "-" : value.toFixed(decimals);
  };
  return [
    `The round trip of ${largest} targets is ${ratios.join(" and ")} of that of one.`,
    "",
    row("A heartbeat a second each", "rtt ms", "late p50", "p99", "max, ms", "of a core"),
    ...runs.map(({ size, transport, measured }) =>
      row(
        nameOf(size, transport),
        figure(measured, "rttMs", 3),
        figure(measured, "lateP50Ms", 2),
        figure(measured, "lateP99Ms", 2),
        figure(measured, "lateMaxMs", 1),
        `${(100 * median(measured.map(({ cpuShare }) => cpuShare))).toFixed(1)}%`,
      )
    ),
    "",
    row("", "sent", "lost here", "pauses", "longest", "MB"),
    ...runs.map(({ size, transport, measured }) =>
      row(
        nameOf(size, transport),
        figure(measured, "sent", 0),
        figure(measured, "lost", 0),
        figure(measured, "pauses", 0),
        figure(measured, "longestPauseMs", 1),
        figure(measured, "residentMb", 0),
      )
    ),
    "",
    `Medians of ${rounds} ${
      rounds === 1 ? "run" : "runs"
    } of ${seconds} s. "Lost here" are replies ` +
    "that the servers sent and",
    "the process did not read; a pause of the process is longer than 20 ms.",
  ];
}
