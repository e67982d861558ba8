/**
 * The client's state machine for one server: sends heartbeats, and orders what follows from their
 * replies.
 *
 * The work is done by its parts: `inbox.ts` reads what arrives, `books.ts` measures, `belief.ts`
 * judges, and `deadlines.ts` says when something is due. Here stands only the order of the steps.
 *
 * @module
 */

import { Audit } from "../machine/audit.ts";
import type {
  Departure,
  Instant,
  Machine,
  Output,
  SendFailure,
  Transmit,
} from "../machine/machine.ts";
import { OwnMachine, type OwnMachineFinding } from "../machine/own_machine.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { plainProtocol, type Protocol } from "../wire/protocol.ts";
import { Belief } from "./belief.ts";
import { Books } from "./books.ts";
import { Deadlines, SHORTEST_PROBE_MS } from "./deadlines.ts";
import { departureOf } from "./departure.ts";
import type { Ended, MonitorEvent, MonitorSummary } from "./events.ts";
import { Inbox, type MatchedReply } from "./inbox.ts";
import { Ledger } from "./ledger.ts";
import { heartbeatsToRemember } from "./memory_size.ts";
import type { MonitorOptions } from "./options.ts";
import type { MonitorParts } from "./parts.ts";
import { RunClock } from "./run_clock.ts";
import { SendFailures } from "./send_failures.ts";
import { fillSnapshot, type MonitorSnapshot } from "./snapshot.ts";
import { summaryOf } from "./summary.ts";

/** At most this many overdue heartbeats leave per step, so that replies are read in between. */
const MAX_SENT_AT_ONCE = 64;

/**
 * Monitors one server; the owner of `ownMachine` looks after it, and says when it stood still or
 * stepped.
 */
export class Monitor implements Machine<MonitorEvent> {
  readonly #options: MonitorOptions;
  readonly #protocol: Protocol;
  readonly #clock: RunClock;
  readonly #ledger: Ledger;
  readonly #inbox: Inbox;
  readonly #books: Books;
  readonly #belief: Belief;
  readonly #deadlines: Deadlines;
  readonly #sendFailures = new SendFailures();
  readonly #parts: MonitorParts;
  readonly #audit = new Audit();
  #nowMs = 0;
  #ended: Ended | undefined;
  #receiveFailures = 0;

