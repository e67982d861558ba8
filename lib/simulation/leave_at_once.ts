/**
 * Sending without a loop: in virtual time, nothing passes between a machine's decision to send and
 * the send.
 *
 * @module
 */

import { type Instant, isDeparture, type Output, type Transmit } from "../machine/machine.ts";

/**
 * Completes the heartbeats among the outputs of a machine: each becomes its datagram and the event
 * about it.
 */
export function leaveAtOnce<Event extends { readonly type: string }>(
  outputs: readonly Output<Event>[],
  now: Instant,
): (Transmit | Event)[] {
  const left: (Transmit | Event)[] = [];
  for (const output of outputs) {
    if (isDeparture(output)) {
      const { to, seq } = output;
      const { bytes, event } = output.leave(now);
      output.left(now.monotonicMs);
      left.push({ type: "transmit", to, bytes, seq }, event);
    } else {
      left.push(output);
    }
  }
  return left;
}
