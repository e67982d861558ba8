/**
 * The client: sends heartbeats, measures their round trips, and says whether the server is alive.
 *
 * @module
 */

import { ConsecutiveLosses, type State } from "../detect/consecutive_losses.ts";
import { ClockOffset } from "../measure/clock_offset.ts";
import type { Distribution } from "../measure/distribution.ts";
import { LossDirection } from "../measure/loss_direction.ts";
import { type Endpoint, sameEndpoint } from "../wire/endpoint.ts";
import { decodeReply, type Reply } from "../wire/reply.ts";
import { encodeRequest, requestText } from "../wire/request.ts";
import { type Answer, type Heartbeat, Ledger } from "./ledger.ts";
import type { Instant, Machine, Output, Transmit } from "./machine.ts";
import { Measurements } from "./measurements.ts";
import type { MonitorEvent, MonitorSummary, UnexpectedReason, Verdict } from "./monitor_events.ts";
import { OwnClock } from "./own_clock.ts";
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
  /** Names this run to the server, 8 hexadecimal digits, so that it counts its heartbeats; left out: it doesn't. */
  readonly run?: string | undefined;
  /** How often figures are told in mid-run; left out: never. */
  readonly reportEveryMs?: number | undefined;
}

/** After a standstill, as many overdue heartbeats leave at once, so that replies get their turn between them. */
const MAX_SENT_AT_ONCE = 64;

/** Monitors one server. */
export class Monitor implements Machine<MonitorEvent> {
  readonly #options: MonitorOptions;
  readonly #ledger = new Ledger();
  readonly #schedule: Schedule | undefined;
  readonly #losses: ConsecutiveLosses;
  readonly #whole = new Measurements();
  readonly #direction = new LossDirection();
  readonly #clock = new ClockOffset();
  readonly #ownClock = new OwnClock();
  #window = new Measurements();
  #windowSinceMs = 0;
  #startedAtMs: number | undefined;
  #nowMs = 0;
  #state: State = "unknown";
  #stateSinceMs = 0;
  #judged = 0;
  #finished = false;
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
    if (this.#startedAtMs === undefined) return -Infinity;
    const wishes = [this.#timeoutAtMs(), this.#dueAtMs(), this.#reportAtMs()];
    return Math.min(...wishes.map((atMs) => atMs ?? Infinity));
  }

  /** The round trips so far, milliseconds. */
  get roundTrips(): Distribution {
    return this.#whole.roundTrips;
  }

  advance(now: Instant): Output<MonitorEvent>[] {
    const outputs: Output<MonitorEvent>[] = [];
    this.#passTo(now, outputs);
    this.#send(now, outputs);
    this.#reportIfDue(now, outputs);
    return outputs;
  }

  receive(bytes: Uint8Array, from: Endpoint, now: Instant): Output<MonitorEvent>[] {
    const outputs: Output<MonitorEvent>[] = [];
    // A timeout that has passed comes before the reply that has just arrived, however late the timer is.
    this.#passTo(now, outputs);
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
    this.#passTo(now, outputs);
    if (!this.#finished) this.#finish(outputs);
    return outputs;
  }

  /** The figures so far. */
  summary(): MonitorSummary {
    const figures = this.#whole.figures();
    const { lost, late } = figures;
    const startedAtMs = this.#startedAtMs ?? this.#nowMs;
    return {
      ...figures,
      verdict: this.#verdict(),
      state: this.#state,
      sent: this.#ledger.last,
      outstanding: this.#ledger.outstanding,
      unexpected: this.#unexpected,
      sendFailures: this.#sendFailures,
      receiveFailures: this.#receiveFailures,
      direction: this.#direction.figures({
        lost,
        late,
        waitingUpTo: (seq) => this.#ledger.outstandingUpTo(seq),
      }),
      clock: this.#clock.figures(this.#nowMs / 1000),
      startedAtMs,
      durationMs: this.#nowMs - startedAtMs,
    };
  }

  #verdict(): Verdict {
    if (!this.#losses.heard) return "never_answered";
    return this.#losses.state === "down" ? "stopped" : "alive";
  }

