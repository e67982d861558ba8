/**
 * What the responder tells.
 *
 * @module
 */

import type { Endpoint } from "../wire/endpoint.ts";
import type { RequestFault } from "../wire/request.ts";
import type { ClientFigures } from "./client_record.ts";
import type { RefusalCounts, Refused } from "../admission/refusals.ts";

/** Why a datagram was not answered: it isn't a request, or its reply would be too long for it. */
export type MalformedReason = RequestFault | "too_short";

/** What the server did. */
export type ResponderEvent =
  | {
    readonly type: "replied";
    readonly client: Endpoint;
    readonly seq: number;
    readonly timeDifferenceS: number;
  }
  | { readonly type: "dropped"; readonly client: Endpoint; readonly seq: number }
  | {
    readonly type: "malformed";
    readonly client: Endpoint;
    readonly bytes: number;
    /** Its first bytes, as they came: to be shown with care. */
    readonly beginning: Uint8Array;
    readonly reason: MalformedReason;
  }
  | ClientStateEvent
  | {
    readonly type: "send_failed";
    readonly client: Endpoint;
    readonly seq: number;
    readonly reason: string;
  }
  | { readonly type: "receive_failed"; readonly reason: string }
  | Refused
  | ({ readonly type: "summary" } & ResponderSummary);

/** A client fell silent, or is back. */
export interface ClientStateEvent {
  /** Distinguishes it from other events. */
  readonly type: "client_state";
  /** Its address and port. */
  readonly client: Endpoint;
  /** `down`: assumed to have stopped; `up`: heard again after that. */
  readonly to: "down" | "up";
  /** How long it was silent, milliseconds. */
  readonly silentMs: number;
}

/** What the server knows of a client at the end. */
export interface ClientSummary extends ClientFigures {
  /** Its address and port. */
  readonly client: Endpoint;
  /** Whether it is assumed to have stopped. */
  readonly stopped: boolean;
  /** How long ago it was last heard, milliseconds. */
  readonly silentMs: number;
}

/**
 * What the server did in all: received = replied + dropped + waiting + overflowed + sendFailures, and all
 * datagrams = received + malformed + refused.
 */
export interface ResponderSummary {
  /** Heartbeats that were taken. */
  readonly received: number;
  /** Heartbeats answered. */
  readonly replied: number;
  /** Heartbeats dropped on purpose. */
  readonly dropped: number;
  /** Datagrams that were not heartbeats, or too short for their reply. */
  readonly malformed: number;
  /** Datagrams that were not answered for their senders' sake. */
  readonly refused: RefusalCounts;
  /** Delayed replies that have not left yet. */
  readonly waiting: number;
  /** Delayed replies that were lost because too many were on their way out. */
  readonly overflowed: number;
  /** Replies that this machine could not send. */
  readonly sendFailures: number;
  /** Times that the socket failed to receive. */
  readonly receiveFailures: number;
  /** Different addresses and ports that heartbeats came from. */
  readonly clientsMet: number;
  /** Clients that were forgotten for others; those that came back since are counted twice. */
  readonly clientsForgotten: number;
  /** The clients that are remembered, the busiest first. */
  readonly clients: readonly ClientSummary[];
}
