/**
 * The server: answers heartbeats, and drops some on purpose.
 *
 * @module
 */

import type { LossModel } from "../impairment/loss.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { decodeRequest, type Request, type RequestFault } from "../wire/request.ts";
import { encodeReply, replyText } from "../wire/reply.ts";
import { ClientCount } from "./client_count.ts";
import type { Instant, Machine, Output, Transmit } from "./machine.ts";

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
    readonly reason: MalformedReason;
  }
  | {
    readonly type: "send_failed";
    readonly client: Endpoint;
    readonly seq: number;
    readonly reason: string;
  }
  | { readonly type: "receive_failed"; readonly reason: string }
  | ({ readonly type: "summary" } & ResponderSummary);

/** What the server did in all: received = replied + dropped + sendFailures. */
export interface ResponderSummary {
  /** Heartbeats received. */
  readonly received: number;
  /** Heartbeats answered. */
  readonly replied: number;
  /** Heartbeats dropped on purpose. */
  readonly dropped: number;
  /** Datagrams that were not heartbeats, or too short for their reply. */
  readonly malformed: number;
  /** Replies that this machine could not send. */
  readonly sendFailures: number;
  /** Times that the socket failed to receive. */
  readonly receiveFailures: number;
  /** Different addresses and ports that heartbeats came from. */
  readonly clients: number;
  /** Whether there were more clients than were counted. */
  readonly moreClients: boolean;
}

/** Answers one socket's heartbeats. */
export class Responder implements Machine<ResponderEvent> {
  readonly wakeAtMs: number | undefined = undefined;
  readonly #loss: LossModel;
  readonly #clients = new ClientCount();
  #finished = false;
  #replied = 0;
  #dropped = 0;
  #malformed = 0;
  #sendFailures = 0;
  #receiveFailures = 0;

  /** Makes a responder that drops the heartbeats that the model loses, asked once for each valid request. */
  constructor(loss: LossModel) {
    this.#loss = loss;
  }

  get finished(): boolean {
    return this.#finished;
  }

  advance(): Output<ResponderEvent>[] {
    return [];
  }

  receive(bytes: Uint8Array, from: Endpoint, now: Instant): Output<ResponderEvent>[] {
    if (this.#finished) return [];
    const request = decodeRequest(bytes);
    if (typeof request === "string") return this.#refuse(bytes, from, request);
    const timeDifferenceS = now.wallMs / 1000 - request.timeS;
    const reply = encodeReply(replyText(request.seqText, timeDifferenceS), bytes.length);
    if (reply === undefined) return this.#refuse(bytes, from, "too_short");
    this.#clients.add(from);
    return this.#loss() ? this.#drop(request, from) : this.#reply(
      { type: "transmit", to: from, bytes: reply, seq: request.seq },
      timeDifferenceS,
    );
  }

  sendFailed(transmit: Transmit, reason: string): Output<ResponderEvent>[] {
    this.#replied--;
    this.#sendFailures++;
    return [{ type: "send_failed", client: transmit.to, seq: transmit.seq, reason }];
  }

  receiveFailed(reason: string): Output<ResponderEvent>[] {
    this.#receiveFailures++;
    return [{ type: "receive_failed", reason }];
  }

  stop(): Output<ResponderEvent>[] {
    if (this.#finished) return [];
    this.#finished = true;
    return [{ type: "summary", ...this.summary() }];
  }

  /** The counts so far. */
  summary(): ResponderSummary {
    return {
      received: this.#replied + this.#dropped + this.#sendFailures,
      replied: this.#replied,
      dropped: this.#dropped,
      malformed: this.#malformed,
      sendFailures: this.#sendFailures,
      receiveFailures: this.#receiveFailures,
      clients: this.#clients.count,
      moreClients: this.#clients.more,
    };
  }

  #reply(transmit: Transmit, timeDifferenceS: number): Output<ResponderEvent>[] {
    this.#replied++;
    const { to: client, seq } = transmit;
    return [transmit, { type: "replied", client, seq, timeDifferenceS }];
  }

  #drop(request: Request, client: Endpoint): Output<ResponderEvent>[] {
    this.#dropped++;
    return [{ type: "dropped", client, seq: request.seq }];
  }

  #refuse(
    bytes: Uint8Array,
    client: Endpoint,
    reason: MalformedReason,
  ): Output<ResponderEvent>[] {
    this.#malformed++;
    return [{ type: "malformed", client, bytes: bytes.length, reason }];
  }
}
