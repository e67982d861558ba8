/**
 * How long a datagram has waited in this machine, by the kernel's time stamp on it.
 *
 * @module
 */

import { timespecMs } from "./batch.ts";
import { type Libc, LINUX } from "./libc.ts";

// The system may let another program run between the readings of two clocks: then both are read
// again.
const LONGEST_GAP_MS = 0.01;
const TRIES = 4;

// While a wall clock is corrected, it runs faster or slower by at most this (adjtime's limit).
const LARGEST_CORRECTION = 500e-6;

// Two readings of an undisturbed clock differ by no more than this from the monotonic one.
const STEADY_MS = 0.1;

/** A stamp that is older than this is none: no datagram waits so long. */
const LONGEST_WAIT_MS = 60_000;

/** Compares the kernel's stamps, which are wall time, with the monotonic clock. */
export class StampClock {
  readonly #libc: Libc;
  readonly #time = new Uint8Array(16);
  readonly #words = new Uint32Array(this.#time.buffer);
  readonly #monotonic: () => number;
  #readAtMs = NaN;
  #differenceMs = NaN;
  #steady = false;

  /**
   * Makes a clock.
   *
   * @param monotonic reads the monotonic clock, milliseconds
   */
  constructor(libc: Libc, monotonic: () => number = () => performance.now()) {
    this.#libc = libc;
    this.#monotonic = monotonic;
    this.read();
  }

  /** Reads both clocks as at one moment, and notices a step of the wall clock since the last. */
  read(): void {
    let atMs = 0;
    let wallMs = 0;
    for (let tries = 1; tries <= TRIES; tries++) {
      atMs = this.#monotonic();
      this.#libc.clock_gettime(LINUX.CLOCK_REALTIME, this.#time);
      wallMs = timespecMs(this.#words, 0);
      if (this.#monotonic() - atMs < LONGEST_GAP_MS) break;
    }
    const differenceMs = wallMs - atMs;
    const allowedMs = STEADY_MS + (atMs - this.#readAtMs) * LARGEST_CORRECTION;
    this.#steady = Math.abs(differenceMs - this.#differenceMs) <= allowedMs;
    this.#differenceMs = differenceMs;
    this.#readAtMs = atMs;
  }

  /**
   * How long a datagram has waited, milliseconds, by the last reading; `undefined` where the wall
   * clock has stepped, or the stamp can't be right.
   *
   * @param nowMs now on the monotonic clock
   */
  waitedMs(stampMs: number | undefined, nowMs: number): number | undefined {
    if (stampMs === undefined || !this.#steady) return undefined;
    const waitedMs = nowMs - (stampMs - this.#differenceMs);
    return waitedMs >= 0 && waitedMs <= LONGEST_WAIT_MS ? waitedMs : undefined;
  }
}
