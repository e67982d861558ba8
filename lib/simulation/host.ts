/**
 * A server in the simulated network: its machine, and the ways to it and back.
 *
 * @module
 */

import { Link, type LinkOptions } from "../impairment/link.ts";
import type { LossModel } from "../impairment/loss.ts";
import { derivedRandom } from "../impairment/random.ts";
import type { Machine, Output } from "../machine/machine.ts";
import type { ResponderEvent } from "../responder/events.ts";
import { Responder } from "../responder/responder.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { type Period, Periods } from "./periods.ts";
import { PlainServer } from "./plain_server.ts";
import { type ClockFaults, VirtualClock } from "./virtual_clock.ts";
import { Way } from "./way.ts";

/** A server, and what is wrong with it and with the path to it. */
export interface HostOptions {
  /** Whether it is as the source document has it, and remembers nothing; left out: it is ours. */
  readonly plain?: boolean | undefined;
  /** Which heartbeats it drops; none when left out. */
  readonly serverLoss?: LossModel | undefined;
  /** The way from the client to it. */
  readonly forward?: LinkOptions | undefined;
  /** The way back. */
  readonly backward?: LinkOptions | undefined;
  /** Its clocks; what arrives while its machine sleeps is lost. */
  readonly serverClock?: ClockFaults | undefined;
  /** When nothing passes between it and the client. */
  readonly partitions?: readonly Period[] | undefined;
  /** When it isn't running: datagrams that reach it are lost, and it starts anew afterwards. */
  readonly serverDown?: readonly Period[] | undefined;
}

/** A server in a simulated network. */
export class Host {
  /** Where it listens. */
  readonly endpoint: Endpoint;
  /** The way to it. */
  readonly forward: Way;
  /** The way back. */
  readonly backward: Way;
  /** When an entry in the world's queue wakes it, true time; `Infinity`: none does. */
  queuedAtMs: number = Infinity;
  readonly #options: HostOptions;
  readonly #clock: VirtualClock;
  readonly #partitions: Periods;
  readonly #down: Periods;
  readonly #asleep: Periods;
  #machine: Machine<ResponderEvent>;
  #wasDown = false;

  /** Makes a server that runs; `seed` repeats the accidents of its ways. */
  constructor(endpoint: Endpoint, options: HostOptions, seed: number) {
    this.endpoint = endpoint;
    this.#options = options;
    this.#clock = new VirtualClock(options.serverClock);
    this.#partitions = new Periods(options.partitions);
    this.#down = new Periods(options.serverDown);
    this.#asleep = new Periods(options.serverClock?.sleeps);
    this.forward = new Way(new Link(options.forward ?? {}, derivedRandom(seed, 1)));
    this.backward = new Way(new Link(options.backward ?? {}, derivedRandom(seed, 2)));
    this.#machine = this.#start();
  }

  /** Whether nothing passes between it and the client at a moment of true time. */
  isCutOff(atMs: number): boolean {
    return this.#partitions.cover(atMs);
  }

  /** When it wants to act, true time; `Infinity`: it waits for datagrams only. */
  get wakeAtMs(): number {
    const { wakeAtMs } = this.#machine;
    return wakeAtMs === undefined ? Infinity : this.#clock.trueMs(wakeAtMs);
  }

  /** True time has passed. */
  advance(atMs: number): Output<ResponderEvent>[] {
    return this.#machine.advance(this.#clock.read(atMs));
  }

  /** A datagram arrives at a moment of true time. */
  receive(bytes: Uint8Array, from: Endpoint, atMs: number): Output<ResponderEvent>[] {
    if (this.#asleep.cover(atMs)) return [];
    if (this.#down.cover(atMs)) {
      this.#wasDown = true;
      return [];
    }
    if (this.#wasDown) {
      this.#machine = this.#start();
      this.#wasDown = false;
    }
    return this.#machine.receive(bytes, from, this.#clock.read(atMs));
  }

  #start(): Machine<ResponderEvent> {
    const { plain = false, serverLoss: loss = () => false } = this.#options;
    return plain ? new PlainServer(loss) : new Responder({ loss });
  }
}
