/**
 * The parts of a monitor that its figures are read from.
 *
 * @module
 */

import type { Belief } from "./belief.ts";
import type { Books } from "./books.ts";
import type { Inbox } from "./inbox.ts";
import type { Ledger } from "./ledger.ts";
import type { RunClock } from "./run_clock.ts";
import type { SendFailures } from "./send_failures.ts";

/** The parts that figures are read from. */
export interface MonitorParts {
  /** Which heartbeats were sent, and what became of each. */
  readonly ledger: Ledger;
  /** What arrived. */
  readonly inbox: Inbox;
  /** What was measured. */
  readonly books: Books;
  /** What is believed. */
  readonly belief: Belief;
  /** The heartbeats that could not be sent. */
  readonly sendFailures: SendFailures;
  /** The time of the run. */
  readonly clock: RunClock;
}
