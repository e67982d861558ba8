/**
 * The conclusion of a whole run.
 *
 * @module
 */

import type { Ledger } from "./ledger.ts";

/** The conclusion of a whole run; `unknown`: at the end the server could not be asked. */
export type Verdict = "alive" | "stopped" | "never_answered" | "unknown";

/**
 * Whether this machine could not ask any more at the end: it could not send the newest heartbeats,
 * or slept or stood still while they waited.
 *
 * @param wanted that many heartbeats, or all if fewer were sent
 */
export function couldNotAsk(ledger: Ledger, wanted: number): boolean {
  const { last } = ledger;
  const enough = Math.min(wanted, last);
  // Who sent nothing has asked nothing.
  let excused = 0;
  for (let seq = last; excused < enough; seq--) {
    const heartbeat = ledger.find(seq);
    if (heartbeat === undefined) return false;
    const { fate, excuse } = heartbeat;
    if (excuse !== undefined && (fate === "lost" || fate === "outstanding")) excused++;
    // One that still waits decides nothing.
    else if (fate !== "outstanding") return false;
  }
  return true;
}
