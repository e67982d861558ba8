/**
 * The one loop: drives a state machine, the server's as the client's, over a real socket in real time.
 *
 * @module
 */

import type { Instant, Machine, Output, Transmit } from "../heartbeat/machine.ts";
import { MAX_DATAGRAM_BYTES } from "../wire/grammar.ts";
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
  /** Is told all that happens. */
  readonly report: (event: Event) => void;
  /** Aborted when the machine is to stop. */
  readonly stop: AbortSignal;
}

// A timer can't be set for longer (2^31 - 1 ms, about 24 days).
const LONGEST_TIMER_MS = 0x7fffffff;
// A socket that fails again and again must not occupy the processor.
const PAUSE_AFTER_FAILURE_MS = 10;

/**
 * Drives a machine until it has finished.
 *
 * Each input - a datagram, a timer, the wish to stop - changes the machine once; then all that comes out of it
 * is done, and the timer is set for the moment at which it next wants to act.
 */
export async function drive<Event extends { readonly type: string }>(
  { machine, socket, readClocks, report, stop }: Drive<Event>,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerAtMs: number | undefined;

  // Nothing is awaited between two outputs, so that reports keep the order in which things happened.
  async function perform(outputs: Output<Event>[]): Promise<void> {
    const sends: Promise<void>[] = [];
    for (const output of outputs) {
      if (isTransmit(output)) sends.push(send(output));
      else report(output);
    }
    await Promise.all(sends);
  }

  async function send(transmit: Transmit): Promise<void> {
    try {
      await socket.send(transmit.bytes, transmit.to);
    } catch (error) {
      await perform(machine.sendFailed(transmit, reasonOf(error)));
    }
  }

  function settle(): void {
    if (machine.finished) {
      clearTimeout(timer);
      return socket.close();
    }
    const { wakeAtMs } = machine;
    // Setting a timer costs as much as answering a heartbeat, and few inputs change the machine's wish.
    if (wakeAtMs === timerAtMs) return;
    clearTimeout(timer);
    timerAtMs = wakeAtMs;
    if (wakeAtMs === undefined) return;
    const delayMs = Math.max(0, wakeAtMs - readClocks().monotonicMs);
    timer = setTimeout(onTimer, Math.min(delayMs, LONGEST_TIMER_MS));
  }

  async function onTimer(): Promise<void> {
    timerAtMs = undefined;
    await perform(machine.advance(readClocks()));
    settle();
  }

  async function onStop(): Promise<void> {
    await perform(machine.stop(readClocks()));
    settle();
  }

  async function receiveAll(): Promise<void> {
    // One byte more than the longest good datagram tells a longer one, which the system cuts without a word.
    const buffer = new Uint8Array(MAX_DATAGRAM_BYTES + 1);
    while (!machine.finished) {
      const received = await socket.receive(buffer).catch(reasonOf);
      if (machine.finished) return;
      if (typeof received === "string") {
        await perform(machine.receiveFailed(received));
        await new Promise((resume) => setTimeout(resume, PAUSE_AFTER_FAILURE_MS));
      } else {
        await perform(machine.receive(received.bytes, received.from, readClocks()));
      }
      settle();
    }
  }

  stop.addEventListener("abort", onStop, { once: true });
  const receiving = receiveAll();
  await (stop.aborted ? onStop() : onTimer());
  await receiving;
  stop.removeEventListener("abort", onStop);
}

function isTransmit<Event extends { readonly type: string }>(
  output: Output<Event>,
): output is Transmit {
  return output.type === "transmit";
}
