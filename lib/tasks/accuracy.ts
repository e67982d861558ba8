/**
 * `deno task accuracy`: how right the client's figures are, in simulated networks where the truth is known.
 *
 * @module
 */

import { runProgram, type Terminal } from "../runtime/program.ts";
import {
  CLOCK_TRIAL,
  clockAccuracy,
  type ClockTrial,
  countAccuracy,
  measuring,
} from "../simulation/accuracy.ts";
import { canCollectGarbage, memoryTable } from "./monitor_memory.ts";
import { runWorld } from "../simulation/world.ts";

const RUNS = 200;

function main(_args: readonly string[], terminal: Terminal): Promise<number> {
  const row = (...cells: string[]) =>
    terminal.line(cells.map((cell, i) => i === 0 ? cell.padEnd(34) : cell.padStart(14)).join(""));
  row("clock, 1,000 heartbeats, loss 30%", "offset RMS", "drift error", "outside", "bounds");
  const paths: [string, Partial<ClockTrial>][] = [
    ["10/10 ms, drift 50 ppm", {}],
    ["10/10 ms, no drift", { driftPpm: 0 }],
    ["10/20 ms, drift 50 ppm", { backwardMs: 20 }],
    ["10/10 ms, 100 heartbeats", { heartbeats: 100 }],
  ];
  for (const [name, changes] of paths) {
    const { offsetRmsMs, driftErrorPpm, outside, boundsMs, runs } = clockAccuracy(
      { ...CLOCK_TRIAL, ...changes },
      RUNS,
    );
    row(
      name,
      `${offsetRmsMs.toFixed(4)} ms`,
      `${driftErrorPpm.toFixed(3)} ppm`,
      `${outside} of ${runs}`,
      `${boundsMs.toFixed(2)} ms`,
    );
  }
  terminal.line("");
  row("counts, 20,000 heartbeats", "client", "truth");
  const counted = countAccuracy({
    seed: 1,
    heartbeats: 20_000,
    serverLossShare: 0.2,
    pathLossShare: 0.05,
    duplicateShare: 0.05,
    reorderShare: 0.05,
  });
  const { summary, rttsMs } = counted;
  row("lost", `${summary.lost}`, `${counted.lost}`);
  row("duplicates", `${summary.duplicates}`, `${counted.duplicates}`);
  row("reordered", `${summary.reordering.reordered}`, `${counted.reordered}`);
  row("lost on the way there", `${summary.direction?.up}`, `${counted.up}`);
  row("lost on the way back", `${summary.direction?.down}`, `${counted.down}`);
  for (
    const [name, told, share] of [["p99", summary.rttMs!.p99, 0.99], [
      "p99.9",
      summary.rttMs!.p999,
      0.999,
    ]] as const
  ) {
    const exact = rttsMs[Math.ceil(share * rttsMs.length) - 1]!;
    row(`round trip ${name}, ms`, told.toFixed(6), exact.toFixed(6));
  }
  terminal.line("");
  row("books of a run", "memory held", "early, each", "late, each");
  for (const heartbeats of [10_000, 1_000_000]) {
    const { heldMb, earlyUs, lateUs } = longRun(heartbeats);
    row(
      `${heartbeats} heartbeats`,
      `${heldMb.toFixed(1)} MB`,
      `${earlyUs.toFixed(2)} us`,
      `${lateUs.toFixed(2)} us`,
    );
  }
  if (canCollectGarbage()) {
    terminal.line("");
    for (const cells of memoryTable()) row(...cells);
  }
  return Promise.resolve(0);
}

/**
 * Runs a client for so long: the memory that its books hold when the garbage is gone, and what a heartbeat costs
 * in the second tenth of the run and in the last.
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

/** Memory in use after a collection, which `--v8-flags=--expose-gc` allows to ask for. */
function heldBytes(): number {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

if (import.meta.main) await runProgram("accuracy", main);
