/**
 * Counts datagrams refused because of their sender, seal or rate, and reports them at most once per
 * second.
 *
 * @module
 */

import type { Endpoint } from "../wire/endpoint.ts";
import type { SealFault } from "../wire/seal.ts";
import type { SourceFault } from "./admission.ts";
import type { ReplayFault } from "./replay_guard.ts";

/** Why a datagram is refused, though it may be a valid heartbeat. */
export type RefusalReason = SourceFault | "limited" | SealFault | ReplayFault;

/** All reasons, in the order in which they are checked. */
export const REFUSAL_REASONS: readonly RefusalReason[] = [
  "unanswerable",
  "not_allowed",
  "not_permitted",
  "unauthenticated",
  "bad_mac",
  "stale",
  "replayed",
  "limited",
];

/** The number of refused datagrams for each reason. */
export type RefusalCounts = Readonly<Record<RefusalReason, number>>;

/** The refusals since the last such event. */
export interface Refused {
  /** Distinguishes it from other events. */
  readonly type: "refused";
  /** Their number for each reason. */
  readonly counts: RefusalCounts;
  /** The source address of the last one, which may be forged. */
  readonly last: Endpoint;
}

const REPORT_EVERY_MS = 1000;

/** The refusals of one server, counted and not yet reported. */
export class Refusals {
  readonly #total = noRefusals();
  #unreported = noRefusals();
  #last: Endpoint | undefined;
  #reportedAtMs = -Infinity;

  /** The refusals so far. */
  get total(): RefusalCounts {
    return { ...this.#total };
  }

  /** When to report next, on the monotonic clock, milliseconds; `undefined`: nothing to report. */
  get reportAtMs(): number | undefined {
    return this.#last === undefined ? undefined : this.#reportedAtMs + REPORT_EVERY_MS;
  }

  /** Counts a refusal. */
  add(reason: RefusalReason, from: Endpoint): void {
    this.#total[reason]++;
    this.#unreported[reason]++;
    this.#last = from;
  }

  /** The report that is due at `nowMs`, if any; with `stopping`, also one that is not due yet. */
  report(nowMs: number, stopping = false): Refused[] {
    const last = this.#last;
    if (last === undefined || (!stopping && nowMs < this.#reportedAtMs + REPORT_EVERY_MS)) {
      return [];
    }
    const counts = this.#unreported;
    this.#unreported = noRefusals();
    this.#last = undefined;
    this.#reportedAtMs = nowMs;
    return [{ type: "refused", counts, last }];
  }
}

function noRefusals(): Record<RefusalReason, number> {
  return Object.fromEntries(REFUSAL_REASONS.map((reason) => [reason, 0])) as Record<
    RefusalReason,
    number
  >;
}
