/**
 * The command line of a task that takes nothing but flags.
 *
 * @module
 */

import { type FlagTable, type FlagValues, readFlags, type Switch } from "../cli/flags.ts";
import { OperatorError } from "../text/operator_error.ts";

/** Whether a command line asks for help: that comes before everything that is wrong with it. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

/**
 * Reads a task's flags, or finds that its help is wanted instead.
 *
 * @throws {OperatorError} when the command line isn't right
 */
export function readTaskFlags<Table extends FlagTable & { readonly help: Switch }>(
  table: Table,
  help: string,
  args: readonly string[],
): FlagValues<Table> | { readonly print: string } {
  if (asksForHelp(args)) return { print: help };
  const { flags, positionals } = readFlags(table, args);
  if (positionals.length > 0) {
    throw new OperatorError(
      `unexpected argument ${positionals[0]}; --help lists the flags there are`,
    );
  }
  return flags;
}
