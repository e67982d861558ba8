/**
 * The one loop: drives a state machine, the server's or the client's, over real sockets in real
 * time.
 *
 * @module
 */

import {
  type Departure,
  type Instant,
  isDeparture,
  isTransmit,
  type Machine,
  type Output,
  type Transmit,
} from "../machine/machine.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { MAX_DATAGRAM_BYTES } from "../wire/grammar.ts";
import { type Alarm, openAlarm } from "./alarm.ts";
import { drain, type Draining } from "./drain.ts";
import { reasonOf } from "./reason.ts";
import { sendFailureOf } from "./send_failure.ts";
import type { Socket } from "./socket.ts";

/** A machine, and its connections to the world. */
export interface Drive<Event extends { readonly type: string }> {
  /** The state machine. */
  readonly machine: Machine<Event>;
  /**
   * Its sockets, which the loop closes when the machine has finished. An answer leaves by the one
   * that its question came by, all else by one of its address family, to one endpoint always the
   * same.
   */
  readonly sockets: readonly [Socket, ...Socket[]];
  /** Reads both clocks of this machine. */
  readonly readClocks: () => Instant;
  /** Takes each event with its moment: that of the input it came from, or of its departure. */
  readonly report: (event: Event, now: Instant) => void;
  /** Whether the machine needs its alarms within some tenths of a millisecond. */
  readonly precise?: boolean;
  /** Aborted when the machine is to stop. */
  readonly stop: AbortSignal;
  /** Takes what has the machine advance at once: for inputs that come by no socket. */
  readonly onReady?: (advance: () => void) => void;
}

/**
 * Drives a machine until it has finished.
 *
 * Each input (a datagram, an alarm, the wish to stop) changes the machine once. Then the loop
 * carries out all outputs, and sets the alarm for the moment at which the machine next wants to
 * act.
 */
export async function drive<Event extends { readonly type: string }>(
  options: Drive<Event>,
): Promise<void> {
  const driver = new Driver(options);
  options.onReady?.(() => driver.advance());
  await driver.run();
}

// A socket that fails again and again must not occupy the processor. One failure is passed over
// at once: some systems report so that an earlier datagram was refused, or that one was too long.
const LONGEST_PAUSE_MS = 10;

/** Windows' WSAEMSGSIZE; other systems cut a datagram that is longer than the buffer. */
const TOO_LONG = /\(os error 10040\)/;

class Driver<Event extends { readonly type: string }> {
  readonly #machine: Machine<Event>;
  readonly #sockets: readonly Socket[];
  readonly #ipv4: readonly Socket[];
  readonly #ipv6: readonly Socket[];
  readonly #readClocks: () => Instant;
  readonly #report: (event: Event, now: Instant) => void;
  readonly #stop: AbortSignal;
  readonly #alarm: Alarm;
  readonly #draining: Draining<Event>;
  #alarmAtMs: number | undefined;
  #advancing = false;

