/**
 * The figures of a run that its parts keep, put together.
 *
 * @module
 */

import type { Audit } from "../machine/audit.ts";
import type { MonitorSummary } from "./events.ts";
import type { MonitorParts } from "./parts.ts";

/** The figures of a summary that a monitor's parts keep. */
export type PartsSummary = Omit<
  MonitorSummary,
  "worth" | "ended" | "planned" | "receiveFailures"
>;

/**
 * Puts the figures together: sorts and computes quantiles, so it is no call for every second.
 *
 * @param audit compares counts that must agree
 * @param nowMs on the monotonic clock
 */
export function summaryOf(
  { books, ledger, belief, inbox, clock, sendFailures }: MonitorParts,
  audit: Audit,
  nowMs: number,
): PartsSummary {
  const figures = books.figures(nowMs);
  const { received, lost } = figures;
  const { last: sent, outstanding } = ledger;
  return {
    ...figures,
    ...audit.check("sent", sent, { received, lost, outstanding }),
    ...belief.figures(ledger, clock.startedAtMs, clock.now),
    ...inbox.figures,
    ...clock.figures,
    sent,
    outstanding,
    ...sendFailures.figures,
  };
}
