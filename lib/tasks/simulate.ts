/**
 * `deno task simulate`: what would my settings do? Prints false alarms and the time to notice a
 * stop, for the given settings and for others, on the same simulated network.
 *
 * @module
 */

import { FALSE_ALARM_EVERY } from "../detect/adaptive_limit.ts";
import { CLIENT_FLAGS } from "../cli/client_flags.ts";
import type { FlagValues } from "../cli/flags.ts";
import { OperatorError } from "../text/operator_error.ts";
import { wholeNumber } from "../cli/quantity.ts";
import { checkBurst, SERVER_FLAGS } from "../cli/server_options.ts";
import type { Terminal } from "../runtime/program.ts";
import {
  type Delays,
  detectionDelays,
  type DetectionRule,
  type DetectionTrial,
  type FalseAlarms,
  falseAlarms,
} from "../simulation/detection.ts";
import { MOST_TARGETS } from "../fleet/target_list.ts";
import { Progress } from "./progress.ts";
import { fleetLine } from "./simulate_fleet.ts";
import { tableRow } from "./table_row.ts";
import { runTask, taskHelp } from "./task_flags.ts";

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
  targets: {
    metavar: "N",
    quantity: wholeNumber(2, MOST_TARGETS),
    help: "only the false alarms of auto for this many servers: --heartbeats each, or a day",
  },
  json: CLIENT_FLAGS.json,
  help: CLIENT_FLAGS.help,
};

const HELP = taskHelp(
  "simulate",
  "Runs the shipped client in a simulated network, and prints how often a rule raises a false " +
    "alarm, and how soon it notices a real stop, beside other rules. Takes about a minute.",
  FLAGS,
);

const row = tableRow(26, 9);

/** Rules that are judged on one path. */
interface Comparison {
  /** What stands above its rows; `undefined`: nothing. */
  readonly title: string | undefined;
  readonly trial: DetectionTrial;
  readonly rules: readonly (readonly [string, DetectionRule | "phi"])[];
  /** Its share of the heartbeats and stops that were asked for. */
  readonly heartbeats: number;
  readonly stops: number;
}

const AT_ONCE: DetectionRule = { maxLosses: "auto", shortestSilenceMs: 0 };

/** At short intervals: `auto` beside itself without the silence that it waits for. */
const SHORT_RULES: Comparison["rules"] = [
  ["auto", { maxLosses: "auto" }],
  ["auto, without its silence", AT_ONCE],
  ["fixed 3", { maxLosses: 3 }],
];

async function main(
  flags: FlagValues<typeof FLAGS>,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const share = flags.loss ?? 0.3;
  if (share === 1) {
    throw new OperatorError("--loss can't be 100% here: no reply would ever show a live server");
  }
  checkBurst(share, flags.burst);
  if (flags["false-alarms"] !== undefined && typeof flags["max-losses"] === "number") {
    throw new OperatorError("--false-alarms is for --max-losses auto; leave one of them out");
  }
  if (flags.interval === 0) {
    throw new OperatorError("--interval can't be 0 here: give a time such as 1s");
  }
  if (flags["max-losses"] === 0) {
    throw new OperatorError("--max-losses 0 gives no verdict to judge");
  }
  const progress = new Progress({ ...terminal, silent: flags.json });
  if (flags.targets !== undefined) return await simulateFleet(flags, share, progress, stop);
  const comparisons = comparisonsOf(flags);
  if (!flags.json) {
    await progress.print(
      " ".repeat(26) + "false alarms".padStart(18) + "a stop is noticed after".padStart(27),
      row("rule", "/10,000", "/day", "mean", "p50", "p99", "missed"),
    );
  }
  const total = comparisons.reduce((sum, { rules }) => sum + 2 * rules.length, 0);
  let done = 0;
  const step = async () => await progress.bar(done++, total);
  for (const { title, trial, rules, heartbeats, stops } of comparisons) {
    const meansS: (number | null)[] = [];
    if (title !== undefined && !flags.json) await progress.print(title);
    for (const [name, candidate] of rules) {
      await step();
      const alarms = falseAlarms(candidate, trial, heartbeats);
      await step();
      const delays = detectionDelays(candidate, trial, stops);
      if (stop.aborted) {
        progress.wipe();
        return 0;
      }
      const figures = figuresOf(alarms, delays);
      meansS.push(figures.detect_mean_s);
      await progress.print(
        flags.json ? ruleJson(name, trial, figures) : figuresRow(name, figures),
      );
    }
    const [waitingS, atOnceS] = meansS;
    if (typeof waitingS !== "number" || typeof atOnceS !== "number") continue;
    const costS = (waitingS - atOnceS).toFixed(2);
    if (title !== undefined && !flags.json) {
      await progress.print(`Waiting for 3 s of silence costs auto ${costS} s here.`);
    }
  }
  progress.wipe();
  return 0;
}

