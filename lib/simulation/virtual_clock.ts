/**
 * The clocks of simulated machines, whose errors are known.
 *
 * @module
 */

import type { Instant } from "../machine/machine.ts";

/** How a machine's clocks differ from true time. */
export interface ClockFaults {
  /** How far the wall clock is ahead at the start, milliseconds. */
  readonly offsetMs?: number | undefined;
  /** Drift of both clocks, parts per million; more than 0: they run fast. */
  readonly driftPpm?: number | undefined;
  /** Steps of the wall clock: their moments in true time, and by how much they set it forward. */
  readonly steps?: readonly { readonly atMs: number; readonly byMs: number }[] | undefined;
  /**
   * When the machine sleeps, true time, one after the other: the wall clock goes on, the monotonic
   * one stands still, as on Linux.
   */
  readonly sleeps?: readonly Sleep[] | undefined;
}

/** A sleep of a machine, true time, milliseconds. */
export interface Sleep {
  /** When it falls asleep. */
  readonly fromMs: number;
  /** When it wakes up. */
  readonly untilMs: number;
}

/** 22 November 2025, 15:06:40 UTC: where simulated wall clocks start, Unix milliseconds. */
export const EPOCH_MS = 1_763_824_000_000;

/** The clocks of a simulated machine. True time starts at 0, and is in milliseconds. */
export class VirtualClock {
  readonly #rate: number;
  readonly #offsetMs: number;
  readonly #steps: readonly { readonly atMs: number; readonly byMs: number }[];
  readonly #sleeps: readonly Sleep[];

  /** Makes clocks with these faults. */
  constructor(faults: ClockFaults = {}) {
    this.#rate = 1 + (faults.driftPpm ?? 0) / 1e6;
    this.#offsetMs = faults.offsetMs ?? 0;
    this.#steps = faults.steps ?? [];
    this.#sleeps = faults.sleeps ?? [];
  }

  /** Reads both clocks at a moment of true time. */
  read(trueMs: number): Instant {
    let sleptMs = 0;
    for (const { fromMs, untilMs } of this.#sleeps) {
      sleptMs += Math.max(0, Math.min(trueMs, untilMs) - fromMs);
    }
    const monotonicMs = (trueMs - sleptMs) * this.#rate;
    let wallMs = EPOCH_MS + this.#offsetMs + trueMs * this.#rate;
    for (const { atMs, byMs } of this.#steps) if (trueMs >= atMs) wallMs += byMs;
    return { monotonicMs, wallMs };
  }

  /** How far the wall clock is ahead at a moment of true time, milliseconds. */
  wallErrorMs(trueMs: number): number {
    return this.read(trueMs).wallMs - EPOCH_MS - trueMs;
  }

  /** The first moment of true time at which the monotonic clock shows at least this. */
  trueMs(monotonicMs: number): number {
    let trueMs = monotonicMs / this.#rate;
    for (const { fromMs, untilMs } of this.#sleeps) if (trueMs > fromMs) trueMs += untilMs - fromMs;
    // Rounded down, it would wake a machine too early, which would find nothing to do and be woken
    // at the same moment for ever.
    while (this.read(trueMs).monotonicMs < monotonicMs) trueMs += Math.abs(trueMs) * Number.EPSILON;
    return trueMs;
  }
}
