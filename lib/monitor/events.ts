/**
 * The events that a monitor reports.
 *
 * @module
 */

import type { AuditFigures } from "../machine/audit.ts";
import type { VerdictWorth } from "../detect/verdict_worth.ts";
import type { ClockFigures } from "../measure/clock_offset.ts";
import type { Distribution, Spread } from "../measure/distribution.ts";
import type { SendFailure } from "../machine/machine.ts";
import type { MachineEvent } from "../machine/own_machine.ts";
import type { LossDirectionFigures } from "../measure/loss_direction.ts";
import type { BeliefFigures } from "./belief.ts";
import type { Clues, InboxFigures, Unexpected } from "./inbox.ts";
import type { Excuse } from "./ledger.ts";
import type { Figures } from "./measurements.ts";
import type { RunClockFigures } from "./run_clock.ts";
import type { SendFailureFigures, Unsent } from "./send_failures.ts";
import type { StateChange } from "./state_change.ts";

/** An event; the loop reports it with its moment. */
export type MonitorEvent =
  | { readonly type: "sent"; readonly seq: number; readonly text: string }
  | {
    readonly type: "reply";
    readonly seq: number;
    readonly rttMs: number;
    /** The server's receive time less our send time, seconds; `undefined` for an echo. */
    readonly timeDifferenceS: number | undefined;
  }
  | {
    readonly type: "timeout";
    readonly seq: number;
    readonly consecutive: number;
    /** Why the loss says nothing about the server; `undefined`: it counts. */
    readonly excuse: Excuse | undefined;
  }
  | { readonly type: "late"; readonly seq: number; readonly rttMs: number }
  | { readonly type: "duplicate"; readonly seq: number }
  | ({ readonly type: "unexpected" } & Unexpected)
  | ({ readonly type: "send_failed"; readonly seq: number } & SendFailure)
  | { readonly type: "receive_failed"; readonly reason: string }
  | (
    & {
      readonly type: "state";
      /** Why the last heartbeat that this machine could not send was not; `undefined`: all were. */
      readonly unsent: string | undefined;
      /** The heartbeats since the last reply for which the host could not be reached. */
      readonly unreachable: Unsent;
      /** The worth of the verdict, where the server goes `down` and how it loses is known. */
      readonly worth: VerdictWorth | undefined;
      /** By how much this machine's clock was set since the last reply, milliseconds. */
      readonly clockSetMs: number;
    }
    & StateChange
    & Clues
  )
  | MachineEvent
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

/**
 * Why a run ended: all heartbeats were settled, the server was given up, or the run was told to
 * stop.
 */
export type Ended = "finished" | "given_up" | "stopped";

/** The figures of a run: sent = received + lost + outstanding. */
export interface MonitorSummary
  extends Figures, BeliefFigures, InboxFigures, RunClockFigures, SendFailureFigures, AuditFigures {
  /** The worth of the rule; `undefined` without one, or while how losses cluster is unknown. */
  readonly worth: VerdictWorth | undefined;
  /** Why the run has ended; `undefined`: it goes on. */
  readonly ended: Ended | undefined;
  /** Heartbeats that were asked for; 0: no end of them. */
  readonly planned: number;
  /**
   * Lost heartbeats that say nothing about the server: this machine could not send them, or slept
   * or stood still while they waited.
   */
  readonly excused: number;
  /** Of these, the ones that this machine could not send. */
  readonly lostUnsent: number;
  /** The round trips of the heartbeats answered in time, milliseconds, for their histogram. */
  readonly roundTrips: Distribution;
  /** Heartbeats sent, or tried. */
  readonly sent: number;
  /** How late heartbeats left by their schedule, milliseconds; `undefined` without a schedule. */
  readonly scheduleErrorMs: Spread | undefined;
  /** Heartbeats still in flight: neither received nor lost. */
  readonly outstanding: number;
  /** Times that the socket failed to receive. */
  readonly receiveFailures: number;
  /** The direction in which heartbeats were lost; `undefined` if the server sends no counts. */
  readonly direction: LossDirectionFigures | undefined;
  /** The bounds of the server's clock; `undefined` before the first reply. */
  readonly clock: ClockFigures | undefined;
}
