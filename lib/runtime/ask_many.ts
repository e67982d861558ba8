/**
 * What `client.ts` does with many servers: watches them, or checks them once.
 *
 * @module
 */

import type { ClientOptions } from "../cli/client_options.ts";
import type { Terminal } from "./program.ts";
import { runCheck } from "./run_check.ts";
import { watchFleet } from "./watch_fleet.ts";

/**
 * Asks many servers, and returns the exit code.
 *
 * @throws {OperatorError} as {@linkcode watchFleet}; a check says it in its own line
 */
export async function askMany(
  options: ClientOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  return options.check === undefined
    ? await watchFleet(options, terminal, stop)
    : await runCheck(options, options.check, terminal, stop);
}
