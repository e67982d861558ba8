/**
 * All events that `client.ts` reports of many servers, and how a reporter treats each.
 *
 * @module
 */

import type { FleetEvent, FleetFigures } from "../fleet/events.ts";
import type { EventTraits, HeldBack } from "./reporter.ts";
import type { Serving } from "./serving.ts";
import type { Transport } from "./transport.ts";

/** What the client reports of many servers: the fleet's events, and its own. */
export type FleetReport =
  | FleetEvent
  | {
    readonly type: "start";
    /** How many servers are watched. */
    readonly targets: number;
    /** Where they are listed: the name of a file, or `standard input`, or `the command line`. */
    readonly source: string;
    /** Heartbeats to send to each; 0: until stopped. */
    readonly count: number;
    /** From the start of one heartbeat to the start of the next, for each server, milliseconds. */
    readonly intervalMs: number;
    /** How long a heartbeat waits for its reply, milliseconds. */
    readonly timeoutMs: number;
    /** Losses in a row after which a server is assumed to have stopped; 0: never. */
    readonly maxLosses: number | "auto";
    /** One false alarm in this many heartbeats is allowed; `undefined`: the rule isn't `auto`. */
    readonly falseAlarmEvery: number | undefined;
    /** The version of this program. */
    readonly version: string;
    /** What sends and receives: Deno's own calls, or libc's with them. */
    readonly transport: Transport;
  }
  | ({
    /** Somebody has asked for the figures so far. */
    readonly type: "figures_so_far";
  } & FleetFigures)
  | Serving
  | HeldBack;

/** The traits of each event. */
export const FLEET_TRAITS: Readonly<Record<FleetReport["type"], EventTraits>> = {
  start: {},
  serving: { kept: true },
  of_target: {},
  sent: { detail: true },
  stall: {},
  clock_step: { limited: true },
  receive_failed: { detail: true, limited: true },
  stray: { detail: true, limited: true },
  blind: { kept: true },
  sighted: { kept: true },
  moved: { kept: true },
  unresolved: { kept: true },
  reloaded: { kept: true },
  held_back: {},
  fleet_report: {},
  figures_so_far: { kept: true },
  fleet: { kept: true },
};

/** How many false alarms a day a fleet may raise in all. */
export function falseAlarmsPerDay(
  { targets, intervalMs, falseAlarmEvery }: FleetReport & { type: "start" },
): number | undefined {
  if (falseAlarmEvery === undefined) return undefined;
  return targets * 86_400_000 / intervalMs / falseAlarmEvery;
}
