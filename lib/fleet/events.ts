/**
 * The events that a fleet reports: those of its monitors, each with its target, and what concerns
 * all of them at once.
 *
 * @module
 */

import type { BucketCounts } from "../measure/bucket_counts.ts";
import type { Spread } from "../measure/distribution.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import type { Unexpected } from "../monitor/inbox.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { Member } from "./member.ts";

/** A part of a fleet: the targets of an address family, or all, for reasons of this machine. */
export type BlindPart = "ipv4" | "ipv6" | "machine";

/** An event; the loop reports it with its moment. */
export type FleetEvent =
  | {
    /** Something happened to one target; single heartbeats and replies are not told. */
    readonly type: "of_target";
    readonly member: Member;
    readonly event: MonitorEvent;
  }
  /** A heartbeat left: nobody is told. */
  | { readonly type: "sent" }
  | MonitorEvent & { readonly type: "stall" | "clock_step" | "receive_failed" }
  | {
    /** A datagram came from an endpoint that is no target's. */
    readonly type: "stray";
    readonly datagram: Unexpected;
  }
  | {
    /** A part of the fleet can't be asked any more: each of its targets is unknown. */
    readonly type: "blind";
    readonly part: BlindPart;
    /** The targets concerned. */
    readonly targets: number;
    /** What the system says; `undefined`: this machine slept or stood still. */
    readonly reason: string | undefined;
  }
  | {
    /** It can be asked again; a target that doesn't answer then has an event of its own. */
    readonly type: "sighted";
    readonly part: BlindPart;
    readonly targets: number;
    /** How long it could not be asked, milliseconds. */
    readonly lastedMs: number;
  }
  | {
    /** Heartbeats to a target go to another address from now on. */
    readonly type: "moved";
    readonly member: Member;
    /** The old address and port; `undefined`: the name had none so far. */
    readonly from: Endpoint | undefined;
    readonly to: Endpoint;
  }
  | {
    /** A target has no address that can be asked, and is unknown. */
    readonly type: "unresolved";
    readonly member: Member;
    readonly reason: string;
  }
  | {
    /** The list of targets was read again. */
    readonly type: "reloaded";
    readonly added: number;
    readonly removed: number;
    readonly stayed: number;
  }
  | ({ readonly type: "fleet_report" } & FleetFigures)
  | ({ readonly type: "fleet" } & FleetFigures);

/** The figures of a whole fleet. */
export interface FleetFigures {
  /** The targets, in the order of their list. */
  readonly members: readonly Member[];
  /** The time since the start, milliseconds, sleep included. */
  readonly durationMs: number;
  /** Heartbeats sent, or tried. */
  readonly sent: number;
  /** Of these, the ones that this machine could not send for reasons of its own. */
  readonly unsent: number;
  /** Heartbeats answered in time. */
  readonly received: number;
  /** Heartbeats lost, late ones included. */
  readonly lost: number;
  /** Of these, the ones that this machine could not send. */
  readonly lostUnsent: number;
  /** Lost heartbeats that were answered after all. */
  readonly late: number;
  /** Round trips of all targets, milliseconds; `undefined` before the first. */
  readonly rttMs: Spread | undefined;
  /** How late heartbeats left by their schedule, milliseconds; `undefined` before the first. */
  readonly scheduleErrorMs: Spread | undefined;
  /** Datagrams from endpoints that are no targets. */
  readonly strays: number;
  /** How often this machine stood still. */
  readonly stalls: number;
  /** How often the loop was late by more than 20 ms. */
  readonly pauses: number;
  /** The longest such delay, milliseconds; 0 without one. */
  readonly longestPauseMs: number;
  /** The parts that can't be asked now. */
  readonly blind: readonly BlindPart[];
}

/** How the machine does on which a fleet's monitors run. */
export interface FleetWatcher {
  /** How often it stood still. */
  readonly stalls: number;
  /** The time that it missed, asleep or standing still, milliseconds. */
  readonly missedMs: number;
  /** Datagrams from endpoints that are no targets. */
  readonly strays: number;
  /** How late heartbeats left by their schedule, milliseconds. */
  readonly sendDelays: BucketCounts;
  /** The parts that can't be asked now. */
  readonly blind: readonly BlindPart[];
}