  /** Lets time pass: looks after this machine's clock, and gives up the heartbeats that have waited too long. */
  #passTo(now: Instant, outputs: Output<MonitorEvent>[]): void {
    if (this.#finished) return;
    this.#nowMs = now.monotonicMs;
    this.#startedAtMs ??= now.monotonicMs;
    if (this.#ownClock.stepped(now)) {
      this.#clock.restart();
      outputs.push({ type: "clock_step", whose: "client" });
    }
    for (;;) {
      const timeoutAtMs = this.#timeoutAtMs();
      if (this.#finished || timeoutAtMs === undefined || timeoutAtMs > now.monotonicMs) return;
      const seq = this.#ledger.oldestOutstanding!;
      this.#ledger.lose(seq, "lost");
      this.#measure((measurements) => measurements.lost());
      this.#losses.timedOut(seq);
      this.#judge();
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
      const bytes = encodeRequest(text, this.#options.run);
      outputs.push({ type: "transmit", to: this.#options.target, bytes, seq });
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
    const heartbeat = this.#ledger.find(reply.seq);
    if (heartbeat === undefined) {
      const wasSent = reply.seq >= 1 && reply.seq <= this.#ledger.last;
      return refuse(wasSent ? "too_old" : "never_sent");
    }
    this.#match(reply, heartbeat, now, outputs);
  }

  /** Takes a reply to a heartbeat of ours. */
  #match(reply: Reply, heartbeat: Heartbeat, now: Instant, outputs: Output<MonitorEvent>[]): void {
    const { seq, timeDifferenceS, count } = reply;
    const { fate, sentAtMs } = heartbeat;
    const rttMs = now.monotonicMs - sentAtMs;
    if (fate === "received" || fate === "late") {
      const first = this.#ledger.copy(seq);
      this.#measure((measurements) => measurements.duplicate(first));
      outputs.push({ type: "duplicate", seq });
      return;
    }
    if (fate === "outstanding") {
      this.#take(seq, { rttMs, timeDifferenceS });
      outputs.push({ type: "reply", seq, rttMs, timeDifferenceS });
    } else {
      this.#ledger.lose(seq, "late");
      this.#measure((measurements) => measurements.late(seq));
      outputs.push({ type: "late", seq, rttMs });
    }
    if (count !== undefined) this.#direction.add(count);
    const heldS = Math.min(count?.heldS ?? 0, rttMs / 1000);
    const sample = { atS: sentAtMs / 1000, timeDifferenceS, rttS: rttMs / 1000, heldS };
    if (this.#ownClock.steadySince(sentAtMs) && this.#clock.add(sample)) {
      outputs.push({ type: "clock_step", whose: "server" });
    }
    this.#losses.answered(seq);
    this.#updateState(now, outputs);
  }

  #take(seq: number, answer: Answer): void {
    this.#ledger.receive(seq, answer);
    const before = this.#ledger.answer(seq - 1);
    const after = this.#ledger.answer(seq + 1);
    this.#measure((measurements) => measurements.answered(seq, answer, before, after));
    this.#judge();
  }

  /** Tells the measurements the fates of heartbeats in the order of their numbers, as far as all are settled. */
  #judge(): void {
    const settled = (this.#ledger.oldestOutstanding ?? this.#ledger.last + 1) - 1;
    while (this.#judged < settled) {
      const seq = ++this.#judged;
      const { fate, sentAtMs } = this.#ledger.find(seq)!;
      this.#measure((measurements) => measurements.settled(seq, fate !== "received", sentAtMs));
    }
  }

  #measure(observe: (measurements: Measurements) => void): void {
    observe(this.#whole);
    if (this.#options.reportEveryMs !== undefined) observe(this.#window);
  }

  #reportIfDue(now: Instant, outputs: Output<MonitorEvent>[]): void {
    const dueAtMs = this.#reportAtMs();
    if (this.#finished || dueAtMs === undefined || dueAtMs > now.monotonicMs) return;
    const windowMs = now.monotonicMs - this.#windowStartMs();
    outputs.push({
      type: "report",
      windowMs,
      window: this.#window.figures(),
      whole: this.summary(),
    });
    this.#window = new Measurements();
    this.#windowSinceMs = now.monotonicMs;
  }

  #updateState(now: Instant, outputs: Output<MonitorEvent>[]): void {
    const { state: to, count: consecutive, heard } = this.#losses;
    const from = this.#state;
    if (to === from) return;
    const lastedMs = now.monotonicMs - Math.max(this.#stateSinceMs, this.#startedAtMs!);
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
    const dueAtMs = this.#dueAtMs();
    return dueAtMs !== undefined && dueAtMs <= now.monotonicMs;
  }

  /** When the next heartbeat may leave; `undefined` while none may. */
  #dueAtMs(): number | undefined {
    if (this.#sentAll() || this.#ledger.full) return undefined;
    if (this.#schedule !== undefined) return this.#schedule.dueAtMs ?? -Infinity;
    return this.#ledger.outstanding === 0 ? -Infinity : undefined;
  }

  #reportAtMs(): number | undefined {
    const { reportEveryMs } = this.#options;
    return reportEveryMs === undefined ? undefined : this.#windowStartMs() + reportEveryMs;
  }

  #windowStartMs(): number {
    return Math.max(this.#windowSinceMs, this.#startedAtMs ?? 0);
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
