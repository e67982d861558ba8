/**
 * The client: sends heartbeats, measures their round trips, and says whether the server is alive.
 *
 * @module
 */

import { ConsecutiveLosses, type State } from "../detect/consecutive_losses.ts";
import { Distribution, type Spread } from "../measure/distribution.ts";
import { type Endpoint, sameEndpoint } from "../wire/endpoint.ts";
import { decodeReply, type ReplyFault } from "../wire/reply.ts";
import { encodeRequest, requestText } from "../wire/request.ts";
import { Ledger } from "./ledger.ts";
import type { Instant, Machine, Output, Transmit } from "./machine.ts";
import { Schedule } from "./schedule.ts";

/** How a server is monitored. */
export interface MonitorOptions {
  /** Where heartbeats go, and the only endpoint that replies count from. */
  readonly target: Endpoint;
  /** Heartbeats to send; 0: until stopped. */
  readonly count: number;
  /** From the start of one heartbeat to the start of the next; 0: as soon as the last is answered or lost. */
  readonly intervalMs: number;
  /** How long a heartbeat waits for its reply, more than 0. */
  readonly timeoutMs: number;
  /** Losses in a row after which the server is assumed to have stopped; 0: never. */
  readonly maxLosses: number;
  /** Whether to go on when the server is assumed to have stopped. */
  readonly watch: boolean;
}

/** Why a datagram counts for nothing. */
export type UnexpectedReason = ReplyFault | "wrong_source" | "never_sent" | "too_old";

/** What the monitor found out. */
export type MonitorEvent =
  | { readonly type: "sent"; readonly seq: number; readonly text: string }
  | {
    readonly type: "reply";
    readonly seq: number;
    readonly rttMs: number;
    readonly timeDifferenceS: number;
  }
  | { readonly type: "timeout"; readonly seq: number; readonly consecutive: number }
  | { readonly type: "late"; readonly seq: number; readonly rttMs: number }
  | { readonly type: "duplicate"; readonly seq: number }
  | {
    readonly type: "unexpected";
    readonly from: Endpoint;
    readonly bytes: number;
    readonly reason: UnexpectedReason;
  }
  | { readonly type: "send_failed"; readonly seq: number; readonly reason: string }
  | { readonly type: "receive_failed"; readonly reason: string }
  | {
    readonly type: "state";
    readonly from: State;
    readonly to: State;
    readonly consecutive: number;
    /** Whether any reply was ever heard. */
    readonly heard: boolean;
    /** Heartbeats that this machine could not send, so far. */
    readonly sendFailures: number;
    /** Since when the state that ends had lasted, milliseconds. */
    readonly lastedMs: number;
  }
  | ({ readonly type: "summary" } & MonitorSummary);

/** What a whole run comes to. */
export type Verdict = "alive" | "stopped" | "never_answered";

/** The figures of a run: sent = received + lost + outstanding. */
export interface MonitorSummary {
  /** Whether the server was alive to the end. */
  readonly verdict: Verdict;
  /** What was believed of the server at the end. */
  readonly state: State;
  /** Heartbeats sent, or tried. */
  readonly sent: number;
  /** Heartbeats answered in time. */
  readonly received: number;
  /** Heartbeats not answered in time (RFC 6673: a late reply doesn't mend that). */
  readonly lost: number;
  /** Heartbeats still in flight: neither received nor lost. */
  readonly outstanding: number;
  /** Lost heartbeats that were answered after all. */
  readonly late: number;
  /** Replies to heartbeats that had been answered already. */
  readonly duplicates: number;
  /** Datagrams that count for nothing. */
  readonly unexpected: number;
  /** Heartbeats that this machine could not send; they are lost, too. */
  readonly sendFailures: number;
  /** Times that the socket failed to receive. */
  readonly receiveFailures: number;
  /** lost / (received + lost), or `undefined` while both are 0. */
  readonly lossRatio: number | undefined;
  /** Round trips of the heartbeats answered in time, milliseconds, or `undefined` when there are none. */
  readonly rttMs: Spread | undefined;
}

