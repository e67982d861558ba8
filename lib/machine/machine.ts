/**
 * The contract of a state machine: time and datagrams go in, datagrams and events come out.
 *
 * The responder and the monitor are such machines. Neither waits, reads a clock or touches a
 * socket, so one loop drives both on a real network (`runtime/drive.ts`), and another in a
 * simulated one (`simulation/world.ts`).
 *
 * @module
 */

import type { Endpoint } from "../wire/endpoint.ts";

/** A moment, on two clocks that must never be mixed. */
export interface Instant {
  /** Milliseconds on a clock that never steps: for round trips, timeouts and schedules. */
  readonly monotonicMs: number;
  /** Unix milliseconds on the wall clock, which may step: for the wire and for display. */
  readonly wallMs: number;
}

/** A datagram to send. */
export interface Transmit {
  /** Tells a datagram from an event. */
  readonly type: "transmit";
  /** Where to. */
  readonly to: Endpoint;
  /** The datagram; the responder overwrites it in its next `receive`, so send or copy it before. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The heartbeat that it carries or answers. */
  readonly seq: number;
  /** Whether it is a copy that a simulated bad network makes; copies are not counted. */
  readonly copy?: boolean;
}

/**
 * A datagram that the loop completes as the last step before the send, with the moment at which it
 * leaves.
 */
export interface Departure<Event> {
  /** Tells it from other outputs. */
  readonly type: "departure";
  /** Where to. */
  readonly to: Endpoint;
  /** The heartbeat that it carries. */
  readonly seq: number;
  /** Writes the datagram and the event that reports it; called once, as late as can be. */
  readonly leave: (
    now: Instant,
  ) => { readonly bytes: Uint8Array<ArrayBuffer>; readonly event: Event };
  /**
   * Takes the moment of the send, milliseconds on the monotonic clock; called once, after
   * {@linkcode leave}: to write the datagram takes time, which is no part of a round trip.
   */
  readonly left: (monotonicMs: number) => void;
}

/** Why a datagram could not be sent. */
export interface SendFailure {
  /** What the system says. */
  readonly reason: string;
  /**
   * Whether the system says that the host can't be reached (EHOSTUNREACH, EHOSTDOWN); all other
   * reasons are this machine's own.
   */
  readonly hostUnreachable: boolean;
}

/** What a machine wants done, in this order. */
export type Output<Event> = Transmit | Departure<Event> | Event;

/** Tells a datagram from an event. */
export function isTransmit<Event extends { readonly type: string }>(
  output: Output<Event>,
): output is Transmit {
  return output.type === "transmit";
}

/** Tells a datagram that the loop completes from other outputs. */
export function isDeparture<Event extends { readonly type: string }>(
  output: Output<Event>,
): output is Departure<Event> {
  return output.type === "departure";
}

/** A state machine that a loop drives. */
export interface Machine<Event> {
  /** Whether it has said its last: nothing more goes in or comes out. */
  readonly finished: boolean;
  /**
   * When it wants `advance` to be called, on the monotonic clock; `undefined`: it only waits for
   * datagrams.
   */
  readonly wakeAtMs: number | undefined;
  /** Time has passed. */
  advance(now: Instant): Output<Event>[];
  /**
   * A datagram has arrived; its bytes are not kept.
   *
   * @param waitedMs how long it had waited in this machine until `now`, milliseconds, by the
   * kernel's time stamp; `undefined`: it isn't known
   */
  receive(
    bytes: Uint8Array,
    from: Endpoint,
    now: Instant,
    waitedMs?: number | undefined,
  ): Output<Event>[];
  /** A datagram could not be sent. */
  sendFailed(sent: Transmit | Departure<Event>, failure: SendFailure): Output<Event>[];
  /**
   * The socket failed to receive, and goes on.
   *
   * @param tooLong whether a datagram was longer than the buffer, which some systems report so
   */
  receiveFailed(reason: string, tooLong: boolean): Output<Event>[];
  /** The person wants to stop: the last events come out. */
  stop(now: Instant): Output<Event>[];
}
