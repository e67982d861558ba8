/**
 * Sending without a loop: in virtual time, nothing passes between a machine's decision to send and
 * the send.
 *
 * @module
 */

import {
  type Departure,
  type Instant,
  isDeparture,
  type Output,
  type Transmit,
} from "../machine/machine.ts";

/** A datagram that leaves, and the output of the machine that it comes from. */
export interface Leaving<Event> extends Transmit {
  /** What the machine is told of, should the send fail. */
  readonly of: Transmit | Departure<Event>;
}

/**
 * Completes the heartbeats among the outputs of a machine: each becomes its datagram and the event
 * about it.
 */
export function leaveAtOnce<Event extends { readonly type: string }>(
  outputs: readonly Output<Event>[],
  now: Instant,
): (Transmit | Leaving<Event> | Event)[] {
  const left: (Transmit | Leaving<Event> | Event)[] = [];
  for (const output of outputs) {
    if (isDeparture(output)) {
      const { to, seq } = output;
      const { bytes, event } = output.leave(now);
      output.left(now.monotonicMs);
      left.push({ type: "transmit", to, bytes, seq, of: output }, event);
    } else {
      left.push(output);
    }
  }
  return left;
}
