/**
 * When something is due for one monitor: a timeout, an overdue reply, the next heartbeat.
 *
 * @module
 */

import type { Belief } from "./belief.ts";
import type { Books } from "./books.ts";
import type { Ledger } from "./ledger.ts";
import type { Application } from "./lessons.ts";
import type { MonitorOptions } from "./options.ts";
import { type Circumstances, SendTiming } from "./send_timing.ts";

// A heartbeat is never overdue sooner: the timers of a busy machine are late by some milliseconds.
const SHORTEST_RTO_MS = 20;
/**
 * The shortest time between two heartbeats with fast probing, milliseconds: probes that are closer
 * to each other share their fate too often.
 */
export const SHORTEST_PROBE_MS = 200;

/** The deadlines that follow from the ledger, the figures and the belief; `Infinity`: none. */
export class Deadlines {
  readonly #options: MonitorOptions;
  readonly #ledger: Ledger;
  readonly #books: Books;
  readonly #belief: Belief;
  readonly #timing: SendTiming;
  #newer = 0;

  /** Watches these parts of a monitor. */
  constructor(options: MonitorOptions, ledger: Ledger, books: Books, belief: Belief) {
    this.#options = options;
    this.#ledger = ledger;
    this.#books = books;
    this.#belief = belief;
    this.#timing = new SendTiming(options.intervalMs, options.timeoutMs);
  }

  /** When the first of them is due. */
  get nextAtMs(): number {
    return Math.min(this.timeoutAtMs, this.overdueAtMs, this.sendAtMs);
  }

  /** When the heartbeat that waits longest times out. */
  get timeoutAtMs(): number {
    const oldest = this.#ledger.oldestOutstanding;
    if (oldest === undefined) return Infinity;
    return this.#ledger.sentAtMsOf(oldest) + this.#options.timeoutMs;
  }

  /** When the oldest heartbeat that is still undecided becomes overdue; only with fast probing. */
  get overdueAtMs(): number {
    const { rtoMs } = this;
    const seq = this.#belief.decidedUpTo + 1;
    if (rtoMs === undefined || seq > this.#ledger.last) return Infinity;
    const heartbeat = this.#ledger.find(seq);
    return heartbeat?.fate === "outstanding" ? heartbeat.sentAtMs + rtoMs : Infinity;
  }

  /** When the next heartbeat leaves; `-Infinity`: at once, where there is no schedule. */
  get sendAtMs(): number {
    if (this.sentAll || this.#ledger.full) return Infinity;
    return this.#timing.dueAtMs(this.#circumstances()) ?? Infinity;
  }

  /** Whether all heartbeats that were asked for have left. */
  get sentAll(): boolean {
    return this.#options.count > 0 && this.#ledger.last >= this.#options.count;
  }

  /**
   * How long a reply may take with fast probing, milliseconds; `undefined` before the first round
   * trip.
   */
  get rtoMs(): number | undefined {
    if (!this.#options.probeFast) return undefined;
    const { rtoMs } = this.#books;
    return rtoMs && Math.min(Math.max(rtoMs, SHORTEST_RTO_MS), this.#options.timeoutMs);
  }

  /** Whether all heartbeats have left, and the last of them still wait: they may be answered. */
  get lastInFlight(): boolean {
    return this.sentAll && this.#ledger.outstanding > 0;
  }

  /** Where the rule is applied: the newer heartbeats are those of {@linkcode countNewer}. */
  get application(): Application {
    const { count, intervalMs, timeoutMs } = this.#options;
    return {
      newer: this.#newer,
      fewest: this.#belief.fewestLosses(intervalMs || timeoutMs, timeoutMs),
      heartbeats: count || this.#ledger.last,
    };
  }

  /**
   * Counts the heartbeats newer than one that is given up now which have left, and have waited as
   * long as a reply usually takes.
   */
  countNewer(seq: number, nowMs: number): void {
    const waitMs = Math.min(this.#books.rtoMs ?? Infinity, this.#options.timeoutMs);
    this.#newer = Math.max(0, this.#ledger.lastSentBy(nowMs - waitMs) - seq);
  }

  /** The first heartbeat is due at a moment. */
  startAt(atMs: number): void {
    this.#timing.startAt(atMs);
  }

  /** The heartbeat that was due leaves now. */
  sent(nowMs: number): void {
    this.#timing.sent(nowMs, this.#circumstances());
  }

  #circumstances(): Circumstances {
    const { rtoMs } = this;
    const probing = rtoMs !== undefined && this.#belief.state === "suspect";
    return {
      idle: this.#ledger.outstanding === 0,
      down: this.#belief.state === "down",
      probeAfterMs: probing ? Math.max(rtoMs, SHORTEST_PROBE_MS) : undefined,
    };
  }
}
