/**
 * What was measured of one server: over the whole run, and since the last report.
 *
 * @module
 */

import type { OwnMachine } from "../machine/own_machine.ts";
import { type ClockFigures, ClockOffset } from "../measure/clock_offset.ts";
import { Distribution } from "../measure/distribution.ts";
import { LossDirection, type LossDirectionFigures } from "../measure/loss_direction.ts";
import { type RecentCounts, RecentLoss } from "../measure/recent_loss.ts";
import type { Reply } from "../wire/reply.ts";
import type { MonitorEvent, MonitorSummary } from "./events.ts";
import type { Heartbeat, Ledger } from "./ledger.ts";
import { type Figures, Measurements, type MeasurementsOptions } from "./measurements.ts";
import type { ShownFigures } from "./shown_figures.ts";

/** The figures of the summary that stand in the books. */
export type BookFigures =
  & Figures
  & Pick<
    MonitorSummary,
    "roundTrips" | "excused" | "lostUnsent" | "scheduleErrorMs" | "direction" | "clock"
  >;

/** How the books on one server are kept. */
export interface BooksOptions {
  /** How often figures are reported in mid-run, milliseconds; left out: never. */
  readonly reportEveryMs?: number | undefined;
  /**
   * How many values each distribution keeps exactly before it becomes a histogram; left out:
   * 100,000. With 0 a monitor stays small, for many targets.
   */
  readonly exactValues?: number | undefined;
  /** Makes what is kept for those who look on; left out: nobody does. */
  readonly makeShown?: (() => ShownFigures) | undefined;
}

/** The books on one server. */
export class Books {
  readonly #ledger: Ledger;
  readonly #ownMachine: OwnMachine;
  readonly #measured: MeasurementsOptions;
  readonly #whole: Measurements;
  readonly #recent = new RecentLoss();
  readonly #direction = new LossDirection();
  readonly #clock = new ClockOffset();
  readonly #scheduleErrors: Distribution;
  /** What is kept for those who look on; `undefined`: nobody does. */
  readonly shown: ShownFigures | undefined;
  readonly #reportEveryMs: number | undefined;
  /** The figures since the last report; only where reports are wanted. */
  #window: Measurements | undefined;
  #windowSinceMs = 0;
  #settledInOrder = 0;
  #excused = 0;
  #unsent = 0;
  #lastRttMs: number | undefined;

  /** Opens the books on the heartbeats of a ledger. */
  constructor(
    ledger: Ledger,
    ownMachine: OwnMachine,
    { reportEveryMs, exactValues, makeShown }: BooksOptions,
  ) {
    this.#ledger = ledger;
    this.#ownMachine = ownMachine;
    this.#reportEveryMs = reportEveryMs;
    this.#measured = { exactValues, remembered: ledger.remembered };
    this.#whole = new Measurements(this.#measured);
    this.#scheduleErrors = new Distribution(exactValues);
    this.shown = makeShown?.();
    if (reportEveryMs !== undefined) this.#window = new Measurements(this.#measured);
  }

  /** The smoothed round trip, milliseconds; `undefined` before the first. */
  get srttMs(): number | undefined {
    return this.#whole.srttMs;
  }

  /** The retransmission timeout, milliseconds; `undefined` before the first round trip. */
  get rtoMs(): number | undefined {
    return this.#whole.rtoMs;
  }

  /** The newest round trip, milliseconds; `undefined` before the first. */
  get lastRttMs(): number | undefined {
    return this.#lastRttMs;
  }

  /** Heartbeats answered in time. */
  get received(): number {
    return this.#whole.received;
  }

  /** Lost heartbeats that were answered after all. */
  get late(): number {
    return this.#whole.lateReplies;
  }

  /** Lost heartbeats that this machine could not send. */
  get lostUnsent(): number {
    return this.#unsent;
  }

  /** Heartbeats lost, late ones included. */
  get lost(): number {
    return this.#whole.losses;
  }

  /** Half of the round trips took no longer, milliseconds; `undefined` before the first. */
  get medianRttMs(): number | undefined {
    return this.#whole.roundTrips.percentile(0.5);
  }

  /** Replies to heartbeats that had been answered already. */
  get duplicates(): number {
    return this.#whole.duplicates;
  }

  /** Replies that came after the reply to a later heartbeat. */
  get reordered(): number {
    return this.#whole.reordered;
  }

