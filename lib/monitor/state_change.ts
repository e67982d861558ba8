/**
 * What changes when the state of a server does.
 *
 * @module
 */

import type { State } from "../detect/consecutive_losses.ts";
import type { Interval } from "../measure/interval.ts";
import type { Excuse } from "./ledger.ts";

/** Why something is believed. */
export type StateReason =
  /** Nothing was ever heard. */
  | "not_heard"
  /** The newest heartbeat that is settled was answered. */
  | "answered"
  /** It was not. */
  | "unanswered"
  /** This machine can't ask, or slept or stood still when it might have. */
  | Excuse;

/** A change of what is believed. */
export interface StateChange {
  /** What was believed before. */
  readonly from: State;
  /** What is believed now. */
  readonly to: State;
  /** Why it is believed. */
  readonly reason: StateReason;
  /** Why the state before was believed. */
  readonly reasonBefore: StateReason;
  /** The last state before that was known; `undefined`: none ever was. */
  readonly lastKnown: Exclude<State, "unknown"> | undefined;
  /** Losses in a row. */
  readonly consecutive: number;
  /** Heartbeats in a row that this machine could not send, or slept or stood still through. */
  readonly excused: number;
  /** Whether any reply was ever heard. */
  readonly heard: boolean;
  /** How long the state that ends had lasted, milliseconds. */
  readonly lastedMs: number;
  /** How long the server was out of reach, where it comes back after it had stopped. */
  readonly outageMs: Interval | undefined;
}
