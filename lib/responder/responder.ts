/**
 * The server: answers heartbeats, drops some on purpose, and keeps books on its clients.
 *
 * The books never decide whether a heartbeat is answered.
 *
 * @module
 */

import type { Arrival, Link } from "../impairment/link.ts";
import type { LossModel } from "../impairment/loss.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { KEYED_RUN_DIGITS, MAX_AMPLIFICATION } from "../wire/grammar.ts";
import { ReplyWriter } from "../wire/reply.ts";
import { decodeRequest, type Request } from "../wire/request.ts";
import { openRequest, REPLY_MAC_LENGTH, type Seal, sealReply } from "../wire/seal.ts";
import { Admission, type AdmissionOptions } from "../admission/admission.ts";
import { ClientRecord, type RequestFate } from "./client_record.ts";
import { ClientTable } from "./client_table.ts";
import { DueQueue } from "../machine/due_queue.ts";
import type { Instant, Machine, Output, Transmit } from "../machine/machine.ts";
import { SHOWN_BYTES } from "../text/visible_text.ts";
import { type RefusalReason, Refusals } from "../admission/refusals.ts";
import { ReplayGuard } from "../admission/replay_guard.ts";
import type { MalformedReason, ResponderEvent, ResponderSummary } from "./events.ts";

/** How a server answers. */
export interface ResponderOptions {
  /** Which heartbeats are dropped; asked once for each valid heartbeat, in the order of arrival. */
  readonly loss: LossModel;
  /** What happens to the replies on their way out; nothing when left out. */
  readonly link?: Link | undefined;
  /** How long a client may be silent, milliseconds; left out: as its own pace tells, see `pace.ts`. */
  readonly clientTimeoutMs?: number | undefined;
  /** Whom it answers, and how often; left out: anyone who can be answered, without limit. */
  readonly admission?: AdmissionOptions | undefined;
  /** A number from 0 to 2^32 - 1 that strangers can't guess, for the tables of sources; left out: one that they can. */
  readonly hashSeed?: number | undefined;
  /** The key without which it answers nobody; left out: none is needed. */
  readonly seal?: Seal | undefined;
  /** Whether nobody wants to be told of each heartbeat that is answered or dropped. */
  readonly quiet?: boolean | undefined;
  /** Reads the monotonic clock, milliseconds, to tell clients how long their reply took; left out: no time. */
  readonly readMonotonicMs?: (() => number) | undefined;
}

/** Replies that may be on their way out at once; more are lost, as in a network's full queue. */
export const MAX_DELAYED = 65_536;

/** Of delayed replies that are due, as many leave at once, so that no more sends are under way at a time. */
const MAX_SENT_AT_ONCE = 64;

/** How often silent clients are looked for. */
const SWEEP_EVERY_MS = 1000;

interface Client {
  endpoint: Endpoint;
  readonly record: ClientRecord;
}

