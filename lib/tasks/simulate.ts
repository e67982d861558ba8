/**
 * `deno task simulate`: what would my settings do? Prints false alarms and the time to notice a
 * stop, for the given settings and for others, on the same simulated network.
 *
 * @module
 */

import { CLIENT_FLAGS } from "../cli/client_options.ts";
import { describeFlags, type FlagValues } from "../cli/flags.ts";
import { OperatorError } from "../text/operator_error.ts";
import { wholeNumber } from "../cli/quantity.ts";
import { SERVER_FLAGS } from "../cli/server_options.ts";
import { shortestMeanBurst } from "../impairment/loss.ts";
import type { Terminal } from "../runtime/program.ts";
import {
  type Delays,
  detectionDelays,
  type DetectionRule,
  type DetectionTrial,
  type FalseAlarms,
  falseAlarms,
} from "../simulation/detection.ts";
import { Progress } from "./progress.ts";
import { tableRow } from "./table_row.ts";
import { runTask } from "./task_flags.ts";

const FLAGS = {
  loss: { ...SERVER_FLAGS.loss, help: "share of heartbeats lost (default 30%)" },
  burst: { ...SERVER_FLAGS.burst, help: "mean length of a run of losses (default: independent)" },
  seed: { ...SERVER_FLAGS.seed, help: "repeats a simulation (default 1)" },
  interval: { ...CLIENT_FLAGS.interval, help: "from one heartbeat to the next (default 1s)" },
  timeout: CLIENT_FLAGS.timeout,
  "max-losses": {
    ...CLIENT_FLAGS["max-losses"],
    help: "the rule to judge, a number or auto (default auto)",
  },
  "false-alarms": CLIENT_FLAGS["false-alarms"],
  "probe-fast": CLIENT_FLAGS["probe-fast"],
  heartbeats: {
    metavar: "N",
    quantity: wholeNumber(1000, 100_000_000),
    help: "heartbeats to a server that never stops (default 400000)",
  },
  stops: {
    metavar: "N",
    quantity: wholeNumber(10, 1_000_000),
    help: "stops to be noticed (default 2000)",
  },
  json: CLIENT_FLAGS.json,
  help: CLIENT_FLAGS.help,
};

const HELP = `Usage: deno task simulate [flags]

Runs the shipped client in a simulated network, and prints how often a rule raises a false alarm,
and how soon it notices a real stop, beside other rules.

${describeFlags(FLAGS)}`;

const row = tableRow(20, 14);

async function main(
  flags: FlagValues<typeof FLAGS>,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const share = flags.loss ?? 0.3;
  if (flags.burst !== undefined && flags.burst < shortestMeanBurst(share)) {
    throw new OperatorError(`--burst must be at least ${shortestMeanBurst(share)} at that loss`);
  }
  if (flags.interval === 0) {
    throw new OperatorError("--interval can't be 0 here: give a time such as 1s");
  }
  if (flags["max-losses"] === 0) {
    throw new OperatorError("--max-losses 0 gives no verdict to judge");
  }
  const trial: DetectionTrial = {
    seed: flags.seed ?? 1,
    loss: { share, meanBurst: flags.burst },
    intervalMs: flags.interval ?? 1000,
    timeoutMs: flags.timeout ?? 1000,
  };
  const maxLosses = flags["max-losses"] ?? "auto";
  const rule: DetectionRule = {
    maxLosses,
    falseAlarmEvery: flags["false-alarms"],
    probeFast: flags["probe-fast"],
  };
  const rules: [string, DetectionRule | "phi"][] = [
    [`${maxLosses}${rule.probeFast ? " --probe-fast" : ""}`, rule],
    ["fixed 3", { maxLosses: 3 }],
    ["fixed 5", { maxLosses: 5 }],
    ["phi-accrual", "phi"],
  ];
  const progress = new Progress({ ...terminal, silent: flags.json });
  if (!flags.json) {
    const names = ["alarms/10,000", "alarms/day", "detect mean", "p50", "p99", "missed"];
    await progress.print(row("rule", ...names));
  }
  let done = 0;
  const step = async () => await progress.bar(done++, rules.length * 2);
  for (const [name, candidate] of rules) {
    await step();
    const alarms = falseAlarms(candidate, trial, flags.heartbeats ?? 400_000);
    await step();
    const delays = detectionDelays(candidate, trial, flags.stops ?? 2000);
    if (stop.aborted) break;
    const figures = figuresOf(alarms, delays);
    await progress.print(
      flags.json
        ? JSON.stringify({ type: "rule", rule: name, ...figures })
        : figuresRow(name, figures),
    );
  }
  progress.wipe();
  return 0;
}

function figuresRow(name: string, figures: ReturnType<typeof figuresOf>): string {
  const delays = [figures.detect_mean_s, figures.detect_p50_s, figures.detect_p99_s];
  return row(
    name,
    figures.false_alarms_per_10000.toFixed(2),
    figures.false_alarms_per_day.toFixed(2),
    ...delays.map((seconds) => seconds === null ? "-" : `${seconds.toFixed(2)} s`),
    `${figures.missed}`,
  );
}

function figuresOf(alarms: FalseAlarms, { delaysMs, missed }: Delays) {
  const seconds = (ms: number | undefined) => ms === undefined ? null : ms / 1000;
  const at = (share: number) => seconds(delaysMs[Math.ceil(share * delaysMs.length) - 1]);
  const sum = delaysMs.reduce((total, ms) => total + ms, 0);
  return {
    heartbeats: alarms.heartbeats,
    false_alarms: alarms.alarms,
    false_alarms_per_10000: alarms.alarms / alarms.heartbeats * 10_000,
    false_alarms_per_day: alarms.alarms / alarms.durationMs * 86_400_000,
    stops: delaysMs.length + missed,
    missed,
    detect_mean_s: delaysMs.length === 0 ? null : sum / delaysMs.length / 1000,
    detect_p50_s: at(0.5),
    detect_p99_s: at(0.99),
  };
}

if (import.meta.main) await runTask("simulate", FLAGS, HELP, main);
