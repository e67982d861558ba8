/**
 * Long work beside the one loop, a millisecond or two at a time.
 *
 * @module
 */

/** After this time at it, the loop has its turn, milliseconds. */
export const TURN_MS = 1;

/**
 * Then the work waits for this many times as long as it took: with less, the heartbeats of ten
 * thousand targets pile up behind it.
 */
const PAUSE_FACTOR = 3;

/** Waits after a turn, which began at a moment of `performance.now()`. */
export function turnOver(sinceMs: number): Promise<void> {
  const waitMs = PAUSE_FACTOR * (performance.now() - sinceMs);
  return new Promise((resume) => setTimeout(resume, waitMs));
}

/** Does work that has steps, and returns what comes out. */
export async function inTurns<Result>(work: Generator<unknown, Result>): Promise<Result> {
  let sinceMs = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() - sinceMs < TURN_MS) continue;
    await turnOver(sinceMs);
    sinceMs = performance.now();
  }
}
