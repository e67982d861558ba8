/**
 * How well the client keeps its schedule.
 *
 * @module
 */

import { QUIET_SERVER, startContender } from "./contender.ts";
import { median } from "./median.ts";
import { projectPath } from "./project_path.ts";
import { row } from "./row.ts";

/** The paces that are tried, of which the first is hard to keep, and how many heartbeats each has. */
const PACES = [
  { intervalMs: 1, count: 10_000 },
  { intervalMs: 5, count: 1000 },
  { intervalMs: 20, count: 250 },
  { intervalMs: 100, count: 50 },
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
 * Runs the client at paces that are hard to keep, in turn with a program that does nothing but sleep by the same
 * schedule: nobody keeps it better than the system lets that one. Returns what is to be printed.
 *
 * @param rounds how often each is run; the medians are printed
 */
export async function measurePace(rounds: number, stop: AbortSignal): Promise<string[]> {
  const server = await startContender(QUIET_SERVER);
  const lines = [row("The schedule, ms late", "p50", "p99", "max", "sent", "answered")];
  try {
    for (const { intervalMs, count } of PACES) {
      const clients: ClientRun[] = [];
      const sleepers: Lateness[] = [];
      for (let round = 0; round < rounds; round++) {
        stop.throwIfAborted();
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
  ].map((ms) => ms.toFixed(3));
}

async function runClient(port: number, intervalMs: number, count: number): Promise<ClientRun> {
  const client = projectPath("client.ts");
  const lines = await output(Deno.execPath(), [
    ...["run", "--allow-net", "--unstable-net", client, `127.0.0.1:${port}`],
    ...[`--interval=${intervalMs}ms`, `--count=${count}`, "--quiet", "--json"],
  ]);
  const { sent, received, schedule_error_ms: late } = JSON.parse(lines.split("\n").at(-1)!);
  return { sent, received, late };
}

async function runSleeper(intervalMs: number, count: number): Promise<Lateness> {
  const sleeper = projectPath("tests/bench/plain_pace.py");
  return JSON.parse(await output("python3", [sleeper, `${intervalMs}`, `${count}`]));
}

async function output(program: string, args: string[]): Promise<string> {
  const env = { DENO_NO_UPDATE_CHECK: "1" };
  const { stdout } = await new Deno.Command(program, { args, env }).output();
  return new TextDecoder().decode(stdout).trim();
}
