/**
 * How well the client keeps its schedule.
 *
 * @module
 */

import type { OnRound } from "./rounds.ts";
import { Program } from "../support/process.ts";
import { QUIET_SERVER, startContender } from "./contender.ts";
import { median } from "./median.ts";
import { row } from "./row.ts";

/** The paces, the hardest first, and the share of the heartbeats that each has. */
const PACES = [
  { intervalMs: 1, share: 1 },
  { intervalMs: 5, share: 0.1 },
  { intervalMs: 20, share: 0.025 },
  { intervalMs: 100, share: 0.005 },
];

/** How late heartbeats left, or a sleeper woke up, milliseconds. */
interface Lateness {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

interface ClientRun {
  readonly sent: number;
  readonly received: number;
  readonly late: Lateness;
}

/**
 * Runs the client at paces that are hard to keep, in turn with a program that only sleeps by the
 * same schedule: that one shows what the system allows. Returns the lines to print.
 *
 * @param rounds how often each is run; the lines show medians
 * @param heartbeats in a run at the hardest pace
 */
export async function measurePace(
  rounds: number,
  heartbeats: number,
  onRound: OnRound,
): Promise<string[]> {
  const server = await startContender(QUIET_SERVER);
  const lines = [row("The schedule, ms late", "p50", "p99", "max", "sent", "answered")];
  try {
    for (const { intervalMs, share } of PACES) {
      const count = Math.max(2, Math.ceil(heartbeats * share));
      const clients: ClientRun[] = [];
      const sleepers: Lateness[] = [];
      for (let round = 0; round < rounds; round++) {
        onRound(`schedule, every ${intervalMs} ms`, round);
        clients.push(await runClient(server.port, intervalMs, count));
        sleepers.push(await runSleeper(intervalMs, count));
      }
      const total = (part: (run: ClientRun) => number) =>
        clients.reduce((sum, run) => sum + part(run), 0);
      const sent = `${total(({ sent }) => sent)}`;
      const answered = `${total(({ received }) => received)}`;
      lines.push(
        row(
          `client.ts --interval ${intervalMs}ms`,
          ...[...cells(clients.map(({ late }) => late)), sent, answered],
        ),
        row("  a Python program that only sleeps", ...cells(sleepers)),
      );
    }
    return [...lines, ""];
  } finally {
    await server.stop();
  }
}

function cells(runs: readonly Lateness[]): string[] {
  return [
    median(runs.map((late) => late.median)),
    median(runs.map((late) => late.p99)),
    Math.max(...runs.map((late) => late.max)),
  ].map((ms) => Number.isNaN(ms) ? "-" : ms.toFixed(3));
}

async function runClient(port: number, intervalMs: number, count: number): Promise<ClientRun> {
  const target = `127.0.0.1:${port}`;
  const args = [target, `--interval=${intervalMs}ms`, `--count=${count}`, "--quiet", "--json"];
  const client = Program.deno(["--allow-net"], "client.ts", args, { deadlineMs: 0 });
  const { sent, received, schedule_error_ms: late } = JSON.parse(
    (await client.end()).lines.at(-1)!,
  );
  return { sent, received, late };
}

async function runSleeper(intervalMs: number, count: number): Promise<Lateness> {
  const args = ["tests/bench/plain_pace.py", `${intervalMs}`, `${count}`];
  const { lines } = await new Program("python3", args, { deadlineMs: 0 }).end();
  return JSON.parse(lines[0]!);
}
