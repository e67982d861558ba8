/**
 * Work at the start that a signal may cut short.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";

/**
 * Waits for work, unless the program is told to stop meanwhile: a name server or a pipe may not
 * answer for long.
 *
 * @param what it is that is waited for, in words that follow "waiting for"
 * @throws {OperatorError} when the program is told to stop first
 */
export async function unlessStopped<Result>(
  work: Promise<Result>,
  stop: AbortSignal | undefined,
  what: string,
): Promise<Result> {
  const stopped = () => new OperatorError(`stopped while it was waiting for ${what}`);
  if (stop === undefined) return await work;
  if (stop.aborted) throw stopped();
  let onStop: () => void = () => {};
  const stopping = new Promise<never>((_, reject) => {
    onStop = () => reject(stopped());
    stop.addEventListener("abort", onStop, { once: true });
  });
  try {
    return await Promise.race([work, stopping]);
  } finally {
    stop.removeEventListener("abort", onStop);
  }
}