  /** Where lost heartbeats went; `undefined` if the server sends no counts. */
  get direction(): LossDirectionFigures | undefined {
    return this.#direction.figures({
      lost: this.lost,
      late: this.late,
      waitingUpTo: (seq) => this.#ledger.outstandingUpTo(seq),
      unsentUpTo: (seq) => this.#unsentUpTo(seq),
    });
  }

  /** The bounds of the server's clock at a moment of the monotonic clock. */
  serverClock(nowMs: number): ClockFigures | undefined {
    return this.#clock.figures(nowMs / 1000);
  }

  /** A heartbeat left this late by its schedule, milliseconds. */
  left(lateMs: number): void {
    this.#scheduleErrors.add(lateMs);
    this.shown?.left(lateMs);
  }

  /** A heartbeat was answered in time. */
  answered(
    seq: number,
    timeDifferenceS: number | undefined,
    rttMs: number,
    nowMs: number,
  ): void {
    const answer = { rttMs, timeDifferenceS };
    this.#ledger.receive(seq, answer);
    this.#lastRttMs = rttMs;
    const elapsedMs = this.#ownMachine.elapsedMs(nowMs);
    this.#recent.add(false, elapsedMs);
    this.shown?.answered(rttMs, elapsedMs);
    const before = this.#ledger.answer(seq - 1);
    const after = this.#ledger.answer(seq + 1);
    this.#whole.answered(seq, answer, before, after);
    this.#window?.answered(seq, answer, before, after);
  }

  /** A lost heartbeat was answered after all. */
  answeredLate(seq: number): void {
    this.#ledger.lose(seq, "late");
    this.#whole.late(seq);
    this.#window?.late(seq);
  }

  /** A heartbeat that had been answered was answered once more. */
  answeredAgain(seq: number): void {
    const first = this.#ledger.copy(seq);
    this.#whole.duplicate(first);
    this.#window?.duplicate(first);
  }

  /** A heartbeat's timeout passed by `nowMs` on the monotonic clock. */
  timedOut(seq: number, nowMs: number): void {
    this.#ledger.lose(seq, "lost");
    const elapsedMs = this.#ownMachine.elapsedMs(nowMs);
    this.#recent.add(true, elapsedMs);
    this.shown?.lost(this.#ledger.find(seq)!.excuse !== undefined, elapsedMs);
    this.#whole.lost();
    this.#window?.lost();
  }

  /**
   * Takes what else a first reply tells; returns whether it shows that the server's clock has
   * stepped.
   */
  compare(
    { seq, count, heldS: claimedS = 0 }: Reply,
    timeDifferenceS: number | undefined,
    sentAtMs: number,
    rttMs: number,
  ): boolean {
    if (count === undefined) this.#direction.addWithoutCount(seq);
    else this.#direction.add(seq, count);
    if (timeDifferenceS === undefined) return false;
    // A heartbeat that was sent before this machine's clock stepped carries the old time.
    if (!this.#ownMachine.steadySince(sentAtMs)) return false;
    const rttS = rttMs / 1000;
    const heldS = claimedS < rttS ? claimedS : 0;
    return this.#clock.add({ atS: sentAtMs / 1000, timeDifferenceS, rttS, heldS });
  }

  /** This machine's clock has stepped: the comparison with the server's begins anew. */
  clockStepped(): void {
    this.#clock.restart();
  }

  /**
   * Goes through the heartbeats in the order of their numbers, as far as all are settled.
   *
   * @param onSettled called for each; the round trip of a lost one is `Infinity`
   */
  settleInOrder(onSettled: (heartbeat: Heartbeat, lost: boolean, rttMs: number) => void): void {
    const settledUpTo = (this.#ledger.oldestOutstanding ?? this.#ledger.last + 1) - 1;
    while (this.#settledInOrder < settledUpTo) {
      const seq = ++this.#settledInOrder;
      const heartbeat = this.#ledger.find(seq)!;
      const { fate, sentAtMs, sleptMs, excuse } = heartbeat;
      const lost = fate !== "received";
      const atMs = sentAtMs + sleptMs;
      this.#whole.settled(seq, lost, atMs);
      this.#window?.settled(seq, lost, atMs);
      if (lost && excuse !== undefined) this.#excused++;
      if (lost && excuse === "unsent") this.#unsent++;
      onSettled(heartbeat, lost, lost ? Infinity : this.#ledger.answer(seq)!.rttMs);
    }
  }

  /**
   * When the next report is due, on the monotonic clock; `Infinity` where none is wanted.
   *
   * @param startedAtMs on the clock that goes on while this machine sleeps
   */
  reportAtMs(startedAtMs: number): number {
    if (this.#reportEveryMs === undefined) return Infinity;
    return this.#windowStartMs(startedAtMs) + this.#reportEveryMs - this.#ownMachine.sleptMs;
  }

  /** Reports the figures since the last report, and begins a new stretch. */
  report(startedAtMs: number, nowMs: number, whole: MonitorSummary): MonitorEvent {
    const elapsedMs = this.#ownMachine.elapsedMs(nowMs);
    const windowMs = elapsedMs - this.#windowStartMs(startedAtMs);
    const window = this.#window!.figures();
    this.#window = new Measurements(this.#measured);
    this.#windowSinceMs = elapsedMs;
    return { type: "report", windowMs, window, whole };
  }

  /** A moment on the monotonic clock as the history has it: on one that goes on in sleep. */
  elapsedMs(nowMs: number): number {
    return this.#ownMachine.elapsedMs(nowMs);
  }

  /** Writes the counts of the minute before `nowMs`, on the monotonic clock, into an object. */
  readRecent(nowMs: number, into: RecentCounts): void {
    this.#recent.read(this.#ownMachine.elapsedMs(nowMs), into);
  }

  /**
   * The figures so far: sorts what has come since the last call, so it is no call for every second.
   */
  figures(nowMs: number): BookFigures {
    return {
      ...this.#whole.figures(),
      roundTrips: this.#whole.roundTrips,
      excused: this.#excused,
      lostUnsent: this.#unsent,
      scheduleErrorMs: this.#scheduleErrors.spread(),
      direction: this.direction,
      clock: this.serverClock(nowMs),
    };
  }

  #unsentUpTo(seq: number): number {
    let later = 0;
    for (let s = this.#settledInOrder; s > seq; s--) {
      const heartbeat = this.#ledger.find(s);
      if (heartbeat === undefined) break;
      if (heartbeat.excuse === "unsent" && heartbeat.fate === "lost") later++;
    }
    return this.#unsent - later;
  }

  #windowStartMs(startedAtMs: number): number {
    return Math.max(this.#windowSinceMs, startedAtMs);
  }
}
