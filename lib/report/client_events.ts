/**
 * All events that `client.ts` reports, and how a reporter treats each.
 *
 * @module
 */

import type { MonitorEvent, MonitorSummary } from "../monitor/events.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { EventTraits, HeldBack } from "./reporter.ts";
import type { Serving } from "./serving.ts";
import type { Transport } from "./transport.ts";

/** What the client reports: the monitor's events, and its own. */
export type ClientEvent =
  | MonitorEvent
  | {
    readonly type: "start";
    /** The server as it was named on the command line, with its port. */
    readonly name: string;
    /** The name's other addresses, asked only where nothing can be sent to the first. */
    readonly others: readonly string[];
    /** Heartbeats to send; 0: until stopped. */
    readonly count: number;
    /** From the start of one heartbeat to the start of the next, milliseconds; 0: lock-step. */
    readonly intervalMs: number;
    /** How long a heartbeat waits for its reply, milliseconds. */
    readonly timeoutMs: number;
    /** Losses in a row after which the server is assumed to have stopped; 0: never. */
    readonly maxLosses: number | "auto";
    /** The version of this program. */
    readonly version: string;
    /** What sends and receives: Deno's own calls, or libc's with them. */
    readonly transport: Transport;
  }
  | {
    /** No heartbeat could be sent to an address of the name: they go to another one of it. */
    readonly type: "address";
    /** The first address, with the port. */
    readonly from: Endpoint;
    /** The one that is asked from now on. */
    readonly to: Endpoint;
    /** Why nothing could be sent to the first. */
    readonly reason: string;
  }
  | ({
    /** Somebody has asked for the figures so far. */
    readonly type: "figures_so_far";
  } & MonitorSummary)
  | Serving
  | HeldBack;

/** The traits of each event. */
export const CLIENT_TRAITS: Readonly<Record<ClientEvent["type"], EventTraits>> = {
  start: {},
  serving: { kept: true },
  sent: { detail: true },
  reply: { detail: true },
  timeout: { detail: true },
  late: { detail: true },
  duplicate: { detail: true, limited: true },
  unexpected: { detail: true, limited: true },
  send_failed: { detail: true },
  receive_failed: { detail: true, limited: true },
  held_back: {},
  state: { kept: true },
  stall: {},
  clock_step: { limited: true },
  report: {},
  address: { kept: true },
  figures_so_far: { kept: true },
  summary: { kept: true },
};

/**
 * The same above a panel: it shows heartbeats as marks, so only datagrams that belong to none, and
 * failures to receive, get lines.
 */
export const PANEL_TRAITS: typeof CLIENT_TRAITS = {
  ...CLIENT_TRAITS,
  unexpected: { limited: true },
  receive_failed: { limited: true },
};
