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
