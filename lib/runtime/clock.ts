/**
 * This machine's clocks.
 *
 * `Temporal` is the only wall clock here that has microseconds and follows its steps, but each
 * reading of it leaves garbage to collect. So it is read every 100 ms only. In between, the
 * monotonic clock carries it on, unless `Date.now()`, which has milliseconds only, disagrees.
 *
 * @module
 */

import type { Instant } from "../machine/machine.ts";
import { readTogether } from "../machine/read_together.ts";

// The monotonic clock carries a reading of the wall clock on for this long. While the system slews
// its wall clock, that is wrong by 50 us at most.
const CARRY_MS = 100;

// How long a step may go unseen. Date.now() doesn't change more often.
const CHECK_MS = 1;

// Date.now() is up to 1 ms behind; a larger difference is a step.
const STEP_MS = 2;

/** The wall clock, Unix milliseconds; a clock before 1970 has milliseconds only. */
function systemWallMs(): number {
  try {
    return Number(Temporal.Now.instant().epochNanoseconds) / 1e6;
  } catch {
    return Date.now();
  }
}

/** Returns a function that reads both clocks, as at the same moment. */
export function openClocks(): () => Instant {
  let aheadMs = 0;
  let readAtMs = -Infinity;
  let checkedAtMs = -Infinity;

  function readWallClock(): void {
    const { monotonicMs, wallMs } = readTogether(() => performance.now(), systemWallMs);
    readAtMs = monotonicMs;
    aheadMs = wallMs - monotonicMs;
  }

  return function readClocks() {
    const monotonicMs = performance.now();
    if (monotonicMs - checkedAtMs > CHECK_MS) {
      checkedAtMs = monotonicMs;
      const stepped = Math.abs(Date.now() - monotonicMs - aheadMs) > STEP_MS;
      if (stepped || monotonicMs - readAtMs > CARRY_MS) readWallClock();
    }
    return { monotonicMs, wallMs: monotonicMs + aheadMs };
  };
}
