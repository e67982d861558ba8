/**
 * Watches this machine's own wall clock for steps, by the clock that never steps.
 *
 * @module
 */

import type { Instant } from "../machine/machine.ts";

/** A change of the wall clock by more than this, milliseconds, is a step, and not a correction of its speed. */
export const SMALLEST_STEP_MS = 2;

// A wall clock that is being corrected runs faster or slower by this at most (adjtime's limit).
const LARGEST_CORRECTION = 500e-6;

/** Compares the two clocks whenever they are read. */
export class OwnClock {
  #differenceMs: number | undefined;
  #readAtMs = 0;
  #steppedAtMs = -Infinity;

  /** By how much the wall clock has stepped since it was last asked, milliseconds, forward or back; 0: it has not. */
  step({ monotonicMs, wallMs }: Instant): number {
    const differenceMs = wallMs - monotonicMs;
    const before = this.#differenceMs ?? differenceMs;
    const allowedMs = SMALLEST_STEP_MS + LARGEST_CORRECTION * (monotonicMs - this.#readAtMs);
    this.#differenceMs = differenceMs;
    this.#readAtMs = monotonicMs;
    const stepMs = differenceMs - before;
    if (Math.abs(stepMs) <= allowedMs) return 0;
    this.#steppedAtMs = monotonicMs;
    return stepMs;
  }

  /** Whether the wall clock has not stepped since a moment: what was sent before a step carries the old time. */
  steadySince(monotonicMs: number): boolean {
    return monotonicMs >= this.#steppedAtMs;
  }
}
