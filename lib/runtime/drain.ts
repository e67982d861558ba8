/**
 * Takes all datagrams that wait in one call, and answers them in another: what libc adds to a
 * server's loop.
 *
 * @module
 */

import {
  type Instant,
  isTransmit,
  type Machine,
  type Output,
  type Transmit,
} from "../machine/machine.ts";
import type { NativeSocket } from "../native/native_socket.ts";

/** At most this many batches are taken before the alarms get their turn: a millisecond of work. */
const MOST_BATCHES = 4;

/** What the loop does with what comes of a batch. */
export interface Draining<Event> {
  /** The state machine. */
  readonly machine: Machine<Event>;
  /** Reads both clocks. */
  readonly readClocks: () => Instant;
  /** Carries out what is no reply. */
  readonly perform: (outputs: Output<Event>[], now: Instant) => Promise<void>;
  /** Sends a reply that libc did not take, by Deno, which waits or says why. */
  readonly sendByDeno: (reply: Transmit, bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
}

/** Hands what waits to the machine, and sends its replies together. */
export async function drain<Event extends { readonly type: string }>(
  native: NativeSocket,
  { machine, readClocks, perform, sendByDeno }: Draining<Event>,
): Promise<void> {
  const replies: Transmit[] = [];
  const flush = async () => {
    const count = replies.length;
    // Bytes that did not leave are copied: while Deno sends them, others are put in their places.
    for (let sent = native.flush(); sent < count; sent++) {
      await sendByDeno(replies[sent]!, native.outgoing(sent).slice());
    }
    replies.length = 0;
  };
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    const waiting = native.read();
    // Read once for all: it costs as much as to read a heartbeat, and how long each had waited is
    // known all the same.
    const now = readClocks();
    for (let i = 0; i < waiting && !machine.finished; i++) {
      const waitedMs = native.waitedMsOf(i, now.monotonicMs);
      const outputs = machine.receive(native.bytes(i), native.from(i), now, waitedMs);
      let replied = 0;
      for (const output of outputs) {
        if (!isTransmit(output)) break;
        if (native.isFull) await flush();
        if (native.put(output.bytes, output.to)) replies.push(output);
        else await sendByDeno(output, output.bytes);
        replied++;
      }
      if (replied < outputs.length) await perform(outputs.slice(replied), now);
    }
    await flush();
    if (waiting < native.batch) return;
  }
}