  constructor({ machine, sockets, readClocks, report, stop, precise = false }: Drive<Event>) {
    this.#machine = machine;
    this.#sockets = sockets;
    this.#ipv4 = ofFamily(4, sockets);
    this.#ipv6 = ofFamily(6, sockets);
    this.#readClocks = readClocks;
    this.#report = report;
    this.#stop = stop;
    this.#alarm = openAlarm(precise, () => this.advance());
    this.#draining = {
      machine,
      readClocks,
      perform: (outputs, now) => this.#perform(outputs, now),
      sendByDeno: (reply, bytes) => this.#sendByDeno(reply, bytes),
    };
  }

  async run(): Promise<void> {
    const onStop = () => this.#halt();
    this.#stop.addEventListener("abort", onStop, { once: true });
    const receiving = Promise.all(this.#sockets.map((socket) => this.#receiveAll(socket)));
    await (this.#stop.aborted ? this.#halt() : this.advance());
    await receiving;
    this.#stop.removeEventListener("abort", onStop);
  }

  async advance(): Promise<void> {
    this.#alarmAtMs = undefined;
    // The sends of the last alarm must have left first, so that the sends under way stay few.
    if (this.#advancing) return;
    this.#advancing = true;
    const now = this.#readClocks();
    await this.#perform(this.#machine.advance(now), now);
    this.#advancing = false;
    this.#settle();
  }

  async #halt(): Promise<void> {
    const now = this.#readClocks();
    await this.#perform(this.#machine.stop(now), now);
    this.#settle();
  }

  async #receiveAll(socket: Socket): Promise<void> {
    const machine = this.#machine;
    // Unix silently cuts a longer datagram. One byte more than the longest good one shows that.
    const buffer = new Uint8Array(MAX_DATAGRAM_BYTES + 1);
    let failures = 0;
    while (!machine.finished) {
      let received: Awaited<ReturnType<Socket["receive"]>>;
      try {
        received = await socket.receive(buffer);
      } catch (error) {
        if (machine.finished) return;
        const tooLong = TOO_LONG.test(String(error));
        const outputs = machine.receiveFailed(reasonOf(error), tooLong);
        await this.#perform(outputs, this.#readClocks());
        // A datagram that is too long has come: nothing is broken.
        if (!tooLong && ++failures > 1) {
          const pauseMs = Math.min(2 ** (failures - 2), LONGEST_PAUSE_MS);
          await new Promise((resume) => setTimeout(resume, pauseMs));
        }
        this.#settle();
        continue;
      }
      failures = 0;
      if (machine.finished) return;
      const [bytes, from] = received;
      const { native } = socket;
      const now = this.#readClocks();
      const waitedMs = native?.waitedMs(now.monotonicMs);
      const outputs = machine.receive(bytes, from, now, waitedMs);
      const [reply] = outputs;
      if (reply !== undefined && isTransmit(reply)) await this.#answer(socket, reply, outputs, now);
      else await this.#perform(outputs, now);
      if (native !== undefined) await drain(native, this.#draining);
      this.#settle();
    }
  }

  /**
   * The fast path of `#perform`, for outputs that begin with a reply: all of a server's heartbeats
   * come this way, and each promise fewer saves 2% of their cost.
   *
   * It returns when the reply has left. So only one reply is under way at a time, and no datagram
   * overwrites its bytes.
   */
  async #answer(
    socket: Socket,
    reply: Transmit,
    outputs: Output<Event>[],
    now: Instant,
  ): Promise<void> {
    const left = socket.native?.sendNow(reply.bytes, reply.to) ?? false;
    const leaving = left ? undefined : socket.send(this.#kept(reply.bytes), reply.to);
    const others = outputs.length > 1 ? this.#perform(outputs.slice(1), now) : undefined;
    try {
      await leaving;
    } catch (error) {
      await this.#sendFailed(reply, error);
    }
    if (others !== undefined) await others;
  }

  /**
   * Carries out outputs. It awaits nothing between two of them, so that reports keep their order.
   */
  async #perform(outputs: Output<Event>[], now: Instant): Promise<void> {
    const sends: Promise<void>[] = [];
    for (const output of outputs) {
      if (isTransmit(output)) sends.push(this.#send(output, output.bytes));
      else if (isDeparture(output)) sends.push(this.#depart(output));
      else this.#report(output, now);
    }
    await Promise.all(sends);
  }

  /** Completes a datagram and sends it; its event has the moment that stands in the datagram. */
  #depart(departure: Departure<Event>): Promise<void> {
    const now = this.#readClocks();
    const { bytes, event } = departure.leave(now);
    departure.left(this.#readClocks().monotonicMs);
    const leaving = this.#send(departure, bytes);
    this.#report(event, now);
    return leaving;
  }

  async #send(
    output: Transmit | Departure<Event>,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<void> {
    const { native } = this.#socketTo(output.to);
    if (!native?.sendNow(bytes, output.to)) await this.#sendByDeno(output, bytes);
  }

  async #sendByDeno(output: Transmit | Departure<Event>, bytes: Uint8Array): Promise<void> {
    try {
      await this.#socketTo(output.to).send(this.#kept(bytes), output.to);
    } catch (error) {
      await this.#sendFailed(output, error);
    }
  }

  /**
   * Bytes that stay as they are until they have left: while one socket waits for room, what comes
   * by the other may overwrite them.
   */
  #kept(bytes: Uint8Array): Uint8Array {
    return this.#sockets.length === 1 ? bytes : bytes.slice();
  }

  #socketTo({ hostname, port }: Endpoint): Socket {
    const sockets = hostname.includes(":") ? this.#ipv6 : this.#ipv4;
    if (sockets.length === 1) return sockets[0]!;
    const { length } = hostname;
    // Neighbours differ in their last digits.
    const number = 7 * hostname.charCodeAt(length - 1) + hostname.charCodeAt(length - 2) + port;
    return sockets[number % sockets.length]!;
  }

  async #sendFailed(output: Transmit | Departure<Event>, error: unknown): Promise<void> {
    await this.#perform(
      this.#machine.sendFailed(output, sendFailureOf(error, output.to)),
      this.#readClocks(),
    );
  }

  #settle(): void {
    const { finished, wakeAtMs } = this.#machine;
    if (finished) {
      this.#alarm.close();
      for (const socket of this.#sockets) socket.close();
      return;
    }
    // Setting an alarm costs as much as answering a heartbeat, and few inputs change the wish.
    if (wakeAtMs === this.#alarmAtMs) return;
    this.#alarmAtMs = wakeAtMs;
    const { monotonicMs } = this.#readClocks();
    this.#alarm.set(wakeAtMs === undefined ? undefined : wakeAtMs - monotonicMs);
  }
}

/** The sockets of an address family; where it has none, all, which then say what is wrong. */
function ofFamily(family: 4 | 6, sockets: readonly Socket[]): readonly Socket[] {
  const own = sockets.filter(({ local }) => local.hostname.includes(":") === (family === 6));
  return own.length > 0 ? own : sockets;
}
