/**
 * This machine's clocks.
 *
 * `Temporal` is the only wall clock here that has microseconds and follows its steps, but a reading of it leaves
 * memory to collect. So it is read now and then, and carried on in between by the monotonic clock, unless
 * `Date.now()`, which has milliseconds only, disagrees.
 *
 * @module
 */

import type { Instant } from "../machine/machine.ts";

/** How long a reading of the wall clock is carried on: a clock that is being corrected then errs by 50 us at most. */
const CARRY_MS = 100;

/** How long a step may go unseen: as long as `Date.now()` stands still. */
const CHECK_MS = 1;

/** `Date.now()` is up to 1 ms behind; what is more is a step. */
const STEP_MS = 2;

// Between the readings of two clocks the system may let another program run.
const LONGEST_GAP_MS = 0.01;
const TRIES = 4;

let aheadMs = 0;
let readAtMs = -Infinity;
let checkedAtMs = -Infinity;

/** Reads both clocks, as at the same moment. */
export function readClocks(): Instant {
  const monotonicMs = performance.now();
  if (monotonicMs - checkedAtMs > CHECK_MS) {
    checkedAtMs = monotonicMs;
    const stepped = Math.abs(Date.now() - monotonicMs - aheadMs) > STEP_MS;
    if (stepped || monotonicMs - readAtMs > CARRY_MS) readWallClock();
  }
  return { monotonicMs, wallMs: monotonicMs + aheadMs };
}

function readWallClock(): void {
  for (let tries = 1; tries <= TRIES; tries++) {
    readAtMs = performance.now();
    aheadMs = Number(Temporal.Now.instant().epochNanoseconds) / 1e6 - readAtMs;
    if (performance.now() - readAtMs < LONGEST_GAP_MS) return;
  }
}
