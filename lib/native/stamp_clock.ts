/**
 * How long a datagram has waited in this machine, by the kernel's time stamp on it.
 *
 * @module
 */

import { LARGEST_CORRECTION } from "../machine/own_machine.ts";
import { readTogether } from "../machine/read_together.ts";
import { type Libc, LINUX } from "./libc.ts";
import { timespecMs } from "./timespec.ts";

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
  readonly #wall = () => {
    this.#libc.clock_gettime(LINUX.CLOCK_REALTIME, this.#time);
    return timespecMs(this.#words, 0);
  };
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
    const { monotonicMs, wallMs } = readTogether(this.#monotonic, this.#wall);
    const differenceMs = wallMs - monotonicMs;
    const allowedMs = STEADY_MS + (monotonicMs - this.#readAtMs) * LARGEST_CORRECTION;
    this.#steady = Math.abs(differenceMs - this.#differenceMs) <= allowedMs;
    this.#differenceMs = differenceMs;
    this.#readAtMs = monotonicMs;
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
