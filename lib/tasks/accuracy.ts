/**
 * `deno task accuracy`: how right the client's figures are, in simulated networks where the truth
 * is known.
 *
 * @module
 */

import { COMMON_FLAGS } from "../cli/common_flags.ts";
import type { FlagValues } from "../cli/flags.ts";
import { wholeNumber } from "../cli/quantity.ts";
import type { LossOptions } from "../impairment/loss.ts";
import type { Terminal } from "../runtime/program.ts";
import {
  CLOCK_TRIAL,
  clockAccuracy,
  type ClockTrial,
  COUNT_TRIAL,
  countAccuracy,
  type CountTrial,
  measuring,
  RESTART_TRIAL,
} from "../simulation/accuracy.ts";
import { lossCoverage } from "../simulation/loss_coverage.ts";
import { runWorld } from "../simulation/world.ts";
import { heldBytes } from "./held_bytes.ts";
import { canCollectGarbage, memoryTable } from "./monitor_memory.ts";
import { Progress } from "./progress.ts";
import { tableRow } from "./table_row.ts";
import { runTask, taskHelp } from "./task_flags.ts";

const FLAGS = {
  runs: {
    metavar: "N",
    quantity: wholeNumber(1, 100_000),
    help: "runs for each row about clocks, a tenth of those about loss (default 200)",
  },
  heartbeats: {
    metavar: "N",
    quantity: wholeNumber(10_000, 100_000_000),
    help: "heartbeats of the long run (default 1000000)",
  },
  help: COMMON_FLAGS.help,
};

const HELP = taskHelp(
  "accuracy",
  "Runs the shipped client in simulated networks, and prints its figures beside the truth: " +
    "clocks, loss, counts, round trips, and the memory and time that its books take. Takes about " +
    "a minute.",
  FLAGS,
);

/** The shorter of the two runs whose books are compared. */
const SHORT_RUN = 10_000;

const CLOCK_PATHS: readonly (readonly [name: string, changes: Partial<ClockTrial>])[] = [
  ["10/10 ms, drift 50 ppm", {}],
  ["10/10 ms, no drift", { driftPpm: 0 }],
  ["10/20 ms, drift 50 ppm", { backwardMs: 20 }],
  ["10/10 ms, 100 heartbeats", { heartbeats: 100 }],
];

const row = tableRow(32, 12);

/** The paths on which the interval of the loss ratio is tried. */
const LOSSES: readonly (readonly [name: string, loss: LossOptions])[] = [0.05, 0.3].flatMap((
  share,
) => [
  [`${share * 100}% lost, independent`, { share }],
  [`${share * 100}% lost in bursts of 3`, { share, meanBurst: 3 }],
  [`${share * 100}% lost in bursts of 10`, { share, meanBurst: 10 }],
]);
/** Runs for each of those, for one about clocks. */
const LOSS_RUNS = 10;

async function main(
  flags: FlagValues<typeof FLAGS>,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const { runs = 200, heartbeats = 1_000_000 } = flags;
  const steps: (() => string[])[] = [
    () => [
      row("clocks, 30% of 1,000 lost", "offset RMS", "drift error", "outside", "bounds"),
    ],
    ...CLOCK_PATHS.map(([name, changes]) => () => [clockRow(name, changes, runs)]),
    () => ["", row("95% interval holds the loss", "of 1,000", "of 3,000", "if indep.")],
    ...LOSSES.map(([name, loss]) => () => [lossRow(name, loss, LOSS_RUNS * runs)]),
    () => countRows("counts, 20,000 heartbeats", COUNT_TRIAL),
    () => countRows("the same, each side starts anew", RESTART_TRIAL),
    () => ["", row("books of a run", "memory held", "early, each", "late, each")],
    ...[SHORT_RUN, heartbeats].map((count) => () => [bookRow(count)]),
  ];
  if (canCollectGarbage()) {
    steps.push(() => ["", ...memoryTable().map(([name, ...cells]) => row(name!, ...cells))]);
  }
  const progress = new Progress(terminal);
  for (const [done, step] of steps.entries()) {
    await progress.bar(done, steps.length);
    if (stop.aborted) break;
    await progress.print(...step());
  }
  progress.wipe();
  return stop.aborted ? 1 : 0;
}

function clockRow(name: string, changes: Partial<ClockTrial>, runs: number): string {
  const accuracy = clockAccuracy({ ...CLOCK_TRIAL, ...changes }, runs);
  return row(
    name,
    `${accuracy.offsetRmsMs.toFixed(4)} ms`,
    `${accuracy.driftErrorPpm.toFixed(3)} ppm`,
    `${accuracy.outside} of ${accuracy.runs}`,
    `${accuracy.boundsMs.toFixed(2)} ms`,
  );
}

function lossRow(name: string, loss: LossOptions, runs: number): string {
  const [short, long] = [lossCoverage(loss, 1000, runs), lossCoverage(loss, 3000, runs)];
  const shares = [short.covered, long.covered, long.ifIndependent];
  return row(name, ...shares.map((share) => `${(share * 100).toFixed(1)}%`));
}

function countRows(name: string, trial: CountTrial): string[] {
  const { summary, rttsMs, ...truth } = countAccuracy(trial);
  const { lost, duplicates, reordering, direction, rttMs } = summary;
  const quantile = (share: number) => rttsMs[Math.ceil(share * rttsMs.length) - 1]!;
  return [
    "",
    row(name, "client", "truth"),
    row("lost", `${lost}`, `${truth.lost}`),
    row("duplicates", `${duplicates}`, `${truth.duplicates}`),
    row("reordered", `${reordering.reordered}`, `${truth.reordered}`),
    row("lost on the way out", `${direction?.forward}`, `${truth.forward}`),
    row("lost on the way back", `${direction?.backward}`, `${truth.backward}`),
    row("round trip p99, ms", rttMs!.p99!.toFixed(6), quantile(0.99).toFixed(6)),
    row("round trip p99.9, ms", rttMs!.p999!.toFixed(6), quantile(0.999).toFixed(6)),
  ];
}

function bookRow(heartbeats: number): string {
  const { heldMb, earlyUs, lateUs } = longRun(heartbeats);
  return row(
    `${heartbeats} heartbeats`,
    `${heldMb.toFixed(1)} MB`,
    `${earlyUs.toFixed(2)} us`,
    `${lateUs.toFixed(2)} us`,
  );
}

/**
 * Runs a client over this number of heartbeats: the memory that its books hold when the garbage is
 * gone, and the cost of a heartbeat in the second tenth of the run and in the last.
 */
function longRun(heartbeats: number): { heldMb: number; earlyUs: number; lateUs: number } {
  const before = heldBytes();
  const tenth = heartbeats / 10;
  const marks: number[] = [];
  const { monitor } = runWorld({
    seed: 1,
    monitor: measuring(heartbeats),
    forward: { delayMs: 10 },
    onClientEvent: (event) => {
      if (event.type === "reply" && event.seq % tenth === 0) marks.push(performance.now());
    },
  });
  const heldMb = (heldBytes() - before) / 2 ** 20;
  if (monitor.summary().received !== heartbeats) throw new Error("heartbeats were lost");
  const costUs = (from: number, to: number) => (to - from) * 1000 / tenth;
  return { heldMb, earlyUs: costUs(marks[0]!, marks[1]!), lateUs: costUs(marks[8]!, marks[9]!) };
}

if (import.meta.main) await runTask("accuracy", FLAGS, HELP, main);
