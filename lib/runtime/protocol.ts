/**
 * The protocol that a client speaks: with a key, under a name that is new for each run, or without.
 *
 * @module
 */

import { KEYED_RUN_DIGITS } from "../wire/grammar.ts";
import { keyedProtocol, plainProtocol, type Protocol } from "../wire/protocol.ts";
import { randomRun } from "./entropy.ts";
import { openSeal } from "./key.ts";

/**
 * Prepares the protocol; what is returned makes one for a run, under a name of its own.
 *
 * @param keyFile the file that holds the key; `undefined`: replies need no key
 * @param stop aborted when the program is to stop
 * @param warn called where the key is no good secret
 * @throws {OperatorError} when the key can't be read
 */
export async function openProtocols(
  keyFile: string | undefined,
  stop?: AbortSignal,
  warn?: (text: string) => void,
): Promise<() => Protocol> {
  if (keyFile === undefined) return plainProtocol;
  const seal = await openSeal(keyFile, stop, warn);
  return () => keyedProtocol(randomRun(KEYED_RUN_DIGITS), seal);
}
