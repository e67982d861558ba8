/**
 * Replies that a bad network holds back on their way out.
 *
 * @module
 */

import type { Arrival } from "../impairment/link.ts";
import { DueQueue } from "../tables/due_queue.ts";
import type { Transmit } from "../machine/machine.ts";

/** The most replies that wait at once, with copies; more are lost, as in a full network queue. */
export const MAX_DELAYED = 65_536;

/** At most this many due replies are sent per wake-up, to bound the sends in flight. */
const MAX_SENT_PER_WAKE_UP = 64;

/** The replies of one server that have not left yet. */
export class DelayedReplies {
  readonly #queue = new DueQueue<Transmit>();
  #waiting = 0;
  #overflowed = 0;

  /** When the next reply is due, on the monotonic clock, milliseconds; `Infinity`: none waits. */
  get nextAtMs(): number {
    return this.#queue.nextAtMs;
  }

  /** The number of replies that wait, without copies. */
  get waiting(): number {
    return this.#waiting;
  }

  /** The number of replies that were lost because too many waited, without copies. */
  get overflowed(): number {
    return this.#overflowed;
  }

  /**
   * Adds a reply, and returns the datagrams that leave at once.
   *
   * @param arrivals when the reply gets through, and after it each of its copies; empty: it is lost
   * @param nowMs on the monotonic clock
   */
  add(reply: Transmit, arrivals: readonly Arrival[], nowMs: number): Transmit[] {
    const leaving: Transmit[] = [];
    // The next reply overwrites the buffer that these bytes are in.
    const kept = { ...reply, bytes: reply.bytes.slice() };
    for (const [i, { atMs }] of arrivals.entries()) {
      const datagram = i === 0 ? kept : { ...kept, copy: true };
      if (atMs <= nowMs) leaving.push(datagram);
      else this.#delay(datagram, atMs);
    }
    return leaving;
  }

  /** Removes and returns replies that are due at `nowMs`, the earliest first, at most 64. */
  takeDue(nowMs: number): Transmit[] {
    const due: Transmit[] = [];
    while (this.#queue.nextAtMs <= nowMs && due.length < MAX_SENT_PER_WAKE_UP) {
      const datagram = this.#queue.take()!;
      if (!datagram.copy) this.#waiting--;
      due.push(datagram);
    }
    return due;
  }

  #delay(datagram: Transmit, atMs: number): void {
    if (this.#queue.length < MAX_DELAYED) {
      this.#queue.add(atMs, datagram);
      if (!datagram.copy) this.#waiting++;
    } else if (!datagram.copy) {
      this.#overflowed++;
    }
  }
}
