/**
 * The command line of a task that takes nothing but flags.
 *
 * @module
 */

import {
  describe,
  describeFlags,
  type FlagTable,
  type FlagValues,
  readFlags,
  type Switch,
} from "../cli/flags.ts";
import { runProgram, type Terminal } from "../runtime/program.ts";
import { OperatorError } from "../text/operator_error.ts";

/** Whether a command line asks for help: that comes before everything that is wrong with it. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

/**
 * Writes the help of a task.
 *
 * @param about what it does, in a paragraph
 * @param rest what stands below the flags
 */
export function taskHelp(name: string, about: string, table: FlagTable, rest?: string): string {
  return [
    `Usage: deno task ${name} [flags]`,
    describe(about),
    describeFlags(table),
    ...(rest === undefined ? [] : [describe(rest)]),
  ].join("\n\n");
}

/**
 * Runs a task that takes only flags, or prints its help if that is asked for.
 *
 * @param name of the task, with the arguments that chose it, as in `bench targets`
 * @param task returns the exit code; `stop` is aborted when the task is to end
 */
export async function runTask<Table extends FlagTable & { readonly help: Switch }>(
  name: string,
  table: Table,
  help: string,
  task: (flags: FlagValues<Table>, terminal: Terminal, stop: AbortSignal) => Promise<number>,
): Promise<void> {
  await runProgram(name, async (args, terminal, stop) => {
    const own = args.slice(name.split(" ").length - 1);
    if (!asksForHelp(args)) return await task(readTaskFlags(table, own), terminal, stop);
    terminal.line(help);
    return 0;
  });
}

function readTaskFlags<Table extends FlagTable>(
  table: Table,
  args: readonly string[],
): FlagValues<Table> {
  const { flags, positionals } = readFlags(table, args);
  if (positionals.length === 0) return flags;
  throw new OperatorError(
    `unexpected argument ${positionals[0]}; --help lists the flags there are`,
  );
}
