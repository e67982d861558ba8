/**
 * `deno task soak`: the real server and the real client for minutes or days, under garbage, floods and kills; was
 * every verdict right, and does the memory stay where it was?
 *
 * @module
 */

import { CLIENT_FLAGS } from "../../lib/cli/client_options.ts";
import { describeFlags } from "../../lib/cli/flags.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { decimalNumber } from "../../lib/cli/quantity.ts";
import { SERVER_FLAGS } from "../../lib/cli/server_options.ts";
import { randomSeed } from "../../lib/runtime/entropy.ts";
import { runProgram, type Terminal } from "../../lib/runtime/program.ts";
import { readTaskFlags } from "../../lib/tasks/task_flags.ts";
import { planSoak } from "./plan.ts";
import { assess, resultJson, resultLines } from "./result.ts";
import { type Progress, runSoak } from "./run.ts";
import { DATAGRAMS_PER_SECOND, MEMORY_GROWTH_MB } from "./setup.ts";

const FLAGS = {
  minutes: {
    metavar: "N",
    quantity: decimalNumber(0.1, 10_080),
    help: "how long, up to a week; from 0.5 on with kills (default 1)",
  },
  seed: { ...SERVER_FLAGS.seed, help: "repeats a plan (default: random, printed)" },
  json: { ...CLIENT_FLAGS.json, help: "one JSON object instead of the table" },
  help: CLIENT_FLAGS.help,
};

const HELP = `Usage: deno task soak [flags]

Runs the server and a client on this machine. Garbage and floods come at ${DATAGRAMS_PER_SECOND} datagrams a second,
and the server is killed and started again: once each half minute, but not in the second half of a
soak of some minutes, so that a leak may show. Ctrl-C ends it early, with a result.

${describeFlags(FLAGS)}

Exit codes: 0 no verdict of the client was wrong or missed, and the memory of both stayed within
${MEMORY_GROWTH_MB} MB of its first value; 1 otherwise; 2 wrong usage or could not start.`;

async function main(
  args: readonly string[],
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const flags = readTaskFlags(FLAGS, HELP, args);
  if ("print" in flags) {
    terminal.line(flags.print);
    return 0;
  }
  if (Deno.build.os === "windows") {
    throw new OperatorError("the soak needs ps and signals, which Windows doesn't have");
  }
  const seed = flags.seed ?? randomSeed();
  const plan = planSoak((flags.minutes ?? 1) * 60_000, seed);
  const bar = new ProgressLine(flags.json, plan.durationMs, terminal.columns);
  if (!flags.json) terminal.line(`Soak with seed ${seed}`);
  const record = await runSoak(plan, stop, (progress) => bar.show(progress))
    .finally(() => bar.clear());
  const result = assess(record);
  if (flags.json) terminal.line(resultJson(result, seed), true);
  else resultLines(result).forEach((line) => terminal.line(line, true));
  return result.passed ? 0 : 1;
}

/** How far it is, on standard error while the user waits at a terminal. */
class ProgressLine {
  readonly #shown: boolean;
  readonly #durationMs: number;
  readonly #columns: number;

  constructor(json: boolean, durationMs: number, columns: number) {
    this.#shown = !json && Deno.stderr.isTerminal();
    this.#durationMs = durationMs;
    // A terminal that was never told its size has 0.
    this.#columns = columns || 80;
  }

  show({ elapsedMs, phase, serverUp, state }: Progress): void {
    const seconds = (ms: number) => Math.round(ms / 1000);
    this.#write(
      `${seconds(elapsedMs)} of ${seconds(this.#durationMs)} s: ${phase}, ` +
        `server ${serverUp ? "up" : "down"}, client says ${state}`,
    );
  }

  clear(): void {
    this.#write("");
  }

  #write(text: string): void {
    if (!this.#shown) return;
    // One column is left free: many terminals begin a new line in the last one.
    const line = text.slice(0, this.#columns - 1).padEnd(this.#columns - 1);
    Deno.stderr.writeSync(new TextEncoder().encode(`\r${line}${text === "" ? "\r" : ""}`));
  }
}

if (import.meta.main) await runProgram("soak", main);
