/**
 * The client: sends heartbeats, measures their round trips, and says whether the server is alive.
 *
 * @module
 */

import { AdaptiveLimit, FALSE_ALARM_EVERY } from "../detect/adaptive_limit.ts";
import { ConsecutiveLosses, RECOVER_REPLIES, type State } from "../detect/consecutive_losses.ts";
import { SeenLosses, type VerdictWorth, verdictWorth } from "../detect/verdict_worth.ts";
import { ClockOffset } from "../measure/clock_offset.ts";
import { Distribution } from "../measure/distribution.ts";
import { LossDirection } from "../measure/loss_direction.ts";
import { type Endpoint, sameEndpoint } from "../wire/endpoint.ts";
import { decodeReply, type Reply, type ServerCount } from "../wire/reply.ts";
import { encodeRequest, requestText } from "../wire/request.ts";
import { openReply, type Seal, type SealFault, sealRequest } from "../wire/seal.ts";
import { type Answer, type Heartbeat, Ledger } from "./ledger.ts";
import type { Instant, Machine, Output, Transmit } from "../machine/machine.ts";
import { SHOWN_BYTES } from "../text/visible_text.ts";
import { Measurements } from "./measurements.ts";
import type { MonitorEvent, MonitorSummary, UnexpectedReason, Verdict } from "./events.ts";
import { Outages } from "./outages.ts";
import { OwnClock } from "./own_clock.ts";
import { type Circumstances, SendTiming } from "./send_timing.ts";

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
  /** Losses in a row after which the server is assumed to have stopped; 0: never; `auto`: learnt while running. */
  readonly maxLosses: number | "auto";
  /** How many heartbeats there should be to a false alarm; left out: {@linkcode FALSE_ALARM_EVERY}. */
  readonly falseAlarmEvery?: number | undefined;
  /** Whether a heartbeat that is overdue by RFC 6298 counts as lost at once, and the next leaves sooner. */
  readonly probeFast?: boolean | undefined;
  /** Replies in a row after which a stopped server is up again; left out: {@linkcode RECOVER_REPLIES}. */
  readonly recover?: number | undefined;
  /** Whether to go on when the server is assumed to have stopped. */
  readonly watch: boolean;
  /** Names this run to the server, 8 hexadecimal digits, so that it counts its heartbeats; left out: it doesn't. */
  readonly run?: string | undefined;
  /** The key that replies are believed by only; needs a run of 32 digits, of which no other was ever used. */
  readonly seal?: Seal | undefined;
  /** How often figures are told in mid-run; left out: never. */
  readonly reportEveryMs?: number | undefined;
}

// A heartbeat is never overdue sooner: the timers of a busy machine are late by some milliseconds.
const SHORTEST_RTO_MS = 20;
// Probes that are closer to each other share their fate too often.
const SHORTEST_PROBE_MS = 200;
// A timer that is later than half the timeout, within these limits, means that this machine stood still.
const [SHORTEST_STALL_MS, LONGEST_STALL_MS] = [20, 500];

const SHORTEST_SLEEP_MS = 1000;

/** After a standstill, as many overdue heartbeats leave at once, so that replies get their turn between them. */
const MAX_SENT_AT_ONCE = 64;

/** Monitors one server. */
export class Monitor implements Machine<MonitorEvent> {
  readonly #options: MonitorOptions;
  readonly #ledger = new Ledger();
  readonly #timing: SendTiming;
  readonly #adaptive: AdaptiveLimit;
  readonly #losses: ConsecutiveLosses;
  readonly #seenLosses = new SeenLosses();
  readonly #outages = new Outages();
  readonly #whole = new Measurements();
  readonly #direction = new LossDirection();
  readonly #clock = new ClockOffset();
  readonly #ownClock = new OwnClock();
  readonly #scheduleErrors = new Distribution();
  #window = new Measurements();
  #windowSinceMs = 0;
  #startedAtMs: number | undefined;
  #nowMs = 0;
  #state: State = "unknown";
  #stateSinceMs = 0;
  #judged = 0;
  #finished = false;
  #unexpected = 0;
  #unauthentic = 0;
  #unauthenticInRun = 0;
  #elsewhere: Endpoint | undefined;
  #stalls = 0;
  #excused = 0;
  #sendFailures = 0;
  #sendFailuresInRun = 0;
  #receiveFailures = 0;

