/**
 * The one loop: drives a state machine, the server's as the client's, over a real socket in real time.
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
import { MAX_DATAGRAM_BYTES } from "../wire/grammar.ts";
import { openAlarm } from "./alarm.ts";
import { reasonOf } from "./reason.ts";
import type { Socket } from "./socket.ts";

/** What a machine needs of the world. */
export interface Drive<Event extends { readonly type: string }> {
  /** The state machine. */
  readonly machine: Machine<Event>;
  /** Its socket, which is closed when the machine has finished. */
  readonly socket: Socket;
  /** Both clocks of this machine. */
  readonly readClocks: () => Instant;
  /** Takes each event with its moment: the one that the machine was given when the event came out of it. */
  readonly report: (event: Event, now: Instant) => void;
  /** Whether the machine has to be woken within some tenths of a millisecond. */
  readonly precise?: boolean;
  /** Aborted when the machine is to stop. */
  readonly stop: AbortSignal;
}

// A socket that fails again and again must not occupy the processor.
const PAUSE_AFTER_FAILURE_MS = 10;

/**
 * Drives a machine until it has finished.
 *
 * Each input - a datagram, a timer, the wish to stop - changes the machine once; then all that comes out of it
 * is done, and the timer is set for the moment at which it next wants to act.
 */
export async function drive<Event extends { readonly type: string }>(
  { machine, socket, readClocks, report, stop, precise = false }: Drive<Event>,
): Promise<void> {
  const alarm = openAlarm(precise, onAlarm);
  let alarmAtMs: number | undefined;
  let advancing = false;

  // Nothing is awaited between two outputs, so that reports keep the order in which things happened.
  async function perform(outputs: Output<Event>[], now: Instant): Promise<void> {
    const sends: Promise<void>[] = [];
    for (const output of outputs) {
      if (isTransmit(output)) sends.push(send(output));
      else report(output, now);
    }
    await Promise.all(sends);
  }

  async function send(transmit: Transmit): Promise<void> {
    try {
      await socket.send(transmit.bytes, transmit.to);
    } catch (error) {
      await perform(machine.sendFailed(transmit, reasonOf(error)), readClocks());
    }
  }

  function settle(): void {
    if (machine.finished) {
      alarm.close();
      return socket.close();
    }
    const { wakeAtMs } = machine;
    // Setting an alarm costs as much as answering a heartbeat, and few inputs change the machine's wish.
    if (wakeAtMs === alarmAtMs) return;
    alarmAtMs = wakeAtMs;
    alarm.set(wakeAtMs === undefined ? undefined : wakeAtMs - readClocks().monotonicMs);
  }

  async function onAlarm(): Promise<void> {
    alarmAtMs = undefined;
    // What the last alarm sent must have left first, so that the sends under way stay few.
    if (advancing) return;
    advancing = true;
    const now = readClocks();
    await perform(machine.advance(now), now);
    advancing = false;
    settle();
  }

  async function onStop(): Promise<void> {
    const now = readClocks();
    await perform(machine.stop(now), now);
    settle();
  }

  async function receiveAll(): Promise<void> {
    // One byte more than the longest good datagram tells a longer one, which the system cuts without a word.
    const buffer = new Uint8Array(MAX_DATAGRAM_BYTES + 1);
    while (!machine.finished) {
      let received: Awaited<ReturnType<Socket["receive"]>>;
      try {
        received = await socket.receive(buffer);
      } catch (error) {
        if (machine.finished) return;
        await perform(machine.receiveFailed(reasonOf(error)), readClocks());
        await new Promise((resume) => setTimeout(resume, PAUSE_AFTER_FAILURE_MS));
        settle();
        continue;
      }
      if (machine.finished) return;
      const [bytes, from] = received;
      const now = readClocks();
      const outputs = machine.receive(bytes, from, now);
      const [reply] = outputs;
      if (reply === undefined || !isTransmit(reply)) {
        await perform(outputs, now);
      } else {
        // A server's heartbeats all come this way, and each promise that is not made is 2% of their cost.
        const leaving = socket.send(reply.bytes, reply.to);
        const telling = outputs.length > 1 ? perform(outputs.slice(1), now) : undefined;
        try {
          // The next datagram waits until the reply has left: one is under way at a time, and its bytes stay.
          await leaving;
        } catch (error) {
          await perform(machine.sendFailed(reply, reasonOf(error)), readClocks());
        }
        if (telling !== undefined) await telling;
      }
      settle();
    }
  }

  stop.addEventListener("abort", onStop, { once: true });
  const receiving = receiveAll();
  await (stop.aborted ? onStop() : onAlarm());
  await receiving;
  stop.removeEventListener("abort", onStop);
}
