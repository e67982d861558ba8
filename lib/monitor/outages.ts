/**
 * How long the server was out of reach, within the bounds that heartbeats allow.
 *
 * At least from the first lost heartbeat to the last; at most from the moment at which the last
 * answered heartbeat left to the arrival of the first reply.
 *
 * @module
 */

import type { Interval } from "../measure/interval.ts";

/** Adds up the outages of a run. */
export class Outages {
  #count = 0;
  #past: Interval = { low: 0, high: 0 };
  #current:
    | { readonly lastGoodMs: number; readonly firstLostMs: number; lastLostMs: number }
    | undefined;

  /** Outages so far, with the one that is going on. */
  get count(): number {
    return this.#count;
  }

  /**
   * The server is assumed to have stopped.
   *
   * @param lastGoodMs when the newest answered heartbeat left, or the run began
   * @param firstLostMs when the first lost heartbeat left
   * @param lastLostMs when the last lost heartbeat left
   */
  begin(lastGoodMs: number, firstLostMs: number, lastLostMs: number): void {
    this.#count++;
    this.#current = { lastGoodMs, firstLostMs, lastLostMs };
  }

  /** Another heartbeat was lost; it had left at `sentAtMs`. */
  lost(sentAtMs: number): void {
    if (this.#current) this.#current.lastLostMs = Math.max(this.#current.lastLostMs, sentAtMs);
  }

  /** The server is up again; returns how long it was out of reach, milliseconds. */
  end(nowMs: number): Interval {
    const length = this.#currentLength(nowMs);
    this.#past = { low: this.#past.low + length.low, high: this.#past.high + length.high };
    this.#current = undefined;
    return length;
  }

  /**
   * The share of the run in which the server was in reach, 0 to 1; `undefined` for a run without
   * length.
   */
  availability(startMs: number, nowMs: number): Interval | undefined {
    const lengthMs = nowMs - startMs;
    if (lengthMs <= 0) return undefined;
    const { low, high } = this.#currentLength(nowMs);
    const share = (downMs: number) => Math.min(1, Math.max(0, 1 - downMs / lengthMs));
    return { low: share(this.#past.high + high), high: share(this.#past.low + low) };
  }

  #currentLength(nowMs: number): Interval {
    if (this.#current === undefined) return { low: 0, high: 0 };
    const { lastGoodMs, firstLostMs, lastLostMs } = this.#current;
    return { low: lastLostMs - firstLostMs, high: nowMs - lastGoodMs };
  }
}
