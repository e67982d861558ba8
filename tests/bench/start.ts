/**
 * How long the client takes to start and end.
 *
 * @module
 */

import { HEARTBEAT } from "../../lib/tasks/installed_programs.ts";
import { Program, PROJECT } from "../support/process.ts";
import { QUIET_SERVER, startContender } from "./contender.ts";
import { median, medianRatio } from "./median.ts";
import { fewRoundsLines, type OnRound } from "./rounds.ts";
import { row } from "./row.ts";

/** A program whose start is measured. */
interface Starter {
  readonly name: string;
  /** Runs it to its end. */
  readonly run: () => Promise<unknown>;
}

/**
 * Runs `client.ts --count 1`, the installed client where `deno task bundle` has made it, and a
 * script that sends one datagram, in turn; returns the lines to print.
 */
export async function measureStart(rounds: number, onRound: OnRound): Promise<string[]> {
  const server = await startContender(QUIET_SERVER);
  try {
    const ask = ["--count=1", `127.0.0.1:${server.port}`];
    const run = (flags: readonly string[], script: string, args: readonly string[] = []) => () =>
      Program.deno(flags, script, args, { mute: true }).ended;
    const starters: Starter[] = [
      { name: "a script that sends one", run: run(["--allow-net"], "tests/bench/one_datagram.ts") },
      { name: "client.ts --count 1", run: run(["--allow-net"], "client.ts", ask) },
    ];
    const { name, main, flags } = HEARTBEAT;
    const bundle = `dist/${name}/${main}`;
    if (await exists(bundle)) {
      starters.push({ name: "the same, as it is installed", run: run(flags, bundle, ask) });
    }
    const times: number[][] = starters.map(() => []);
    // The first two rounds have Deno keep what it has compiled.
    for (let round = -2; round < rounds; round++) {
      onRound("start", round);
      for (const [i, starter] of starters.entries()) {
        const ms = await wallMs(starter);
        if (round >= 0) times[i]!.push(ms);
      }
    }
    return [
      row("From start to end", "ms", "of first"),
      ...starters.map((starter, i) =>
        row(
          starter.name,
          median(times[i]!).toFixed(1),
          medianRatio(times[i]!, times[0]!).toFixed(2),
        )
      ),
      ...fewRoundsLines(rounds),
    ];
  } finally {
    await server.stop();
  }
}

async function wallMs({ run }: Starter): Promise<number> {
  const startMs = performance.now();
  await run();
  return performance.now() - startMs;
}

async function exists(file: string): Promise<boolean> {
  try {
    return (await Deno.stat(new URL(file, PROJECT))).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
