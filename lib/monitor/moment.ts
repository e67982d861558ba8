/**
 * When something happened, as figures of a whole run need it.
 *
 * @module
 */

import type { SendMoment } from "./ledger.ts";

/** A moment of the run. */
export interface Moment {
  /**
   * On the clock that goes on while this machine sleeps (`machine/own_machine.ts`), milliseconds.
   */
  readonly atMs: number;
  /** The time that this machine had missed before, asleep or standing still, milliseconds. */
  readonly missedMs: number;
}

/** The moment at which a heartbeat left. */
export function momentOf({ sentAtMs, sleptMs, missedMs }: SendMoment): Moment {
  return { atMs: sentAtMs + sleptMs, missedMs };
}

/** A moment on a clock that leaves out what this machine missed, milliseconds. */
export function observedMs({ atMs, missedMs }: Moment): number {
  return atMs - missedMs;
}