  /** Makes a monitor whose first heartbeat leaves at the first `advance`. */
  constructor(options: MonitorOptions) {
    this.#options = options;
    const { maxLosses, intervalMs, timeoutMs } = options;
    this.#timing = new SendTiming(intervalMs, timeoutMs);
    this.#adaptive = new AdaptiveLimit(1 / this.#falseAlarmEvery);
    this.#losses = new ConsecutiveLosses({
      limit: maxLosses === "auto" ? () => this.#adaptive.limit : () => maxLosses,
      recover: options.recover ?? RECOVER_REPLIES,
    });
  }

  get finished(): boolean {
    return this.#finished;
  }

  get wakeAtMs(): number | undefined {
    if (this.#finished) return undefined;
    if (this.#startedAtMs === undefined) return -Infinity;
    const wishes = [
      this.#timeoutAtMs(),
      this.#overdueAtMs(),
      this.#dueAtMs(),
      this.#reportAtMs(),
    ];
    return Math.min(...wishes.map((atMs) => atMs ?? Infinity));
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
    this.#sendFailuresInRun++;
    // What this machine could not send is no evidence against the server.
    this.#ledger.excuse(transmit.seq);
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
      worth: this.#worth(),
      outages: this.#outages.count,
      availability: this.#outages.availability(startedAtMs, this.#nowMs),
      stalls: this.#stalls,
      excused: this.#excused,
      roundTrips: this.#whole.roundTrips,
      state: this.#state,
      sent: this.#ledger.last,
      scheduleErrorMs: this.#scheduleErrors.spread(),
      consecutive: this.#losses.count,
      outstanding: this.#ledger.outstanding,
      unexpected: this.#unexpected,
      unauthentic: this.#unauthentic,
      elsewhere: this.#elsewhere,
      keyed: this.#options.seal !== undefined,
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

  /** What the rule is worth at the loss as it is estimated; `undefined` where there is no rule, or no loss is known. */
  #worth(): VerdictWorth | undefined {
    const { maxLosses, count } = this.#options;
    const limit = maxLosses === "auto" ? this.#adaptive.limit : maxLosses;
    const { rates } = this.#seenLosses;
    if (limit === 0 || rates === undefined) return undefined;
    const heartbeats = count > 0 ? count : this.#ledger.last;
    return verdictWorth(
      { limit, newer: this.#newer(), rates },
      heartbeats,
      1 / this.#falseAlarmEvery,
    );
  }

  /** How many heartbeats leave, and could be answered, while one waits in vain. */
  #newer(): number {
    const { intervalMs, timeoutMs } = this.#options;
    if (intervalMs === 0) return 0;
    const spareMs = (this.#rtoMs() ?? timeoutMs) - (this.#whole.srttMs ?? 0);
    return Math.max(0, Math.floor(spareMs / intervalMs));
  }

  get #falseAlarmEvery(): number {
    return this.#options.falseAlarmEvery ?? FALSE_ALARM_EVERY;
  }

  /** Lets time pass: looks after this machine, and gives up the heartbeats that have waited too long. */
  #passTo(now: Instant, outputs: Output<MonitorEvent>[]): void {
    if (this.#finished) return;
    this.#lookAfterOwnMachine(now, outputs);
    this.#nowMs = now.monotonicMs;
    this.#startedAtMs ??= now.monotonicMs;
    for (;;) {
      const overdueAtMs = this.#overdueAtMs() ?? Infinity;
      const timeoutAtMs = this.#timeoutAtMs() ?? Infinity;
      if (this.#finished || Math.min(overdueAtMs, timeoutAtMs) > now.monotonicMs) return;
      if (overdueAtMs < timeoutAtMs) this.#giveUp(this.#losses.settledUpTo + 1);
      else this.#timeOut(this.#ledger.oldestOutstanding!, outputs);
      this.#updateState(now, outputs);
      if (this.#state === "down" && !this.#options.watch) this.#finish(outputs);
    }
  }

  /** A timer that is far too late, or a clock that jumps, means that this machine stood still or slept. */
  #lookAfterOwnMachine(now: Instant, outputs: Output<MonitorEvent>[]): void {
    const lateMs = now.monotonicMs - (this.wakeAtMs ?? Infinity);
    const halfTimeoutMs = this.#options.timeoutMs / 2;
    const stallMs = Math.min(Math.max(halfTimeoutMs, SHORTEST_STALL_MS), LONGEST_STALL_MS);
    const stalled = lateMs > stallMs && lateMs < Infinity;
    if (stalled) {
      this.#stalls++;
      outputs.push({ type: "stall", lateMs });
    }
    const stepMs = this.#ownClock.step(now);
    if (stepMs !== 0) {
      this.#clock.restart();
      outputs.push({ type: "clock_step", whose: "client" });
    }
    // On Linux the steady clock stands still while a laptop sleeps: then only the wall clock shows it, by a leap
    // forward. Where that was somebody setting the clock, the verdict waits for a heartbeat longer, and no more.
    if (stalled || stepMs > SHORTEST_SLEEP_MS) this.#excuseOutstanding();
  }

  #excuseOutstanding(): void {
    const { oldestOutstanding, last } = this.#ledger;
    for (let seq = oldestOutstanding ?? last + 1; seq <= last; seq++) this.#ledger.excuse(seq);
  }

  #timeOut(seq: number, outputs: Output<MonitorEvent>[]): void {
    this.#ledger.lose(seq, "lost");
    this.#measure((measurements) => measurements.lost());
    this.#giveUp(seq);
    this.#judge();
    outputs.push({ type: "timeout", seq, consecutive: this.#losses.count });
  }

  /** Counts a heartbeat against the server, unless its loss is this machine's fault. */
  #giveUp(seq: number): void {
    const { excused, sentAtMs } = this.#ledger.find(seq)!;
    if (excused) {
      this.#losses.excuse(seq);
    } else {
      this.#losses.lost(seq);
      this.#outages.lost(sentAtMs);
    }
  }

  /** Sends what is due, and finishes when nothing is left to send or to wait for. */
  #send(now: Instant, outputs: Output<MonitorEvent>[]): void {
    if (this.#finished) return;
    for (let sent = 0; sent < MAX_SENT_AT_ONCE; sent++) {
      const dueAtMs = this.#dueAtMs() ?? Infinity;
      if (dueAtMs > now.monotonicMs) break;
      // What has no schedule is due since ever.
      if (dueAtMs > -Infinity) this.#scheduleErrors.add(now.monotonicMs - dueAtMs);
      this.#timing.sent(now.monotonicMs, this.#circumstances());
      const seq = this.#ledger.send(now.monotonicMs);
      const text = requestText(seq, now.wallMs);
      const bytes = this.#seal(encodeRequest(text, this.#options.run));
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
      const beginning = bytes.slice(0, SHOWN_BYTES);
      outputs.push({ type: "unexpected", from, bytes: bytes.length, beginning, reason });
    };
    if (!sameEndpoint(from, this.#options.target)) {
      if (from.hostname !== this.#options.target.hostname) this.#elsewhere = from;
      return refuse("wrong_source");
    }
    const opened = this.#open(bytes);
    if (typeof opened === "string") {
      this.#unauthentic++;
      this.#unauthenticInRun++;
      return refuse(opened);
    }
    const reply = decodeReply(opened);
    if (typeof reply === "string") return refuse(reply);
    const heartbeat = this.#ledger.find(reply.seq);
    if (heartbeat === undefined) {
      const wasSent = reply.seq >= 1 && reply.seq <= this.#ledger.last;
      return refuse(wasSent ? "too_old" : "never_sent");
    }
    this.#match(reply, heartbeat, now, outputs);
  }

  #seal(request: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const { seal } = this.#options;
    return seal === undefined ? request : sealRequest(request, seal);
  }

  #open(reply: Uint8Array): Uint8Array | SealFault {
    const { seal, run = "" } = this.#options;
    return seal === undefined ? reply : openReply(reply, run, seal);
  }

  /** Takes a reply to a heartbeat of ours. */
  #match(reply: Reply, heartbeat: Heartbeat, now: Instant, outputs: Output<MonitorEvent>[]): void {
    const { seq, timeDifferenceS } = reply;
    const count = this.#believable(reply);
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
    const claimedS = count?.heldS ?? 0;
    const heldS = claimedS < rttMs / 1000 ? claimedS : 0;
    const sample = { atS: sentAtMs / 1000, timeDifferenceS, rttS: rttMs / 1000, heldS };
    if (this.#ownClock.steadySince(sentAtMs) && this.#clock.add(sample)) {
      outputs.push({ type: "clock_step", whose: "server" });
    }
    this.#losses.answered(seq);
    this.#sendFailuresInRun = 0;
    this.#unauthenticInRun = 0;
    this.#elsewhere = undefined;
    this.#updateState(now, outputs);
  }

  /** A count that speaks of heartbeats that were never sent, or not of this one, was damaged on its way. */
  #believable({ seq, count }: Reply): ServerCount | undefined {
    if (count === undefined) return undefined;
    const { first, highest } = count;
    return first <= seq && seq <= highest && highest <= this.#ledger.last ? count : undefined;
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
      const { fate, sentAtMs, excused } = this.#ledger.find(seq)!;
      const lost = fate !== "received";
      this.#measure((measurements) => measurements.settled(seq, lost, sentAtMs));
      if (lost && excused) this.#excused++;
      else if (!lost || this.#state !== "down") this.#learn(seq, lost);
    }
  }

  /** Teaches the rules what loss is like; a server that has stopped teaches nothing. */
  #learn(seq: number, lost: boolean): void {
    // With fast probing an overdue heartbeat counts as lost, so that is what has to be learnt.
    const overdue = !lost && this.#ledger.answer(seq)!.rttMs > (this.#rtoMs() ?? Infinity);
    this.#adaptive.add(lost || overdue);
    this.#seenLosses.add(lost || overdue);
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
    this.#state = to;
    const sendFailures = this.#sendFailuresInRun;
    const lastedMs = now.monotonicMs - Math.max(this.#stateSinceMs, this.#startedAtMs!);
    this.#stateSinceMs = now.monotonicMs;
    const outageMs = from === "down" ? this.#outages.end(now.monotonicMs) : undefined;
    if (to === "down") this.#beginOutage();
    const worth = to === "down" ? this.#worth() : undefined;
    const unauthentic = this.#unauthenticInRun;
    const elsewhere = this.#elsewhere;
    const keyed = this.#options.seal !== undefined;
    outputs.push({
      ...{ type: "state", from, to, consecutive, heard, keyed, unauthentic, elsewhere },
      ...{ sendFailures, lastedMs, outageMs, worth },
    });
  }

  #beginOutage(): void {
    const { newestAnswered, settledUpTo } = this.#losses;
    const startMs = this.#startedAtMs!;
    const sentAtMs = (seq: number) => this.#ledger.find(seq)?.sentAtMs ?? startMs;
    this.#outages.begin(
      sentAtMs(newestAnswered),
      sentAtMs(newestAnswered + 1),
      sentAtMs(settledUpTo),
    );
    this.#seenLosses.forgetRun();
  }

  #finish(outputs: Output<MonitorEvent>[]): void {
    this.#finished = true;
    outputs.push({ type: "summary", ...this.summary() });
  }

  /** When the next heartbeat may leave; `undefined` while none may. */
  #dueAtMs(): number | undefined {
    if (this.#sentAll() || this.#ledger.full) return undefined;
    return this.#timing.dueAtMs(this.#circumstances());
  }

  #circumstances(): Circumstances {
    const rtoMs = this.#rtoMs();
    const probing = rtoMs !== undefined && this.#state === "suspect";
    return {
      idle: this.#ledger.outstanding === 0,
      down: this.#state === "down",
      probeAfterMs: probing ? Math.max(rtoMs, SHORTEST_PROBE_MS) : undefined,
    };
  }

  /** When the oldest heartbeat that is still open becomes overdue; `undefined` where that doesn't count. */
  #overdueAtMs(): number | undefined {
    const rtoMs = this.#rtoMs();
    const seq = this.#losses.settledUpTo + 1;
    if (rtoMs === undefined || seq > this.#ledger.last) return undefined;
    const heartbeat = this.#ledger.find(seq);
    return heartbeat?.fate === "outstanding" ? heartbeat.sentAtMs + rtoMs : undefined;
  }

  /** How long a reply may take with fast probing, from the first round trip on. */
  #rtoMs(): number | undefined {
    if (!this.#options.probeFast) return undefined;
    const { rtoMs } = this.#whole;
    return rtoMs && Math.min(Math.max(rtoMs, SHORTEST_RTO_MS), this.#options.timeoutMs);
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
