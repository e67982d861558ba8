/**
 * What a fleet is asked to do.
 *
 * @module
 */

import type { Protocol } from "../wire/protocol.ts";
import type { MemberOptions } from "./member.ts";
import type { ListedTarget } from "./target_list.ts";

/** The targets of a fleet. */
export interface FleetList {
  /** The targets, each listed once. */
  readonly targets: readonly ListedTarget[];
  /** The addresses of their names that are known, by their keys; see `targetKey`. */
  readonly addresses?: ReadonlyMap<string, string> | undefined;
}

/** How a fleet is monitored. */
export interface FleetOptions {
  /** The targets. */
  readonly list: FleetList;
  /** How each is monitored; reports are the fleet's own. */
  readonly member: Omit<MemberOptions, "protocol" | "reportEveryMs" | "endsQuietly">;
  /** Makes the protocol of a target. */
  readonly protocolOf: () => Protocol;
  /** A random number from 0 to 1: when the first heartbeats leave hangs on it. */
  readonly start: number;
  /** Whether each target has a summary at the end, as programs want it. */
  readonly summaries: boolean;
  /** How often figures are reported in mid-run, milliseconds; left out: never. */
  readonly reportEveryMs?: number | undefined;
}
