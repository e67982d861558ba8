/**
 * `deno task soak`: the real server and the real client for minutes or days, under garbage, floods
 * and kills. Was every verdict right, and does the memory stay where it was?
 *
 * @module
 */

import { CLIENT_FLAGS } from "../../lib/cli/client_flags.ts";
import type { FlagValues } from "../../lib/cli/flags.ts";
import { decimalNumber } from "../../lib/cli/quantity.ts";
import { SERVER_FLAGS } from "../../lib/cli/server_options.ts";
import { randomSeed } from "../../lib/runtime/entropy.ts";
import type { Terminal } from "../../lib/runtime/program.ts";
import { Progress } from "../../lib/tasks/progress.ts";
import { runTask, taskHelp } from "../../lib/tasks/task_flags.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { planSoak } from "./plan.ts";
import { assess, resultLines } from "./result.ts";
import { runSoak } from "./run.ts";
import { DATAGRAMS_PER_SECOND, MEMORY_GROWTH_MB } from "./setup.ts";

const FLAGS = {
  minutes: {
    metavar: "N",
    quantity: decimalNumber(0.1, 10_080),
    help: "how long, up to a week; from 0.5 on with kills (default 1)",
  },
  seed: { ...SERVER_FLAGS.seed, help: "repeats a plan (default: random, printed)" },
  json: { ...CLIENT_FLAGS.json, help: "one JSON object instead of lines" },
  help: CLIENT_FLAGS.help,
};

const HELP = taskHelp(
  "soak",
  `Runs the server and a client on this machine. Garbage and floods come at ${DATAGRAMS_PER_SECOND} ` +
    "datagrams a second, and the server is killed and started again: once each half minute, but not " +
    "in the second half of a soak of some minutes, so that a leak may show. Beside them run programs " +
    "whose outputs nobody reads, or whose disk is full, or whose hook hangs. Ctrl-C ends it early, " +
    "with a result.",
  FLAGS,
  "Exit codes: 0 no verdict of the client was wrong or missed, and the memory of both stayed within " +
    `${MEMORY_GROWTH_MB} MB of its first value; 1 otherwise; 2 wrong usage or could not start.`,
);

async function main(
  flags: FlagValues<typeof FLAGS>,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  if (Deno.build.os === "windows") {
    throw new OperatorError("the soak needs ps and signals, which Windows doesn't have");
  }
  const { minutes = 1, seed = randomSeed(), json } = flags;
  const progress = new Progress({ ...terminal, silent: json });
  if (!json) await progress.print(`Soak with seed ${seed}`);
  const plan = planSoak(minutes * 60_000, seed);
  const record = await runSoak(plan, stop, (text) => progress.show(text))
    .finally(() => progress.wipe());
  const result = assess(record);
  const lines = json ? [JSON.stringify({ type: "soak", seed, ...result })] : resultLines(result);
  for (const line of lines) terminal.line(line, true);
  return result.passed ? 0 : 1;
}

if (import.meta.main) await runTask("soak", FLAGS, HELP, main);
