/** This machine's clocks. */

import type { Instant } from "../heartbeat/machine.ts";

/**
 * Reads both clocks.
 *
 * `Temporal` is the wall clock that follows its steps with microseconds; `Date.now()` has only milliseconds,
 * and `performance.timeOrigin + performance.now()` would keep the time of the program's start for ever.
 */
export function readClocks(): Instant {
  return {
    monotonicMs: performance.now(),
    wallMs: Number(Temporal.Now.instant().epochNanoseconds) / 1e6,
  };
}
