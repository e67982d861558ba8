/**
 * The events of the responder.
 *
 * @module
 */

import type { AuditFigures } from "../machine/audit.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { RequestFault } from "../wire/request.ts";
import type { ClientFigures } from "./client_record.ts";
import type { RefusalCounts, Refused } from "../admission/refusals.ts";

/** Why a datagram is no heartbeat: it isn't a request, or is too short for its reply. */
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
    /** Its first bytes, unfiltered: escape them before display. */
    readonly beginning: Uint8Array;
    readonly reason: MalformedReason;
  }
  | ClientStateEvent
  | ClientMovedEvent
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
  /** `down`: it has gone quiet; `up`: heard again after that. */
  readonly to: "down" | "up";
  /** How long it was silent, milliseconds. */
  readonly silentMs: number;
}

/** A client with a key goes on with its run from another address or port. */
export interface ClientMovedEvent {
  /** Distinguishes it from other events. */
  readonly type: "client_moved";
  /** Where it is now. */
  readonly client: Endpoint;
  /** Where it was before. */
  readonly from: Endpoint;
}

/** A client's figures and its state. */
export interface ClientSummary extends ClientFigures {
  /** Its address and port. */
  readonly client: Endpoint;
  /** Whether it has gone quiet. */
  readonly stopped: boolean;
  /** Whether its run goes on from another address or port. */
  readonly moved: boolean;
  /** Time since it was last heard, milliseconds. */
  readonly silentMs: number;
}

/**
 * The totals of a server: received = replied + dropped + waiting + overflowed + sendFailures, and
 * all datagrams = received + malformed + refused.
 */
export interface ResponderTotals extends AuditFigures {
  /** Heartbeats that were neither malformed nor refused. */
  readonly received: number;
  /** Heartbeats answered. */
  readonly replied: number;
  /** Heartbeats dropped on purpose. */
  readonly dropped: number;
  /** Datagrams that were no heartbeats, or too short for their reply. */
  readonly malformed: number;
  /** Datagrams refused because of their sender, seal or rate. */
  readonly refused: RefusalCounts;
  /** Delayed replies that have not left yet. */
  readonly waiting: number;
  /** Delayed replies that were lost because too many waited. */
  readonly overflowed: number;
  /** Replies that this machine could not send. */
  readonly sendFailures: number;
  /** The number of times that the socket failed to receive. */
  readonly receiveFailures: number;
  /** Addresses and ports that heartbeats came from. */
  readonly clientsMet: number;
  /** Clients forgotten to make room; one that came back since was met twice. */
  readonly clientsForgotten: number;
}

/** The totals of a server, and what it knows of its clients. */
export interface ResponderSummary extends ResponderTotals {
  /** The remembered clients, the busiest first. */
  readonly clients: readonly ClientSummary[];
}
