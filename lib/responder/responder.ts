/**
 * The server: answers heartbeats, drops some on purpose, and keeps a record of each client.
 *
 * The records never decide whether a heartbeat is answered.
 *
 * @module
 */

import { Admission, type AdmissionOptions } from "../admission/admission.ts";
import { type RefusalReason, Refusals } from "../admission/refusals.ts";
import { ReplayGuard } from "../admission/replay_guard.ts";
import type { Link } from "../impairment/link.ts";
import type { LossModel } from "../impairment/loss.ts";
import { Audit } from "../machine/audit.ts";
import type { Instant, Machine, Output, SendFailure, Transmit } from "../machine/machine.ts";
import { OwnMachine } from "../machine/own_machine.ts";
import { SHOWN_BYTES } from "../text/visible_text.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { MAX_AMPLIFICATION } from "../wire/grammar.ts";
import { type Extensions, replyLength, ReplyWriter } from "../wire/reply.ts";
import { decodeRequest, type Request } from "../wire/request.ts";
import { openRequest, REPLY_MAC_LENGTH, type Seal, sealReply } from "../wire/seal.ts";
import type { ClientRecord } from "./client_record.ts";
import { Clients } from "./clients.ts";
import { DelayedReplies } from "./delayed_replies.ts";
import type {
  MalformedReason,
  ResponderEvent,
  ResponderSummary,
  ResponderTotals,
} from "./events.ts";
import type { Heartbeat } from "./heartbeat.ts";

/** A timer that is later than this shows that this machine stood still, milliseconds. */
const STALL_TOLERANCE_MS = 500;

/** How a server answers. */
export interface ResponderOptions {
  /** Decides which heartbeats are dropped; called once per valid heartbeat, in order of arrival. */
  readonly loss: LossModel;
  /** The bad network that replies leave through; left out: they leave at once. */
  readonly link?: Link | undefined;
  /** Silence after which a client has stopped, milliseconds; left out: see `client_pace.ts`. */
  readonly clientTimeoutMs?: number | undefined;
  /** Which sources are answered, and how often; left out: all that can be, without limit. */
  readonly admission?: AdmissionOptions | undefined;
  /** Seed of the tables of sources, 0 to 2^32 - 1, unknown to strangers; left out: 0. */
  readonly hashSeed?: number | undefined;
  /** Answers only heartbeats sealed with this key; left out: no key is needed. */
  readonly seal?: Seal | undefined;
  /** Whether to leave out the events of single heartbeats: `replied` and `dropped`. */
  readonly quiet?: boolean | undefined;
  /** Reads the monotonic clock, milliseconds, to report how long a reply took; left out: 0 s. */
  readonly readMonotonicMs?: (() => number) | undefined;
}

/** Answers one socket's heartbeats. */
export class Responder implements Machine<ResponderEvent> {
  readonly #options: ResponderOptions;
  readonly #macLength: number;
  readonly #ownMachine = new OwnMachine();
  readonly #clients: Clients;
  readonly #admission: Admission;
  readonly #replays = new ReplayGuard();
  readonly #refusals = new Refusals();
  readonly #writer = new ReplyWriter();
  readonly #delayed = new DelayedReplies();
  readonly #audit = new Audit();
  #finished = false;
  #datagrams = 0;
  /** Heartbeats that were answered, but for replies that this machine could not send. */
  #answered = 0;
  #dropped = 0;
  #malformed = 0;
  #sendFailures = 0;
  #receiveFailures = 0;

  /** Makes a responder. */
  constructor(options: ResponderOptions) {
    this.#options = options;
    const { admission = {}, hashSeed = 0, seal, clientTimeoutMs } = options;
    this.#macLength = seal === undefined ? 0 : REPLY_MAC_LENGTH;
    this.#clients = new Clients(clientTimeoutMs, hashSeed);
    this.#admission = new Admission(admission, hashSeed);
  }

  get finished(): boolean {
    return this.#finished;
  }

  get wakeAtMs(): number | undefined {
    const wakeAtMs = Math.min(
      this.#delayed.nextAtMs,
      this.#clients.sweepAtMs - this.#ownMachine.sleptMs,
      this.#refusals.reportAtMs ?? Infinity,
    );
    return this.#finished || wakeAtMs === Infinity ? undefined : wakeAtMs;
  }