/** After a standstill, as many overdue heartbeats leave at once, so that replies get their turn between them. */
const MAX_SENT_AT_ONCE = 64;

/** Monitors one server. */
export class Monitor implements Machine<MonitorEvent> {
  readonly #options: MonitorOptions;
  readonly #ledger = new Ledger();
  readonly #schedule: Schedule | undefined;
  readonly #losses: ConsecutiveLosses;
  readonly #roundTrips = new Distribution();
  #state: State = "unknown";
  #stateSinceMs: number | undefined;
  #finished = false;
  #lost = 0;
  #late = 0;
  #duplicates = 0;
  #unexpected = 0;
  #sendFailures = 0;
  #receiveFailures = 0;

  /** Makes a monitor whose first heartbeat leaves at the first `advance`. */
  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#losses = new ConsecutiveLosses(options.maxLosses);
    const { intervalMs, timeoutMs } = options;
    if (intervalMs > 0) this.#schedule = new Schedule(intervalMs, Math.max(intervalMs, timeoutMs));
  }

  get finished(): boolean {
    return this.#finished;
  }

  get wakeAtMs(): number | undefined {
    if (this.#finished) return undefined;
    const timeoutAtMs = this.#timeoutAtMs();
    if (this.#sentAll() || this.#ledger.full) return timeoutAtMs;
    if (this.#schedule === undefined) return timeoutAtMs ?? -Infinity;
    return Math.min(this.#schedule.dueAtMs ?? -Infinity, timeoutAtMs ?? Infinity);
  }

  advance(now: Instant): Output<MonitorEvent>[] {
    const outputs: Output<MonitorEvent>[] = [];
    this.#stateSinceMs ??= now.monotonicMs;
    this.#expire(now, outputs);
    this.#send(now, outputs);
    return outputs;
  }

  receive(bytes: Uint8Array, from: Endpoint, now: Instant): Output<MonitorEvent>[] {
    const outputs: Output<MonitorEvent>[] = [];
    // A timeout that has passed comes before the reply that has just arrived, however late the timer is.
    this.#expire(now, outputs);
    if (this.#finished) return outputs;
    this.#read(bytes, from, now, outputs);
    this.#send(now, outputs);
    return outputs;
  }

  sendFailed(transmit: Transmit, reason: string): Output<MonitorEvent>[] {
    this.#sendFailures++;
    return this.#finished ? [] : [{ type: "send_failed", seq: transmit.seq, reason }];
  }

  receiveFailed(reason: string): Output<MonitorEvent>[] {
    this.#receiveFailures++;
    return [{ type: "receive_failed", reason }];
  }

  stop(now: Instant): Output<MonitorEvent>[] {
    const outputs: Output<MonitorEvent>[] = [];
    this.#expire(now, outputs);
    if (!this.#finished) this.#finish(outputs);
    return outputs;
  }

  /** The figures so far. */
  summary(): MonitorSummary {
    const received = this.#roundTrips.count;
    const settled = received + this.#lost;
    return {
      verdict: this.#verdict(),
      state: this.#state,
      sent: this.#ledger.last,
      received,
      lost: this.#lost,
      outstanding: this.#ledger.outstanding,
      late: this.#late,
      duplicates: this.#duplicates,
      unexpected: this.#unexpected,
      sendFailures: this.#sendFailures,
      receiveFailures: this.#receiveFailures,
      lossRatio: settled === 0 ? undefined : this.#lost / settled,
      rttMs: this.#roundTrips.spread(),
    };
  }

  #verdict(): Verdict {
    if (!this.#losses.heard) return "never_answered";
    return this.#losses.state === "down" ? "stopped" : "alive";
  }

  /** Gives up the heartbeats that have waited for the whole timeout. */
  #expire(now: Instant, outputs: Output<MonitorEvent>[]): void {
    for (;;) {
      const timeoutAtMs = this.#timeoutAtMs();
      if (this.#finished || timeoutAtMs === undefined || timeoutAtMs > now.monotonicMs) return;
      const seq = this.#ledger.oldestOutstanding!;
      this.#ledger.settle(seq, "lost");
      this.#lost++;
      this.#losses.timedOut(seq);
      outputs.push({ type: "timeout", seq, consecutive: this.#losses.count });
      this.#updateState(now, outputs);
      if (this.#state === "down" && !this.#options.watch) this.#finish(outputs);
    }
  }

  /** Sends what is due, and finishes when nothing is left to send or to wait for. */
  #send(now: Instant, outputs: Output<MonitorEvent>[]): void {
    if (this.#finished) return;
    for (let sent = 0; sent < MAX_SENT_AT_ONCE && this.#isDue(now); sent++) {
      const seq = this.#ledger.send(now.monotonicMs);
      this.#schedule?.sent(now.monotonicMs);
      const text = requestText(seq, now.wallMs);
      outputs.push({ type: "transmit", to: this.#options.target, bytes: encodeRequest(text), seq });
      outputs.push({ type: "sent", seq, text });
    }
    if (this.#sentAll() && this.#ledger.outstanding === 0) this.#finish(outputs);
  }

  #read(
    bytes: Uint8Array,
    from: Endpoint,
    now: Instant,
    outputs: Output<MonitorEvent>[],
  ): void {
    const refuse = (reason: UnexpectedReason) => {
      this.#unexpected++;
      outputs.push({ type: "unexpected", from, bytes: bytes.length, reason });
    };
    if (!sameEndpoint(from, this.#options.target)) return refuse("wrong_source");
    const reply = decodeReply(bytes);
    if (typeof reply === "string") return refuse(reply);
    const { seq, timeDifferenceS } = reply;
    const heartbeat = this.#ledger.find(seq);
    if (heartbeat === undefined) {
      return refuse(seq >= 1 && seq <= this.#ledger.last ? "too_old" : "never_sent");
    }
    const rttMs = now.monotonicMs - heartbeat.sentAtMs;
    if (heartbeat.fate === "outstanding") {
      this.#ledger.settle(seq, "received");
      this.#roundTrips.add(rttMs);
      outputs.push({ type: "reply", seq, rttMs, timeDifferenceS });
    } else if (heartbeat.fate === "lost") {
      this.#ledger.settle(seq, "late");
      this.#late++;
      outputs.push({ type: "late", seq, rttMs });
    } else {
      this.#duplicates++;
      outputs.push({ type: "duplicate", seq });
      return;
    }
    this.#losses.answered(seq);
    this.#updateState(now, outputs);
  }

  #updateState(now: Instant, outputs: Output<MonitorEvent>[]): void {
    const { state: to, count: consecutive, heard } = this.#losses;
    const from = this.#state;
    if (to === from) return;
    const lastedMs = now.monotonicMs - this.#stateSinceMs!;
    this.#state = to;
    this.#stateSinceMs = now.monotonicMs;
    const sendFailures = this.#sendFailures;
    outputs.push({ type: "state", from, to, consecutive, heard, sendFailures, lastedMs });
  }

  #finish(outputs: Output<MonitorEvent>[]): void {
    this.#finished = true;
    outputs.push({ type: "summary", ...this.summary() });
  }

  #isDue(now: Instant): boolean {
    if (this.#sentAll() || this.#ledger.full) return false;
    return this.#schedule?.isDue(now.monotonicMs) ?? this.#ledger.outstanding === 0;
  }

  #sentAll(): boolean {
    return this.#options.count > 0 && this.#ledger.last >= this.#options.count;
  }

  #timeoutAtMs(): number | undefined {
    const oldest = this.#ledger.oldestOutstanding;
    if (oldest === undefined) return undefined;
    return this.#ledger.find(oldest)!.sentAtMs + this.#options.timeoutMs;
  }
}
