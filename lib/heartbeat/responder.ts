/**
 * The server: answers heartbeats, drops some on purpose, and keeps books on its clients.
 *
 * The books never decide whether a heartbeat is answered.
 *
 * @module
 */

import type { Link } from "../impairment/link.ts";
import type { LossModel } from "../impairment/loss.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { MAX_AMPLIFICATION } from "../wire/grammar.ts";
import { encodeReply, replyText } from "../wire/reply.ts";
import { decodeRequest, type Request } from "../wire/request.ts";
import { ClientRecord } from "./client_record.ts";
import { ClientTable } from "./client_table.ts";
import { EventQueue } from "./event_queue.ts";
import type { Instant, Machine, Output, Transmit } from "./machine.ts";
import type { MalformedReason, ResponderEvent, ResponderSummary } from "./responder_events.ts";

/** How a server answers. */
export interface ResponderOptions {
  /** Which heartbeats are dropped; asked once for each valid request. */
  readonly loss: LossModel;
  /** What happens to the replies on their way out; nothing when left out. */
  readonly link?: Link | undefined;
  /** How long a client may be silent, milliseconds; left out: as its own pace tells, see `pace.ts`. */
  readonly clientTimeoutMs?: number | undefined;
  /** Reads the monotonic clock, milliseconds, to tell clients how long their reply took; left out: no time. */
  readonly readMonotonicMs?: (() => number) | undefined;
}

/** Replies that may be on their way out at once; more are lost, as in a network's full queue. */
export const MAX_DELAYED = 65_536;

/** How often silent clients are looked for. */
const SWEEP_EVERY_MS = 1000;

/** Answers one socket's heartbeats. */
export class Responder implements Machine<ResponderEvent> {
  readonly #options: ResponderOptions;
  readonly #clients = new ClientTable<{ endpoint: Endpoint; record: ClientRecord }>();
  readonly #delayed = new EventQueue<Transmit>();
  #sweepAtMs: number | undefined;
  #finished = false;
  #replied = 0;
  #dropped = 0;
  #malformed = 0;
  #overflowed = 0;
  #waiting = 0;
  #sendFailures = 0;
  #receiveFailures = 0;

  /** Makes a responder. */
  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  get finished(): boolean {
    return this.#finished;
  }

  get wakeAtMs(): number | undefined {
    const wakeAtMs = Math.min(this.#delayed.nextAtMs, this.#sweepAtMs ?? Infinity);
    return this.#finished || wakeAtMs === Infinity ? undefined : wakeAtMs;
  }

  advance(now: Instant): Output<ResponderEvent>[] {
    if (this.#finished) return [];
    const outputs: Output<ResponderEvent>[] = [];
    while (this.#delayed.nextAtMs <= now.monotonicMs) {
      const datagram = this.#delayed.take()!;
      if (!datagram.copy) this.#waiting--;
      outputs.push(datagram);
    }
    if (this.#sweepAtMs !== undefined && this.#sweepAtMs <= now.monotonicMs) {
      this.#sweep(now, outputs);
    }
    return outputs;
  }

  receive(bytes: Uint8Array, from: Endpoint, now: Instant): Output<ResponderEvent>[] {
    if (this.#finished) return [];
    const request = decodeRequest(bytes);
    if (typeof request === "string") return this.#refuse(bytes, from, request);
    const timeDifferenceS = now.wallMs / 1000 - request.timeS;
    const text = replyText(request.seqText, timeDifferenceS);
    const plain = encodeReply(text, bytes.length);
    if (plain === undefined) return this.#refuse(bytes, from, "too_short");
    const outputs: Output<ResponderEvent>[] = [];
    const dropped = this.#options.loss();
    const record = this.#book(from, request, timeDifferenceS, dropped, now, outputs);
    if (dropped) {
      this.#dropped++;
      outputs.push({ type: "dropped", client: from, seq: request.seq });
    } else {
      this.#replied++;
      const transmit: Transmit = { type: "transmit", to: from, bytes: plain, seq: request.seq };
      const count = record.count(this.#heldS(now));
      const counted = count && encodeReply(text, bytes.length, count);
      this.#sendThroughLink(transmit, counted, bytes.length * MAX_AMPLIFICATION, now, outputs);
      outputs.push({ type: "replied", client: from, seq: request.seq, timeDifferenceS });
    }
    return outputs;
  }

  sendFailed(transmit: Transmit, reason: string): Output<ResponderEvent>[] {
    if (!transmit.copy) {
      this.#replied--;
      this.#sendFailures++;
    }
    return [{ type: "send_failed", client: transmit.to, seq: transmit.seq, reason }];
  }

  receiveFailed(reason: string): Output<ResponderEvent>[] {
    this.#receiveFailures++;
    return [{ type: "receive_failed", reason }];
  }

  stop(now: Instant): Output<ResponderEvent>[] {
    if (this.#finished) return [];
    this.#finished = true;
    return [{ type: "summary", ...this.summary(now.monotonicMs) }];
  }

  /** The counts so far, and how long each client has been silent at this moment of the monotonic clock. */
  summary(nowMs: number): ResponderSummary {
    const clients = [...this.#clients].map(([, { endpoint, record }]) => ({
      client: endpoint,
      stopped: record.silent,
      silentMs: nowMs - record.lastHeardMs,
      ...record.figures(),
    }));
    return {
      received: this.#replied + this.#dropped + this.#sendFailures + this.#overflowed,
      replied: this.#replied - this.#waiting,
      waiting: this.#waiting,
      dropped: this.#dropped,
      malformed: this.#malformed,
      overflowed: this.#overflowed,
      sendFailures: this.#sendFailures,
      receiveFailures: this.#receiveFailures,
      clientsMet: this.#clients.met,
      clientsForgotten: this.#clients.forgotten,
      clients: clients.sort((a, b) => b.received - a.received),
    };
  }

  /** Writes a heartbeat into the books of its client. */
  #book(
    from: Endpoint,
    request: Request,
    timeDifferenceS: number,
    dropped: boolean,
    now: Instant,
    outputs: Output<ResponderEvent>[],
  ): ClientRecord {
    const { record } = this.#clients.hear(
      formatEndpoint(from),
      () => ({ endpoint: from, record: new ClientRecord() }),
    );
    const silentMs = now.monotonicMs - record.lastHeardMs;
    if (record.add(request, timeDifferenceS, dropped, now.monotonicMs)) {
      outputs.push({ type: "client_state", client: from, to: "up", silentMs });
    }
    this.#sweepAtMs ??= now.monotonicMs + SWEEP_EVERY_MS;
    return record;
  }

  #heldS({ monotonicMs }: Instant): number {
    const leavingMs = this.#options.readMonotonicMs?.() ?? monotonicMs;
    return Math.max(0, leavingMs - monotonicMs) / 1000;
  }

