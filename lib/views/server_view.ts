/**
 * What pages and metrics show of a server.
 *
 * @module
 */

import type { ClientSummary, ResponderTotals } from "../responder/events.ts";
import type { ProgramFigures } from "./watch.ts";

/** A server at a moment. */
export interface ServerView {
  /** Its counts. */
  readonly totals: ResponderTotals;
  /** Reads what it knows of its clients, the busiest first; some at a time. */
  readonly clients: () => Generator<string, readonly ClientSummary[]>;
  /** Now by this machine's wall clock, Unix milliseconds. */
  readonly wallMs: number;
  /** The program. */
  readonly program: ProgramFigures;
}
