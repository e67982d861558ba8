/**
 * What a monitor is asked to do.
 *
 * @module
 */

import type { Endpoint } from "../wire/endpoint.ts";
import type { Protocol } from "../wire/protocol.ts";
import type { BeliefOptions } from "./belief.ts";
import type { BooksOptions } from "./books.ts";

/** How a server is monitored. */
export interface MonitorOptions extends BeliefOptions, BooksOptions {
  /** Where heartbeats go, and the only endpoint that replies count from. */
  readonly target: Endpoint;
  /** Heartbeats to send; 0: until stopped. */
  readonly count: number;
  /**
   * From the start of one heartbeat to the start of the next, milliseconds; 0: as soon as the last
   * is answered or lost.
   */
  readonly intervalMs: number;
  /** How long a heartbeat waits for its reply, milliseconds, more than 0. */
  readonly timeoutMs: number;
  /**
   * Whether a heartbeat that is overdue by RFC 6298 counts as lost at once, and the next leaves
   * sooner.
   */
  readonly probeFast?: boolean | undefined;
  /** Whether to go on when the server is assumed to have stopped. */
  readonly watch: boolean;
  /** Whether the end has no event, as somebody asks for the summary; left out: it has. */
  readonly endsQuietly?: boolean | undefined;
  /** How heartbeats are written and replies read; left out: as the source document has them. */
  readonly protocol?: Protocol | undefined;
}