  /** Makes a monitor whose first heartbeat leaves at the first `advance`. */
  constructor(options: MonitorOptions, ownMachine: OwnMachine = new OwnMachine()) {
    this.#options = options;
    this.#protocol = options.protocol ?? plainProtocol();
    this.#clock = new RunClock(ownMachine);
    const { probeFast } = options;
    const pace = { ...options, probeAfterMs: probeFast ? SHORTEST_PROBE_MS : undefined };
    this.#ledger = new Ledger(heartbeatsToRemember(pace));
    this.#inbox = new Inbox(options.target, this.#protocol, this.#ledger);
    this.#books = new Books(this.#ledger, ownMachine, options);
    // Fast probing is for links that don't fail in bursts: it needs no silence to be sure.
    this.#belief = new Belief(probeFast ? { ...options, shortestSilenceMs: 0 } : options);
    const [ledger, inbox, books, belief] = [this.#ledger, this.#inbox, this.#books, this.#belief];
    this.#deadlines = new Deadlines(options, ledger, books, belief);
    const [clock, sendFailures] = [this.#clock, this.#sendFailures];
    this.#parts = { ledger, inbox, books, belief, sendFailures, clock };
  }

  get finished(): boolean {
    return this.#ended !== undefined;
  }

  get wakeAtMs(): number | undefined {
    if (this.finished) return undefined;
    if (!this.#clock.started) return -Infinity;
    const reportAtMs = this.#books.reportAtMs(this.#clock.startedAtMs);
    return Math.min(this.#deadlines.nextAtMs, reportAtMs);
  }

  advance(now: Instant): Output<MonitorEvent>[] {
    const outputs: Output<MonitorEvent>[] = [];
    this.#passTo(now, outputs);
    this.#send(now, outputs);
    this.#reportIfDue(now, outputs);
    return outputs;
  }

  receive(
    bytes: Uint8Array,
    from: Endpoint,
    now: Instant,
    waitedMs?: number,
  ): Output<MonitorEvent>[] {
    const outputs: Output<MonitorEvent>[] = [];
    // A timeout that has passed comes before the reply that has just arrived, however late the
    // timer is.
    this.#passTo(now, outputs);
    if (this.finished) return outputs;
    const read = this.#inbox.read(bytes, from, now.monotonicMs, waitedMs);
    if ("reason" in read) outputs.push({ type: "unexpected", ...read });
    else this.#take(read, now, outputs);
    this.#send(now, outputs);
    // One that has become due while this machine slept would pass for a timer that is late.
    this.#reportIfDue(now, outputs);
    return outputs;
  }

  sendFailed(
    { seq }: Transmit | Departure<MonitorEvent>,
    failure: SendFailure,
  ): MonitorEvent[] {
    this.#sendFailures.add(failure);
    // Without a path to that host, the heartbeat is lost like others. What this machine could not
    // send for reasons of its own says nothing about the server.
    if (!failure.hostUnreachable) this.#ledger.excuse(seq, "unsent");
    return this.finished ? [] : [{ type: "send_failed", seq, ...failure }];
  }

  receiveFailed(reason: string, tooLong = false): Output<MonitorEvent>[] {
    if (tooLong) return this.#inbox.countTooLong();
    this.#receiveFailures++;
    return [{ type: "receive_failed", reason }];
  }

  stop(now: Instant): Output<MonitorEvent>[] {
    const outputs: Output<MonitorEvent>[] = [];
    this.#passTo(now, outputs);
    if (this.finished) return outputs;
    this.#belief.judge(this.#clock.now);
    this.#updateState(outputs);
    this.#finish("stopped", outputs);
    return outputs;
  }

  /**
   * Takes what was found of this machine: the replies to heartbeats in flight may have been missed,
   * and with another wall clock the comparison with the server's begins anew.
   */
  heed({ excusesInFlight, stepMs }: OwnMachineFinding): void {
    if (excusesInFlight) this.#ledger.excuseOutstanding("asleep");
    if (stepMs === 0) return;
    this.#clock.stepped(stepMs);
    this.#books.clockStepped();
  }

  /** Has the first heartbeat leave at a moment, and not at the first `advance`. */
  startAt(atMs: number): void {
    this.#deadlines.startAt(atMs);
  }

  /** Heartbeats go to another address from now on; those in flight say nothing about it. */
  moved(): void {
    this.#ledger.excuseOutstanding("moved");
    this.#inbox.moved();
    this.#books.clockStepped();
  }

  /**
   * Writes the figures that cost next to nothing into an object of the caller's, for many targets
   * at once.
   */
  snapshot(nowMs: number, into: MonitorSnapshot): void {
    fillSnapshot(into, this.#parts, nowMs);
  }

  /** What its figures are read from, for those who look on; see `vitals.ts`. */
  get parts(): MonitorParts {
    return this.#parts;
  }

  /** All figures so far: sorts and computes quantiles, so it is no call for every second. */
  summary(): MonitorSummary {
    return {
      ...summaryOf(this.#parts, this.#audit, this.#nowMs),
      worth: this.#belief.worth(this.#deadlines.application),
      ended: this.#ended,
      planned: this.#options.count,
      receiveFailures: this.#receiveFailures,
    };
  }

  /** Lets time pass: gives up the heartbeats that have waited too long. */
  #passTo(now: Instant, outputs: Output<MonitorEvent>[]): void {
    if (this.finished) return;
    this.#nowMs = now.monotonicMs;
    this.#clock.pass(now);
    for (;;) {
      const { overdueAtMs, timeoutAtMs } = this.#deadlines;
      if (this.finished || Math.min(overdueAtMs, timeoutAtMs) > now.monotonicMs) return;
      if (overdueAtMs < timeoutAtMs) this.#giveUp(this.#belief.decidedUpTo + 1);
      else this.#timeOut(this.#ledger.oldestOutstanding!, outputs);
      this.#updateState(outputs);
      if (this.#belief.state === "down" && !this.#options.watch) this.#finish("given_up", outputs);
    }
  }

  #giveUp(seq: number): void {
    this.#belief.giveUp(seq, this.#ledger.find(seq)!);
    if (!this.#deadlines.sentAll) this.#deadlines.countNewer(seq, this.#nowMs);
    if (!this.#deadlines.lastInFlight) this.#belief.judge(this.#clock.now);
  }

  #timeOut(seq: number, outputs: Output<MonitorEvent>[]): void {
    this.#books.timedOut(seq, this.#nowMs);
    this.#giveUp(seq);
    this.#learn();
    const { excuse } = this.#ledger.find(seq)!;
    outputs.push({ type: "timeout", seq, consecutive: this.#belief.consecutive, excuse });
  }

  #take(read: MatchedReply, now: Instant, outputs: Output<MonitorEvent>[]): void {
    const { reply, heartbeat: { fate, sentAtMs }, differenceS, rttMs } = read;
    const { seq, timeDifferenceS } = reply;
    if (fate === "received" || fate === "late") {
      this.#books.answeredAgain(seq);
      outputs.push({ type: "duplicate", seq });
      return;
    }
    if (fate === "outstanding") {
      this.#books.answered(seq, differenceS, rttMs, now.monotonicMs);
      this.#learn();
      outputs.push({ type: "reply", seq, rttMs, timeDifferenceS });
    } else {
      this.#books.answeredLate(seq);
      outputs.push({ type: "late", seq, rttMs });
    }
    const stepped = this.#books.compare(reply, differenceS, sentAtMs, rttMs);
    if (stepped) {
      outputs.push({ type: "clock_step", whose: "server", stepMs: undefined, sleepMs: 0 });
      // It may be forged: it revives no suspect until a second one agrees with it.
      if (!reply.proven && this.#belief.consecutive > 0) return;
    }
    this.#belief.answered(seq, this.#ledger);
    this.#inbox.forgetClues();
    this.#sendFailures.heard();
    this.#clock.heard();
    this.#updateState(outputs);
  }

  /** Teaches the belief what loss is like, as far as heartbeats are settled. */
  #learn(): void {
    const rtoMs = this.#deadlines.rtoMs ?? Infinity;
    this.#books.settleInOrder((heartbeat, lost, rttMs) => {
      this.#belief.settled(heartbeat, lost);
      if (lost && heartbeat.excuse !== undefined) return;
      this.#belief.learn(heartbeat, lost || rttMs > rtoMs);
    });
  }

  #updateState(outputs: Output<MonitorEvent>[]): void {
    const change = this.#belief.update(this.#clock);
    if (change === undefined) return;
    const down = change.to === "down";
    if (down) this.#deadlines.countNewer(this.#belief.decidedUpTo, this.#nowMs);
    const worth = down ? this.#belief.worth(this.#deadlines.application) : undefined;
    const { unsent: { reason: unsent }, unreachableSinceReply: unreachable } = this.#sendFailures;
    const { setMs: clockSetMs } = this.#clock;
    const clues = { ...this.#inbox.clues, clockSetMs, unsent, unreachable };
    outputs.push({ type: "state", ...change, ...clues, worth });
  }

  /** Sends what is due, and finishes when nothing is left to send or to wait for. */
  #send(now: Instant, outputs: Output<MonitorEvent>[]): void {
    if (this.finished) return;
    for (let sent = 0; sent < MAX_SENT_AT_ONCE; sent++) {
      const { sendAtMs } = this.#deadlines;
      if (sendAtMs > now.monotonicMs) break;
      // Without a schedule a heartbeat has been due for ever, and is not late.
      if (sendAtMs > -Infinity) this.#books.left(now.monotonicMs - sendAtMs);
      this.#deadlines.sent(now.monotonicMs);
      const seq = this.#ledger.send(this.#clock.sendMoment);
      outputs.push(departureOf(seq, this.#options.target, this.#protocol, this.#ledger));
    }
    if (this.#deadlines.sentAll && this.#ledger.outstanding === 0) {
      this.#finish("finished", outputs);
    }
  }

  #reportIfDue(now: Instant, outputs: Output<MonitorEvent>[]): void {
    if (this.finished || this.#books.reportAtMs(this.#clock.startedAtMs) > now.monotonicMs) return;
    outputs.push(this.#books.report(this.#clock.startedAtMs, now.monotonicMs, this.summary()));
  }

  #finish(ended: Ended, outputs: Output<MonitorEvent>[]): void {
    this.#ended = ended;
    if (!this.#options.endsQuietly) outputs.push({ type: "summary", ...this.summary() });
  }
}