  /**
   * Sends a reply, in the form that has the counts where there is one; copies count towards the limit on
   * amplification like the reply itself, and are plain where that makes them fit.
   */
  #sendThroughLink(
    plain: Transmit,
    counted: Uint8Array<ArrayBuffer> | undefined,
    limitBytes: number,
    now: Instant,
    outputs: Output<ResponderEvent>[],
  ): void {
    const reply = counted === undefined ? plain : { ...plain, bytes: counted };
    const { link } = this.#options;
    if (link === undefined) {
      outputs.push(reply);
      return;
    }
    const arrivals = link.carry(now.monotonicMs);
    const transmit = arrivals.length * reply.bytes.length <= limitBytes ? reply : plain;
    const copies = Math.floor(limitBytes / transmit.bytes.length);
    for (const [i, { atMs }] of arrivals.slice(0, copies).entries()) {
      const datagram = i === 0 ? transmit : { ...transmit, copy: true };
      if (atMs <= now.monotonicMs) outputs.push(datagram);
      else if (this.#delayed.length < MAX_DELAYED) this.#delay(datagram, atMs);
      else if (i === 0) this.#overflow();
    }
  }

  #delay(datagram: Transmit, atMs: number): void {
    this.#delayed.add(atMs, datagram);
    if (!datagram.copy) this.#waiting++;
  }

  #overflow(): void {
    this.#replied--;
    this.#overflowed++;
  }

  /** Looks for clients that have been silent for too long. */
  #sweep(now: Instant, outputs: Output<ResponderEvent>[]): void {
    let anyoneSpeaks = false;
    for (const [, { endpoint, record }] of this.#clients) {
      if (record.silent) continue;
      const patienceMs = this.#options.clientTimeoutMs ?? record.patienceMs;
      // One heartbeat alone is no client that could stop.
      if (patienceMs === undefined || record.patienceMs === undefined) continue;
      const silentMs = now.monotonicMs - record.lastHeardMs;
      if (silentMs < patienceMs) {
        anyoneSpeaks = true;
      } else {
        record.fallSilent();
        outputs.push({ type: "client_state", client: endpoint, to: "down", silentMs });
      }
    }
    this.#sweepAtMs = anyoneSpeaks ? now.monotonicMs + SWEEP_EVERY_MS : undefined;
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
