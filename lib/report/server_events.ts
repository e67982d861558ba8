/**
 * All events that `server.ts` reports, and how a reporter treats each.
 *
 * @module
 */

import type { Limits } from "../admission/admission.ts";
import type { ReplyImpairment } from "../impairment/reply_link.ts";
import type { ResponderEvent, ResponderSummary } from "../responder/events.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { Network } from "../wire/network.ts";
import type { EventTraits, HeldBack } from "./reporter.ts";
import type { Serving } from "./serving.ts";
import type { Transport } from "./transport.ts";

/** What the server reports: the responder's events, and its own. */
export type ServerEvent =
  | ResponderEvent
  | {
    readonly type: "listening";
    /** The address and port that the server is bound to. */
    readonly local: Endpoint;
    /** What sends and receives: Deno's own calls, or libc's with them. */
    readonly transport: Transport;
    /** Whether IPv4 comes as IPv6 addresses that carry it, which IPv6 packets can imitate. */
    readonly mapsIPv4: boolean;
    /** Share of heartbeats to drop, 0 to 1. */
    readonly lossShare: number;
    /** Mean length of a run of drops; `undefined`: drops are independent. */
    readonly meanBurst: number | undefined;
    /** The seed that repeats the drops. */
    readonly seed: number;
    /** What happens to replies on their way out. */
    readonly impairment: ReplyImpairment;
    /** The networks that are answered; empty: all. */
    readonly allow: readonly Network[];
    /** How many heartbeats a second are answered. */
    readonly limits: Limits;
    /** Whether only heartbeats that a key has sealed are answered. */
    readonly keyed: boolean;
  }
  | ({
    /** Somebody has asked for the figures so far. */
    readonly type: "figures_so_far";
  } & ResponderSummary)
  | Serving
  | HeldBack;

/** The traits of each event. */
export const SERVER_TRAITS: Readonly<Record<ServerEvent["type"], EventTraits>> = {
  listening: { kept: true },
  serving: { kept: true },
  replied: { detail: true },
  dropped: { detail: true },
  malformed: { detail: true, limited: true },
  refused: { detail: true },
  client_state: { limited: true },
  client_moved: { limited: true },
  send_failed: { detail: true, limited: true },
  receive_failed: { detail: true, limited: true },
  held_back: {},
  figures_so_far: { kept: true },
  summary: { kept: true },
};

/** The summary lists at most this many clients. */
export const CLIENTS_LISTED = 10;
