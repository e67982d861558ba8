/**
 * When the server was down, as exactly as heartbeats tell.
 *
 * It was out of reach from the first lost heartbeat to the last at the least; and at the most from the last answered
 * heartbeat's leaving to the first reply's arrival.
 *
 * @module
 */

/** A length of time that is known within bounds, milliseconds. */
export interface Bounds {
  /** At least so long. */
  readonly low: number;
  /** At most so long. */
  readonly high: number;
}

/** Adds up the outages of a run. */
export class Outages {
  #count = 0;
  #past: Bounds = { low: 0, high: 0 };
  #current:
    | { readonly lastGoodMs: number; readonly firstLostMs: number; lastLostMs: number }
    | undefined;

  /** How many outages there were, the one that is going on included. */
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

  /** One more heartbeat was lost, which left at this moment. */
  lost(sentAtMs: number): void {
    if (this.#current) this.#current.lastLostMs = Math.max(this.#current.lastLostMs, sentAtMs);
  }

  /** The server is up again; returns how long it was out of reach. */
  end(nowMs: number): Bounds {
    const length = this.#currentLength(nowMs);
    this.#past = { low: this.#past.low + length.low, high: this.#past.high + length.high };
    this.#current = undefined;
    return length;
  }

  /** The share of the run in which the server was in reach, 0 to 1; `undefined` for a run without length. */
  availability(startMs: number, nowMs: number): Bounds | undefined {
    const lengthMs = nowMs - startMs;
    if (lengthMs <= 0) return undefined;
    const { low, high } = this.#currentLength(nowMs);
    const share = (downMs: number) => Math.min(1, Math.max(0, 1 - downMs / lengthMs));
    return { low: share(this.#past.high + high), high: share(this.#past.low + low) };
  }

  #currentLength(nowMs: number): Bounds {
    if (this.#current === undefined) return { low: 0, high: 0 };
    const { lastGoodMs, firstLostMs, lastLostMs } = this.#current;
    return { low: lastLostMs - firstLostMs, high: nowMs - lastGoodMs };
  }
}
