/**
 * For how much of the run the server was certainly in reach.
 *
 * Time counts from one heartbeat to the next, once the next one that is answered shows that no
 * outage lay between them. Time does not count that an outage may have taken in, that this machine
 * missed, or that followed a heartbeat which it could not send.
 *
 * All times are on the clock that goes on while this machine sleeps (`machine/own_machine.ts`).
 *
 * @module
 */

import type { Moment } from "./moment.ts";

/** Adds up the time in reach. */
export class Reach {
  #certainMs = 0;
  /** Time since the newest answered heartbeat, which an outage may take in. */
  #pendingMs = 0;
  /** When the last settled heartbeat left; `NaN`: none is settled. */
  #lastAtMs = NaN;
  #lastMissedMs = 0;
  #isLastBlind = false;
  #heard = false;
  #inOutage = false;
  #resumedAtMs = -Infinity;
  /** Whether time was not observed since the newest answered heartbeat. */
  #unobserved = false;
  /** Whether a heartbeat was lost since then. */
  #loss = false;

  /**
   * The next heartbeat, in the order of their numbers, is settled.
   *
   * @param sent when it left
   * @param lost whether it was not answered in time
   * @param excused whether it was lost through this machine, and says nothing about the server
   */
  settled(sent: Moment, lost: boolean, excused: boolean): void {
    this.#pendingMs += this.#inReachMs(sent);
    this.#unobserved ||= this.#missedBefore(sent) || lost && excused;
    this.#loss ||= lost && !excused;
    if (!lost) {
      if (!this.#mayHideOutage) this.#certainMs += this.#pendingMs;
      this.#pendingMs = 0;
      this.#unobserved = false;
      this.#loss = false;
      this.#heard = true;
    }
    this.#lastAtMs = sent.atMs;
    this.#lastMissedMs = sent.missedMs;
    this.#isLastBlind = lost && excused;
  }

  /** An outage has begun. */
  outageBegan(): void {
    this.#inOutage = true;
    this.#pendingMs = 0;
  }

  /** The outage has ended. */
  outageEnded(atMs: number): void {
    this.#inOutage = false;
    this.#resumedAtMs = atMs;
  }

  /** The time in reach up to a moment, milliseconds. */
  certainMs(now: Moment): number {
    if (!this.#heard) return 0;
    if (this.#mayHideOutage || this.#loss && this.#missedBefore(now)) return this.#certainMs;
    return this.#certainMs + this.#pendingMs + this.#inReachMs(now);
  }

  /** Losses beside time that was not observed: together they may be an outage that no rule saw. */
  get #mayHideOutage(): boolean {
    return this.#unobserved && this.#loss;
  }

  #missedBefore({ missedMs }: Moment): boolean {
    return !Number.isNaN(this.#lastAtMs) && missedMs !== this.#lastMissedMs;
  }

  /** The time from the last settled heartbeat to a moment, as far as it counts. */
  #inReachMs({ atMs, missedMs }: Moment): number {
    if (Number.isNaN(this.#lastAtMs) || this.#isLastBlind || this.#inOutage) return 0;
    const fromMs = Math.max(this.#lastAtMs, this.#resumedAtMs);
    return Math.max(0, atMs - fromMs - (missedMs - this.#lastMissedMs));
  }
}
