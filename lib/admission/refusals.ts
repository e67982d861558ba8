/**
 * Counts what is not answered for its sender's sake, and tells of it once a second at most.
 *
 * @module
 */

import type { Endpoint } from "../wire/endpoint.ts";
import type { SealFault } from "../wire/seal.ts";
import type { SourceFault } from "./admission.ts";
import type { ReplayFault } from "./replay_guard.ts";

/** Why a datagram is not answered, though it may be a good heartbeat. */
export type RefusalReason = SourceFault | "limited" | SealFault | ReplayFault;

/** All reasons, in the order in which they are looked for. */
export const REFUSAL_REASONS: readonly RefusalReason[] = [
  "unanswerable",
  "not_allowed",
  "unauthenticated",
  "bad_mac",
  "stale",
  "replayed",
  "limited",
];

/** How many datagrams were refused, for each reason. */
export type RefusalCounts = Readonly<Record<RefusalReason, number>>;

/** What was refused since the last such event. */
export interface Refused {
  /** Tells it from other events. */
  readonly type: "refused";
  /** How many, for each reason. */
  readonly counts: RefusalCounts;
  /** Where the last of them came from, or said that it came from. */
  readonly last: Endpoint;
}

const REPORT_EVERY_MS = 1000;

/** The refusals of one server. */
export class Refusals {
  readonly #total = noRefusals();
  #unreported = noRefusals();
  #last: Endpoint | undefined;
  #reportedAtMs = -Infinity;

  /** All so far. */
  get total(): RefusalCounts {
    return { ...this.#total };
  }

  /** When there will be something to tell, on the monotonic clock; `undefined`: nothing is untold. */
  get reportAtMs(): number | undefined {
    return this.#last === undefined ? undefined : this.#reportedAtMs + REPORT_EVERY_MS;
  }

  /** Counts one. */
  add(reason: RefusalReason, from: Endpoint): void {
    this.#total[reason]++;
    this.#unreported[reason]++;
    this.#last = from;
  }

  /** What is to be told now, if anything; `stopping`: also before its time. */
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
