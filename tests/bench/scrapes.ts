/**
 * What it costs that the metrics of many targets are read: in time, in memory, and in heartbeats
 * that leave late.
 *
 * @module
 */

import { TURN_MS } from "../../lib/runtime/in_turns.ts";
import { isDeparture, isTransmit } from "../../lib/machine/machine.ts";
import { vitalsOf } from "../../lib/monitor/vitals.ts";
import { ShownFigures } from "../../lib/monitor/shown_figures.ts";
import { Monitor } from "../../lib/monitor/monitor.ts";
import { fleetPage } from "../../lib/views/fleet_page.ts";
import { MetricsWriter } from "../../lib/views/metrics.ts";
import type { Watch } from "../../lib/views/watch.ts";
import { type FleetRun, runFleet } from "./fleet_run.ts";
import { median } from "./median.ts";
import { row } from "./row.ts";

/** What is measured. */
export interface ScrapeBench {
  /** The compiled `responder.c`. */
  readonly responder: string;
  /** How many targets, of each measurement. */
  readonly sizes: readonly number[];
  /** How long each run takes. */
  readonly seconds: number;
  /** Rounds to take medians of. */
  readonly rounds: number;
  /** Called before each run. */
  readonly onRun: (size: number, round: number) => void;
}

const SCRAPE_EVERY_MS = 5000;

/** Measures, and makes the lines to print. */
export async function scrapeLines(bench: ScrapeBench): Promise<string[]> {
  const { responder, sizes, seconds, rounds, onRun } = bench;
  const lines = [
    row("Metrics, read every 5 s", "MB", "ms", "turn p50", "max, ms", "p99 late", "not read"),
  ];
  const memory = [row("", "MB held", "not read", "lost here", "sent late", "not read")];
  const pages = [row("The page", "ms in all", "turn p50", "max, ms")];
  for (const size of sizes) {
    const [read, not]: [FleetRun[], FleetRun[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      onRun(size, round);
      const run = { responder, size, transport: "plain", seconds } as const;
      not.push(await runFleet(run));
      read.push(await runFleet({ ...run, scrapeEveryMs: SCRAPE_EVERY_MS }));
    }
    const scrapes = read.flatMap((run) => run.scrapes);
    const watch = heardWatch(size);
    const writer = new MetricsWriter();
    const { turnsMs: turns } = makingOf(() => writer.write(watch));
    pages.push(...["", "rows=1000"].map((query) => {
      const { totalMs, turnsMs } = makingOf(() => fleetPage(watch, new URLSearchParams(query)));
      return row(
        `${nameOf(size)}, ${query === "" ? "100 rows" : "1000 rows"}`,
        totalMs.toFixed(1),
        median(turnsMs).toFixed(2),
        Math.max(...turnsMs).toFixed(2),
      );
    }));
    const name = nameOf(size);
    const of = (runs: readonly FleetRun[], figure: Exclude<keyof FleetRun, "scrapes">) =>
      median(runs.map((run) => run[figure]));
    lines.push(row(
      name,
      (median(scrapes.map(({ bytes }) => bytes)) / 1e6).toFixed(3),
      median(scrapes.map(({ ms }) => ms)).toFixed(0),
      median(turns).toFixed(2),
      Math.max(...turns).toFixed(2),
      figureText(of(read, "lateP99Ms")),
      figureText(of(not, "lateP99Ms")),
    ));
    memory.push(row(
      name,
      of(read, "residentMb").toFixed(0),
      of(not, "residentMb").toFixed(0),
      of(read, "lost").toFixed(0),
      figureText(of(read, "lateP50Ms")),
      figureText(of(not, "lateP50Ms")),
    ));
  }
  return [
    ...lines,
    "",
    ...memory,
    "",
    ...pages,
    "",
    `Medians of ${rounds} ${
      rounds === 1 ? "run" : "runs"
    } of ${seconds} s each way. A turn is how ` +
    "long the loop makes a text at a",
    "time, measured without heartbeats; the longest takes in V8's collections.",
  ];
}

function nameOf(size: number): string {
  return `${size} ${size === 1 ? "target" : "targets"}`;
}

function figureText(value: number): string {
  return Number.isNaN(value) ? "-" : value.toFixed(2);
}

const HEARTBEATS = 20;
const READINGS = 10;

/** A fleet whose monitors have heard replies. */
function heardWatch(size: number): Watch {
  const targets = Array.from({ length: size }, (_, i) => {
    const target = `10.0.0.1:${i}`;
    const monitor = heardMonitor();
    const vitals = () => vitalsOf(monitor.parts, HEARTBEATS * 1000);
    const place = { endpoint: undefined, unresolved: undefined };
    const summary = () => monitor.summary();
    return { name: `server-${i}`, target, labels: {}, ...place, vitals, summary };
  });
  return {
    targets,
    watcher: { stalls: 0, missedMs: 0, sendDelays: undefined, strays: 0, blind: [] },
    list: undefined,
    maxLosses: 3,
    falseAlarmEvery: undefined,
    ...{ intervalMs: 1000, timeoutMs: 1000, wallMs: 0 },
    program: { version: "", transport: "deno", startedAtWallMs: 0, residentBytes: 0 },
  };
}

/** What making a text takes of the loop. */
interface Making {
  /** In all, milliseconds: the median of some times. */
  readonly totalMs: number;
  /** Its turns, milliseconds, of all times. */
  readonly turnsMs: readonly number[];
}

/** Makes a text some times, in turns, as runtime/http_pages.ts does. */
function makingOf(make: () => Iterable<string>): Making {
  const turnsMs: number[] = [];
  const totals: number[] = [];
  const encoder = new TextEncoder();
  for (let reading = 0; reading < READINGS; reading++) {
    const startedAtMs = performance.now();
    let [text, sinceMs] = ["", startedAtMs];
    for (const piece of make()) {
      text += piece;
      if (performance.now() - sinceMs < TURN_MS) continue;
      encoder.encode(text);
      text = "";
      turnsMs.push(performance.now() - sinceMs);
      sinceMs = performance.now();
    }
    turnsMs.push(performance.now() - sinceMs);
    totals.push(performance.now() - startedAtMs);
  }
  return { totalMs: median(totals), turnsMs };
}

/** A monitor that has had a reply to each of its heartbeats. */
function heardMonitor(): Monitor {
  const target = { hostname: "10.0.0.1", port: 12000 };
  const pace = { count: 0, intervalMs: 1000, timeoutMs: 1000, maxLosses: 3, watch: true };
  const monitor = new Monitor({
    target,
    ...pace,
    exactValues: 32,
    makeShown: () => new ShownFigures(),
  });
  for (let i = 0; i < HEARTBEATS; i++) {
    const now = { monotonicMs: i * 1000, wallMs: 1.7e12 + i * 1000 };
    for (const output of monitor.advance(now)) {
      if (!isDeparture(output) && !isTransmit(output)) continue;
      if (isDeparture(output)) {
        output.leave(now);
        output.left(now.monotonicMs);
      }
      const reply = `Seq: ${output.seq}, Time Difference: 0.000123 seconds`;
      const later = { monotonicMs: now.monotonicMs + 0.3, wallMs: now.wallMs + 0.3 };
      monitor.receive(new TextEncoder().encode(reply), target, later);
    }
  }
  return monitor;
}
