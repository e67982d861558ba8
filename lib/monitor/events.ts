/**
 * The events that a monitor reports.
 *
 * @module
 */

import type { State } from "../detect/consecutive_losses.ts";
import type { VerdictWorth } from "../detect/verdict_worth.ts";
import type { ClockFigures } from "../measure/clock_offset.ts";
import type { Distribution, Spread } from "../measure/distribution.ts";
import type { Interval } from "../measure/interval.ts";
import type { LossDirectionFigures } from "../measure/loss_direction.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { ReplyFault } from "../wire/reply.ts";
import type { SealFault } from "../wire/seal.ts";
import type { Figures } from "./measurements.ts";

/** Why a datagram is no reply to a heartbeat of this run. */
export type UnexpectedReason = ReplyFault | SealFault | "wrong_source" | "never_sent" | "too_old";

/** An event; the loop reports it with its moment. */
export type MonitorEvent =
  | { readonly type: "sent"; readonly seq: number; readonly text: string }
  | {
    readonly type: "reply";
    readonly seq: number;
    readonly rttMs: number;
    readonly timeDifferenceS: number;
  }
  | { readonly type: "timeout"; readonly seq: number; readonly consecutive: number }
  | { readonly type: "late"; readonly seq: number; readonly rttMs: number }
  | { readonly type: "duplicate"; readonly seq: number }
  | {
    readonly type: "unexpected";
    readonly from: Endpoint;
    readonly bytes: number;
    /** Its first bytes, as they came: only `visibleText` may print them. */
    readonly beginning: Uint8Array;
    readonly reason: UnexpectedReason;
  }
  | { readonly type: "send_failed"; readonly seq: number; readonly reason: string }
  | { readonly type: "receive_failed"; readonly reason: string }
  | {
    readonly type: "state";
    readonly from: State;
    readonly to: State;
    readonly consecutive: number;
    /** Whether any reply was ever heard. */
    readonly heard: boolean;
    /** Whether a key is used. */
    readonly keyed: boolean;
    /** Datagrams from the server that the key didn't seal, since the last reply. */
    readonly unauthentic: number;
    /** Another address that a datagram came from since the last reply; perhaps the server's own. */
    readonly elsewhere: Endpoint | undefined;
    /** Heartbeats that this machine could not send since the last reply. */
    readonly sendFailures: number;
    /** How long the state that ends had lasted, milliseconds. */
    readonly lastedMs: number;
    /** How long the server was out of reach, where it comes back from `down`. */
    readonly outageMs: Interval | undefined;
    /** The worth of the verdict, where the server goes `down` and any loss is known. */
    readonly worth: VerdictWorth | undefined;
  }
  | {
    readonly type: "clock_step";
    /** Whose clock stepped: this machine's, or else the server's. */
    readonly whose: "client" | "server";
  }
  | {
    readonly type: "stall";
    /** How late this machine's timer was, milliseconds. */
    readonly lateMs: number;
  }
  | {
    readonly type: "report";
    /** Time since the last report, or since the start, milliseconds. */
    readonly windowMs: number;
    /** The figures since then. */
    readonly window: Figures;
    /** The figures of the whole run. */
    readonly whole: MonitorSummary;
  }
  | ({ readonly type: "summary" } & MonitorSummary);

/** The conclusion of a whole run. */
export type Verdict = "alive" | "stopped" | "never_answered";

/** The figures of a run: sent = received + lost + outstanding. */
export interface MonitorSummary extends Figures {
  /** The conclusion. */
  readonly verdict: Verdict;
  /** The state of the server at the end. */
  readonly state: State;
  /** The worth of the rule; `undefined` without a rule, or while nothing is known of loss. */
  readonly worth: VerdictWorth | undefined;
  /** How often the server was assumed to have stopped. */
  readonly outages: number;
  /** The share of the run in which the server was in reach, within bounds, 0 to 1. */
  readonly availability: Interval | undefined;
  /** How often this machine stood still. */
  readonly stalls: number;
  /**
   * Lost heartbeats that did not count against the server, because this machine stood still or
   * could not send them.
   */
  readonly excused: number;
  /** The round trips of the heartbeats answered in time, milliseconds, for their histogram. */
  readonly roundTrips: Distribution;
  /** Heartbeats sent, or tried. */
  readonly sent: number;
  /** How late heartbeats left by their schedule, milliseconds; `undefined` without a schedule. */
  readonly scheduleErrorMs: Spread | undefined;
  /** Losses in a row at the end. */
  readonly consecutive: number;
  /** Heartbeats still in flight: neither received nor lost. */
  readonly outstanding: number;
  /** Datagrams that were no replies to heartbeats of this run. */
  readonly unexpected: number;
  /** Of these, datagrams from the server that the key didn't seal. */
  readonly unauthentic: number;
  /** Another address that a datagram came from since the last reply; perhaps the server's own. */
  readonly elsewhere: Endpoint | undefined;
  /** Whether a key is used. */
  readonly keyed: boolean;
  /** Heartbeats that this machine could not send; they count as lost, too. */
  readonly sendFailures: number;
  /** Times that the socket failed to receive. */
  readonly receiveFailures: number;
  /** The direction in which heartbeats were lost; `undefined` if the server sends no counts. */
  readonly direction: LossDirectionFigures | undefined;
  /** The bounds of the server's clock; `undefined` before the first reply. */
  readonly clock: ClockFigures | undefined;
  /** When the first heartbeat left, on the monotonic clock. */
  readonly startedAtMs: number;
  /** How long the run has lasted, milliseconds. */
  readonly durationMs: number;
}
