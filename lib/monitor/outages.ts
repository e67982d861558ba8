/**
 * How long the server was out of reach, within the bounds that heartbeats allow.
 *
 * At least from the first lost heartbeat to the last within one stretch that was observed; at most
 * from the moment at which the last answered heartbeat left to the arrival of the first reply.
 *
 * All times are on the clock that goes on while this machine sleeps (`machine/own_machine.ts`).
 *
 * @module
 */

import type { Interval } from "../measure/interval.ts";
import type { Ledger } from "./ledger.ts";
import { type Moment, momentOf } from "./moment.ts";

/** A lost heartbeat, and when it left. */
export interface Loss extends Moment {
  /** Its number. */
  readonly seq: number;
}

/** An outage that has ended. */
export interface PastOutage {
  /** When the server was up again, Unix milliseconds. */
  readonly endedAtWallMs: number;
  /** How long it was out of reach, milliseconds. */
  readonly lengthMs: Interval;
}

/** So many outages are remembered one by one. */
const REMEMBERED_OUTAGES = 10;

/** Adds up the outages of a run. */
export class Outages {
  #count = 0;
  /** The certain length of the outages that have ended. */
  #pastMs = 0;
  #lastGoodMs: number | undefined;
  #past: readonly PastOutage[] = [];
  #losses = new LossStretches();

  /** Outages so far, with the one that is going on. */
  get count(): number {
    return this.#count;
  }

  /** The last that have ended, the oldest first. */
  get past(): readonly PastOutage[] {
    return this.#past;
  }

  /** Whether an outage is going on. */
  get goingOn(): boolean {
    return this.#lastGoodMs !== undefined;
  }

  /** The time in which the server was certainly out of reach, milliseconds. */
  get certainMs(): number {
    return this.#pastMs + (this.goingOn ? this.#losses.totalMs : 0);
  }

  /** A heartbeat was lost that is newer than all answered ones; in the order of their numbers. */
  lost(loss: Loss): void {
    this.#losses.add(loss);
  }

  /**
   * A heartbeat was answered that is newer than those answered before.
   *
   * @param newer the lost heartbeats that are newer still, in the order of their numbers
   */
  answered(newer: Iterable<Loss>): void {
    if (this.goingOn) return;
    this.#losses = new LossStretches();
    for (const loss of newer) this.#losses.add(loss);
  }

  /**
   * The server is assumed to have stopped.
   *
   * @param lastGoodMs when the newest answered heartbeat left, or the run began
   */
  begin(lastGoodMs: number): void {
    this.#count++;
    this.#lastGoodMs = lastGoodMs;
  }

  /**
   * The server is up again; returns how long it was out of reach, milliseconds.
   *
   * @param firstReplyMs when the first of the replies came that brought it back
   * @param wallMs now, Unix milliseconds
   */
  end(firstReplyMs: number, wallMs: number): Interval {
    const { longestMs, totalMs } = this.#losses;
    const length = { low: longestMs, high: firstReplyMs - this.#lastGoodMs! };
    this.#past = [...this.#past, { endedAtWallMs: wallMs, lengthMs: length }]
      .slice(-REMEMBERED_OUTAGES);
    this.#pastMs += totalMs;
    this.#lastGoodMs = undefined;
    this.#losses = new LossStretches();
    return length;
  }
}

/** The heartbeats from one number to another that are lost and count against the server. */
export function* lossesIn(ledger: Ledger, from: number, to: number): Generator<Loss> {
  for (let seq = from; seq <= to; seq++) {
    const heartbeat = ledger.find(seq);
    if (heartbeat?.excuse === undefined && heartbeat?.fate === "lost") {
      yield { seq, ...momentOf(heartbeat) };
    }
  }
}

/**
 * The stretches of losses that follow each other: an answered heartbeat, an excused one, or time
 * that this machine missed parts them.
 */
class LossStretches {
  #first: Loss | undefined;
  #last: Loss | undefined;
  #endedMs = 0;
  #longestEndedMs = 0;

  get totalMs(): number {
    return this.#endedMs + this.#currentMs;
  }

  get longestMs(): number {
    return Math.max(this.#longestEndedMs, this.#currentMs);
  }

  add(loss: Loss): void {
    if (this.#last?.seq !== loss.seq - 1 || this.#last.missedMs !== loss.missedMs) {
      this.#longestEndedMs = this.longestMs;
      this.#endedMs = this.totalMs;
      this.#first = loss;
    }
    this.#last = loss;
  }

  get #currentMs(): number {
    return this.#first === undefined ? 0 : this.#last!.atMs - this.#first.atMs;
  }
}