/** Prints the false alarms of a fleet. */
async function simulateFleet(
  flags: FlagValues<typeof FLAGS>,
  share: number,
  progress: Progress,
  stop: AbortSignal,
): Promise<number> {
  const targets = flags.targets!;
  const intervalMs = flags.interval ?? 1000;
  const line = await fleetLine({
    targets,
    heartbeats: flags.heartbeats ?? Math.round(86_400_000 / intervalMs),
    loss: { share, meanBurst: flags.burst },
    seed: flags.seed ?? 1,
    falseAlarmEvery: flags["false-alarms"] ?? FALSE_ALARM_EVERY * targets,
    intervalMs,
    timeoutMs: Math.min(flags.timeout ?? 1000, intervalMs),
  }, { json: flags.json, stop, onProgress: (done, total) => progress.bar(done, total) });
  if (line !== undefined) await progress.print(line);
  progress.wipe();
  return 0;
}

function comparisonsOf(flags: FlagValues<typeof FLAGS>): Comparison[] {
  const seed = flags.seed ?? 1;
  const heartbeats = flags.heartbeats ?? 400_000;
  const stops = flags.stops ?? 2000;
  const maxLosses = flags["max-losses"] ?? "auto";
  const probeFast = flags["probe-fast"];
  const rule: DetectionRule = { maxLosses, falseAlarmEvery: flags["false-alarms"], probeFast };
  const asked: Comparison = {
    title: undefined,
    trial: {
      seed,
      loss: { share: flags.loss ?? 0.3, meanBurst: flags.burst },
      intervalMs: flags.interval ?? 1000,
      timeoutMs: flags.timeout ?? 1000,
    },
    rules: [
      [`${maxLosses}${probeFast ? " --probe-fast" : ""}`, rule],
      ["fixed 3", { maxLosses: 3 }],
      ["fixed 5", { maxLosses: 5 }],
      ["phi-accrual", "phi"],
    ],
    heartbeats,
    stops,
  };
  // A stop takes 240 s of simulated time: 24,000 heartbeats at 10 ms.
  const short = {
    rules: SHORT_RULES,
    heartbeats: Math.ceil(heartbeats / 8),
    stops: Math.ceil(stops / 80),
  };
  const shortTrial = { seed, intervalMs: 10, timeoutMs: 200 };
  return [
    asked,
    {
      ...short,
      title: "every 10 ms, 20% lost in bursts that last 400 ms on average:",
      trial: { ...shortTrial, loss: { share: 0.2, meanBurst: 40 } },
    },
    {
      ...short,
      title: "every 10 ms, 1% lost one by one:",
      trial: { ...shortTrial, loss: { share: 0.01 } },
    },
  ];
}

function figuresRow(name: string, figures: ReturnType<typeof figuresOf>): string {
  const delays = [figures.detect_mean_s, figures.detect_p50_s, figures.detect_p99_s];
  return row(
    name,
    figures.false_alarms_per_10000.toFixed(2),
    figures.false_alarms_per_day.toFixed(figures.false_alarms_per_day < 1000 ? 2 : 0),
    ...delays.map((seconds) => seconds === null ? "-" : `${seconds.toFixed(2)} s`),
    `${figures.missed}`,
  );
}

function ruleJson(
  rule: string,
  { intervalMs, loss }: DetectionTrial,
  figures: ReturnType<typeof figuresOf>,
): string {
  const path = { interval_s: intervalMs / 1000, loss: loss.share, burst: loss.meanBurst ?? null };
  return JSON.stringify({ type: "rule", rule, ...path, ...figures });
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