/** Answers one socket's heartbeats. */
export class Responder implements Machine<ResponderEvent> {
  readonly #options: ResponderOptions;
  readonly #clients: ClientTable<Client>;
  readonly #delayed = new DueQueue<Transmit>();
  readonly #reply = new ReplyWriter();
  readonly #admission: Admission;
  readonly #replays = new ReplayGuard();
  readonly #refusals = new Refusals();
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
    const { admission = {}, hashSeed = 0 } = options;
    this.#clients = new ClientTable(hashSeed);
    this.#admission = new Admission(admission, hashSeed);
  }

  get finished(): boolean {
    return this.#finished;
  }

  get wakeAtMs(): number | undefined {
    const wakeAtMs = Math.min(
      this.#delayed.nextAtMs,
      this.#sweepAtMs ?? Infinity,
      this.#refusals.tellAtMs ?? Infinity,
    );
    return this.#finished || wakeAtMs === Infinity ? undefined : wakeAtMs;
  }

  advance(now: Instant): Output<ResponderEvent>[] {
    if (this.#finished) return [];
    const outputs: Output<ResponderEvent>[] = [];
    while (this.#delayed.nextAtMs <= now.monotonicMs && outputs.length < MAX_SENT_AT_ONCE) {
      const datagram = this.#delayed.take()!;
      if (!datagram.copy) this.#waiting--;
      outputs.push(datagram);
    }
    if (this.#sweepAtMs !== undefined && this.#sweepAtMs <= now.monotonicMs) {
      this.#sweep(now, outputs);
    }
    outputs.push(...this.#refusals.tell(now.monotonicMs));
    return outputs;
  }

  receive(bytes: Uint8Array, from: Endpoint, now: Instant): Output<ResponderEvent>[] {
    if (this.#finished) return [];
    const fault = this.#admission.faultOf(from);
    if (fault !== undefined) return this.#refuse(fault, from);
    const { seal } = this.#options;
    const opened = seal === undefined ? bytes : openRequest(bytes, seal);
    if (typeof opened === "string") return this.#refuse(opened, from);
    const request = decodeRequest(opened);
    if (typeof request === "string") return this.#ignore(bytes, from, request);
    const limitBytes = bytes.length * MAX_AMPLIFICATION;
    const timeDifferenceS = now.wallMs / 1000 - request.timeS;
    this.#reply.begin(bytes, request.seqFrom, request.seqTo, timeDifferenceS);
    if (this.#reply.length + this.#macLength > limitBytes) {
      return this.#ignore(bytes, from, "too_short");
    }
    const refusal = seal === undefined ? undefined : this.#replayOf(request, now);
    if (refusal !== undefined) return this.#refuse(refusal, from);
    // Asked for what is over the limit, too, so that others' floods don't change which of a client's are dropped.
    const dropped = this.#options.loss();
    if (!this.#admission.admit(from, now.monotonicMs)) {
      return this.#limit(request, from, timeDifferenceS, now);
    }
    return this.#take(request, from, { timeDifferenceS, limitBytes, dropped }, now);
  }

  sendFailed(transmit: Transmit, reason: string): Output<ResponderEvent>[] {
    if (!transmit.copy) {
      this.#replied--;
      this.#sendFailures++;
    }
    if (this.#finished) return [];
    return [{ type: "send_failed", client: transmit.to, seq: transmit.seq, reason }];
  }

  receiveFailed(reason: string): Output<ResponderEvent>[] {
    this.#receiveFailures++;
    return [{ type: "receive_failed", reason }];
  }

  stop(now: Instant): Output<ResponderEvent>[] {
    if (this.#finished) return [];
    this.#finished = true;
    return [
      ...this.#refusals.tell(now.monotonicMs, true),
      { type: "summary", ...this.summary(now.monotonicMs) },
    ];
  }

  /** The counts so far, and how long each client has been silent at this moment of the monotonic clock. */
  summary(nowMs: number): ResponderSummary {
    const clients = [...this.#clients].map(({ endpoint, record }) => ({
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
      refused: this.#refusals.total,
      overflowed: this.#overflowed,
      sendFailures: this.#sendFailures,
      receiveFailures: this.#receiveFailures,
      clientsMet: this.#clients.met,
      clientsForgotten: this.#clients.forgotten,
      clients: clients.sort((a, b) => b.received - a.received),
    };
  }

  /** Takes a heartbeat that may be answered: books it, and drops or answers it. */
  #take(
    request: Request,
    from: Endpoint,
    { timeDifferenceS, limitBytes, dropped }: {
      timeDifferenceS: number;
      limitBytes: number;
      dropped: boolean;
    },
    now: Instant,
  ): Output<ResponderEvent>[] {
    const { seq } = request;
    const { record } = this.#clients.hear(from, newClient);
    const silentMs = this.#book(
      record,
      request,
      timeDifferenceS,
      dropped ? "dropped" : "accepted",
      now,
    );
    const outputs = dropped
      ? this.#drop(from, seq)
      : this.#answer({ from, seq, timeDifferenceS }, record, limitBytes, now);
    return heardAgain(from, silentMs, outputs);
  }

  /** Refuses a heartbeat that is one too many; of a client that is known, it is no loss of the network's. */
  #limit(
    request: Request,
    from: Endpoint,
    timeDifferenceS: number,
    now: Instant,
  ): Output<ResponderEvent>[] {
    const outputs = this.#refuse("limited", from);
    const record = this.#clients.find(from)?.record;
    if (record === undefined) return outputs;
    const silentMs = this.#book(record, request, timeDifferenceS, "limited", now);
    return heardAgain(from, silentMs, outputs);
  }

  /** Books a heartbeat; returns how long its client was silent, where it was assumed to have stopped. */
  #book(
    record: ClientRecord,
    request: Request,
    timeDifferenceS: number,
    fate: RequestFate,
    { monotonicMs }: Instant,
  ): number | undefined {
    const silentMs = monotonicMs - record.lastHeardMs;
    this.#sweepAtMs ??= monotonicMs + SWEEP_EVERY_MS;
    return record.add(request, timeDifferenceS, fate, monotonicMs) ? silentMs : undefined;
  }

  #drop(client: Endpoint, seq: number): Output<ResponderEvent>[] {
    this.#dropped++;
    return this.#options.quiet ? [] : [{ type: "dropped", client, seq }];
  }

  /**
   * Sends the reply that has been begun, with the counts where there are any. Copies that a bad network makes
   * count towards the limit on amplification like the reply itself, and are plain where that makes them fit.
   */
  #answer(
    { from, seq, timeDifferenceS }: { from: Endpoint; seq: number; timeDifferenceS: number },
    record: ClientRecord,
    limitBytes: number,
    now: Instant,
  ): Output<ResponderEvent>[] {
    this.#replied++;
    const arrivals = this.#options.link?.carry(now.monotonicMs);
    const { run } = record;
    if (run !== undefined) {
      const copies = Math.max(1, arrivals?.length ?? 1);
      this.#reply.addCount(record.count(this.#heldS(now)), limitBytes / copies - this.#macLength);
    }
    const { seal } = this.#options;
    // Where a key is needed, only heartbeats that name their run have come so far.
    const bytes = seal === undefined ? this.#reply.bytes : sealReply(this.#reply.bytes, run!, seal);
    const transmit: Transmit = { type: "transmit", to: from, bytes, seq };
    const outputs: Output<ResponderEvent>[] = arrivals === undefined
      ? [transmit]
      : this.#sendThroughLink(
        transmit,
        arrivals.slice(0, Math.floor(limitBytes / bytes.length)),
        now,
      );
    if (!this.#options.quiet) {
      outputs.push({ type: "replied", client: from, seq, timeDifferenceS });
    }
    return outputs;
  }

  /** Sends a reply at the times at which it, and perhaps a copy, gets through. */
  #sendThroughLink(transmit: Transmit, arrivals: readonly Arrival[], now: Instant): Transmit[] {
    const sent: Transmit[] = [];
    // What waits must not be overwritten by the next reply.
    const kept = { ...transmit, bytes: transmit.bytes.slice() };
    for (const [i, { atMs }] of arrivals.entries()) {
      const datagram = i === 0 ? kept : { ...kept, copy: true };
      if (atMs <= now.monotonicMs) sent.push(datagram);
      else if (this.#delayed.length < MAX_DELAYED) this.#delay(datagram, atMs);
      else if (i === 0) this.#overflow();
    }
    return sent;
  }

  get #macLength(): number {
    return this.#options.seal === undefined ? 0 : REPLY_MAC_LENGTH;
  }

  #heldS({ monotonicMs }: Instant): number {
    const leavingMs = this.#options.readMonotonicMs?.() ?? monotonicMs;
    return Math.max(0, leavingMs - monotonicMs) / 1000;
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
    for (const { endpoint, record } of this.#clients) {
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

  /** Why an authentic heartbeat isn't taken. */
  #replayOf(request: Request, { wallMs }: Instant): RefusalReason | undefined {
    const { run } = request;
    // Without a run of its own, a heartbeat can't be told from those of other times.
    if (run?.length !== KEYED_RUN_DIGITS) return "unauthenticated";
    return this.#replays.refuse(request, run, wallMs / 1000);
  }

  #refuse(reason: RefusalReason, from: Endpoint): Output<ResponderEvent>[] {
    this.#refusals.count(reason, from);
    return [];
  }

  #ignore(
    bytes: Uint8Array,
    client: Endpoint,
    reason: MalformedReason,
  ): Output<ResponderEvent>[] {
    this.#malformed++;
    const beginning = bytes.slice(0, SHOWN_BYTES);
    return [{ type: "malformed", client, bytes: bytes.length, beginning, reason }];
  }
}

/** Puts the news that a client is heard again before all else. */
function heardAgain(
  client: Endpoint,
  silentMs: number | undefined,
  outputs: Output<ResponderEvent>[],
): Output<ResponderEvent>[] {
  if (silentMs !== undefined) outputs.unshift({ type: "client_state", client, to: "up", silentMs });
  return outputs;
}

function newClient({ hostname, port }: Endpoint, forgotten: Client | undefined): Client {
  // Copied, as the socket's own endpoints take several times the memory.
  const endpoint = { hostname, port };
  if (forgotten === undefined) return { endpoint, record: new ClientRecord() };
  forgotten.endpoint = endpoint;
  forgotten.record.reset();
  return forgotten;
}