  advance(now: Instant): Output<ResponderEvent>[] {
    if (this.#finished) return [];
    const { monotonicMs } = now;
    const elapsedMs = this.#look(now);
    const outputs: Output<ResponderEvent>[] = this.#delayed.takeDue(monotonicMs);
    outputs.push(
      ...this.#clients.sweep(elapsedMs, this.#ownMachine.awakeSinceMs),
      ...this.#refusals.report(monotonicMs),
    );
    return outputs;
  }

  receive(bytes: Uint8Array, from: Endpoint, now: Instant, waitedMs = 0): Output<ResponderEvent>[] {
    if (this.#finished) return [];
    this.#datagrams++;
    this.#look(now);
    const fault = this.#admission.faultOf(from);
    if (fault !== undefined) return this.#refuse(fault, from);
    const { seal } = this.#options;
    const opened = seal === undefined ? bytes : openRequest(bytes, seal);
    if (typeof opened === "string") return this.#refuse(opened, from);
    const request = decodeRequest(opened, seal !== undefined);
    if (typeof request === "string") return this.#ignore(bytes, from, request);
    const timeDifferenceS = (now.wallMs - waitedMs) / 1000 - request.timeS;
    if (replyLength(request, timeDifferenceS) + this.#macLength > maxReplyBytes(bytes)) {
      return this.#ignore(bytes, from, "too_short");
    }
    const replay = seal === undefined ? undefined : this.#replayOf(request, from, now);
    if (replay !== undefined) return this.#refuse(replay, from);
    const arrivedMs = now.monotonicMs - waitedMs;
    const heartbeat = { request, bytes, from, arrivedMs, timeDifferenceS };
    // Drawn before the limit applies, so that a flood does not change which others are dropped.
    const dropped = this.#options.loss();
    return this.#admission.admit(from, now.monotonicMs)
      ? this.#take(heartbeat, dropped, now)
      : this.#limit(heartbeat, now);
  }

  sendFailed(transmit: Transmit, { reason }: SendFailure): Output<ResponderEvent>[] {
    if (!transmit.copy) {
      this.#answered--;
      this.#sendFailures++;
    }
    if (this.#finished) return [];
    return [{ type: "send_failed", client: transmit.to, seq: transmit.seq, reason }];
  }

  receiveFailed(reason: string, tooLong = false): Output<ResponderEvent>[] {
    if (tooLong) {
      this.#datagrams++;
      this.#malformed++;
      return [];
    }
    this.#receiveFailures++;
    return [{ type: "receive_failed", reason }];
  }

  stop(now: Instant): Output<ResponderEvent>[] {
    if (this.#finished) return [];
    this.#look(now);
    this.#finished = true;
    const { monotonicMs } = now;
    return [
      ...this.#refusals.report(monotonicMs, true),
      { type: "summary", ...this.summary(monotonicMs) },
    ];
  }

  /** The totals so far, and each client's silence at `nowMs` on the monotonic clock. */
  summary(nowMs: number): ResponderSummary {
    return { ...this.totals, clients: this.#clients.summaries(this.#ownMachine.elapsedMs(nowMs)) };
  }

  /** What is known of its clients, the busiest first; some at a time. */
  clientSummaries(nowMs: number): Generator<string, ResponderSummary["clients"]> {
    return this.#clients.summariesInSteps(this.#ownMachine.elapsedMs(nowMs));
  }

  /** The totals so far. */
  get totals(): ResponderTotals {
    const { waiting, overflowed } = this.#delayed;
    const replied = this.#answered - waiting - overflowed;
    const received = this.#answered + this.#dropped + this.#sendFailures;
    const [malformed, refused] = [this.#malformed, this.#refusals.total];
    return {
      ...this.#audit.check("datagrams", this.#datagrams, {
        ...{ replied, waiting, overflowed, dropped: this.#dropped },
        ...{ unanswered: this.#sendFailures, malformed, ...refused },
      }),
      received,
      replied,
      waiting,
      dropped: this.#dropped,
      malformed,
      refused,
      overflowed,
      sendFailures: this.#sendFailures,
      receiveFailures: this.#receiveFailures,
      clientsMet: this.#clients.added,
      clientsForgotten: this.#clients.forgotten,
    };
  }

  /** Looks after this machine; returns the moment on the clock that goes on while it sleeps. */
  #look(now: Instant): number {
    this.#ownMachine.look(now, this.wakeAtMs ?? Infinity, STALL_TOLERANCE_MS);
    return this.#ownMachine.elapsedMs(now.monotonicMs);
  }

  /** Takes a heartbeat that may be answered: records it, and drops or answers it. */
  #take(heartbeat: Heartbeat, dropped: boolean, now: Instant): Output<ResponderEvent>[] {
    const record = this.#clients.recordOf(heartbeat.from);
    const nowMs = this.#ownMachine.elapsedMs(now.monotonicMs);
    const back = this.#clients.add(record, heartbeat, dropped ? "dropped" : "accepted", nowMs);
    const outputs = dropped ? this.#drop(heartbeat) : this.#answer(heartbeat, record, now);
    // That a client is back comes before the reply to it.
    return back === undefined ? outputs : [back, ...outputs];
  }

  /**
   * Refuses a heartbeat over the limit. A known client records it, as the network did not lose it.
   */
  #limit(heartbeat: Heartbeat, now: Instant): Output<ResponderEvent>[] {
    const { from } = heartbeat;
    const outputs = this.#refuse("limited", from);
    const record = this.#clients.find(from);
    if (record === undefined) return outputs;
    const nowMs = this.#ownMachine.elapsedMs(now.monotonicMs);
    const back = this.#clients.add(record, heartbeat, "limited", nowMs);
    return back === undefined ? outputs : [back];
  }

  #drop({ request: { seq }, from }: Heartbeat): Output<ResponderEvent>[] {
    this.#dropped++;
    return this.#options.quiet ? [] : [{ type: "dropped", client: from, seq }];
  }

  /**
   * Writes the reply and sends it. A bad network's copies of it don't count for the limit on
   * amplification: the operator asks for them.
   */
  #answer(heartbeat: Heartbeat, record: ClientRecord, now: Instant): Output<ResponderEvent>[] {
    this.#answered++;
    const { request, bytes, from, timeDifferenceS } = heartbeat;
    const { link, seal, quiet } = this.#options;
    const { seq, run } = request;
    const plain = this.#writer.write(
      bytes,
      request,
      timeDifferenceS,
      this.#extensions(heartbeat, record),
      maxReplyBytes(bytes) - this.#macLength,
    );
    // With a key, a heartbeat that names no run was refused before.
    const reply = seal === undefined ? plain : sealReply(plain, run!, seal);
    const transmit: Transmit = { type: "transmit", to: from, bytes: reply, seq };
    const outputs: Output<ResponderEvent>[] = link === undefined
      ? [transmit]
      : this.#delayed.add(transmit, link.carry(now.monotonicMs), now.monotonicMs);
    if (!quiet) outputs.push({ type: "replied", client: from, seq, timeDifferenceS });
    return outputs;
  }

  /** What our own client reads beyond the plain reply; `undefined` for any other client. */
  #extensions(
    { request: { checked, run }, arrivedMs }: Heartbeat,
    record: ClientRecord,
  ): Extensions | undefined {
    if (run === undefined && !checked) return undefined;
    const heldMs = (this.#options.readMonotonicMs?.() ?? arrivedMs) - arrivedMs;
    return { echo: run === undefined, count: record.count, heldS: Math.max(0, heldMs) / 1000 };
  }

  /** Why an authentic heartbeat is refused; `undefined`: it is new. */
  #replayOf(request: Request, from: Endpoint, { wallMs }: Instant): RefusalReason | undefined {
    const { run } = request;
    // Without a run of its own, it can't be told from a recorded one.
    if (run === undefined) return "unauthenticated";
    return this.#replays.refuse(request, run, from, wallMs / 1000);
  }

  #refuse(reason: RefusalReason, from: Endpoint): Output<ResponderEvent>[] {
    this.#refusals.add(reason, from);
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

/** The most bytes that a request may be answered with, all copies included. */
function maxReplyBytes(request: Uint8Array): number {
  return request.length * MAX_AMPLIFICATION;
}
