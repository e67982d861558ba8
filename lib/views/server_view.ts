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
  /** Reads what it knows of its clients, the busiest first. */
  readonly clients: () => readonly ClientSummary[];
  /** The program. */
  readonly program: ProgramFigures;
}
