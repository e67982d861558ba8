/**
 * The exit codes of `client.ts`; wrong usage, and a program that can't start, end with 2.
 *
 * @module
 */

import type { Verdict } from "../monitor/verdict.ts";

/** The exit code of each verdict. */
export const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  alive: 0,
  stopped: 1,
  never_answered: 1,
  unknown: 3,
};

/** The exit code of many verdicts: 1 if any has it, else 3 if any has it, else 0. */
export function worstCode(verdicts: readonly Verdict[]): number {
  const codes = new Set(verdicts.map((verdict) => EXIT_CODES[verdict]));
  return codes.has(1) ? 1 : codes.has(3) ? 3 : 0;
}
