/**
 * Two clocks, read as at one moment.
 *
 * @module
 */

import type { Instant } from "./machine.ts";

// The system may let another program run between the readings of two clocks: then both are read
// again.
const LONGEST_GAP_MS = 0.01;
const TRIES = 4;

/**
 * Reads the wall clock, and the monotonic clock right before it; once more where that took long,
 * four times at most.
 */
export function readTogether(readMonotonicMs: () => number, readWallMs: () => number): Instant {
  for (let tries = 1;; tries++) {
    const monotonicMs = readMonotonicMs();
    const wallMs = readWallMs();
    if (tries === TRIES || readMonotonicMs() - monotonicMs < LONGEST_GAP_MS) {
      return { monotonicMs, wallMs };
    }
  }
}
