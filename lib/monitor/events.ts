/**
 * What the monitor tells.
 *
 * @module
 */

import type { State } from "../detect/consecutive_losses.ts";
import type { VerdictWorth } from "../detect/verdict_worth.ts";
import type { ClockFigures } from "../measure/clock_offset.ts";
import type { Distribution, Spread } from "../measure/distribution.ts";
import type { LossDirectionFigures } from "../measure/loss_direction.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { ReplyFault } from "../wire/reply.ts";
import type { SealFault } from "../wire/seal.ts";
import type { Figures } from "./measurements.ts";
import type { Bounds } from "./outages.ts";

/** Why a datagram counts for nothing. */
export type UnexpectedReason = ReplyFault | SealFault | "wrong_source" | "never_sent" | "too_old";

/** What the monitor found out. */
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
    /** Its first bytes, as they came: to be shown with care. */
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
    /** Datagrams of the server that the key didn't seal, since the last reply. */
    readonly unauthentic: number;
    /** Another address that something came from since the last reply; perhaps the server's own. */
    readonly elsewhere: Endpoint | undefined;
    /** Heartbeats that this machine could not send since the last reply. */
    readonly sendFailures: number;
    /** Since when the state that ends had lasted, milliseconds. */
    readonly lastedMs: number;
    /** How long the server was out of reach, where it comes back from `down`. */
    readonly outageMs: Bounds | undefined;
    /** What the verdict is worth, where the server goes `down` and any loss is known. */
    readonly worth: VerdictWorth | undefined;
  }
  | {
    readonly type: "clock_step";
    /** Whose clock stepped: this machine's, or, where this one's didn't, the server's. */
    readonly whose: "client" | "server";
  }
  | {
    readonly type: "stall";
    /** By how much this machine's timer was late. */
    readonly lateMs: number;
  }
  | {
    readonly type: "report";
    /** How long ago the last report was, or the start. */
    readonly windowMs: number;
    /** The figures since then. */
    readonly window: Figures;
    /** The figures of the whole run. */
    readonly whole: MonitorSummary;
  }
  | ({ readonly type: "summary" } & MonitorSummary);

/** What a whole run comes to. */
export type Verdict = "alive" | "stopped" | "never_answered";

/** The figures of a run: sent = received + lost + outstanding. */
export interface MonitorSummary extends Figures {
  /** Whether the server was alive to the end. */
  readonly verdict: Verdict;
  /** What was believed of the server at the end. */
  readonly state: State;
  /** What the rule is worth; `undefined` where there is none, or nothing is known of loss. */
  readonly worth: VerdictWorth | undefined;
  /** How often the server was assumed to have stopped. */
  readonly outages: number;
  /** The share of the run in which the server was in reach, within bounds, 0 to 1. */
  readonly availability: Bounds | undefined;
  /** How often this machine stood still. */
  readonly stalls: number;
  /** Lost heartbeats that did not count against the server: this machine stood still, or could not send them. */
  readonly excused: number;
  /** The round trips of the heartbeats answered in time, milliseconds, for their histogram. */
  readonly roundTrips: Distribution;
  /** Heartbeats sent, or tried. */
  readonly sent: number;
  /** How late heartbeats left by their schedule, milliseconds; `undefined` where there is none. */
  readonly scheduleErrorMs: Spread | undefined;
  /** Losses in a row at the end. */
  readonly consecutive: number;
  /** Heartbeats still in flight: neither received nor lost. */
  readonly outstanding: number;
  /** Datagrams that count for nothing. */
  readonly unexpected: number;
  /** Of these, datagrams of the server that the key didn't seal. */
  readonly unauthentic: number;
  /** Another address that something came from since the last reply; perhaps the server's own. */
  readonly elsewhere: Endpoint | undefined;
  /** Whether a key is used. */
  readonly keyed: boolean;
  /** Heartbeats that this machine could not send; they are lost, too. */
  readonly sendFailures: number;
  /** Times that the socket failed to receive. */
  readonly receiveFailures: number;
  /** On which way heartbeats were lost; `undefined` where the server doesn't tell. */
  readonly direction: LossDirectionFigures | undefined;
  /** What is known of the server's clock; `undefined` before the first reply. */
  readonly clock: ClockFigures | undefined;
  /** When the first heartbeat left, on the monotonic clock. */
  readonly startedAtMs: number;
  /** How long the run has lasted, milliseconds. */
  readonly durationMs: number;
}
