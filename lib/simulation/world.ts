/**
 * A client, a server and the network between them, in virtual time.
 *
 * The monitor and the responder are those that ship; only sockets and clocks are simulated. A day
 * of network takes about a second, and its seed repeats it.
 *
 * @module
 */

import { type Arrival, Link, type LinkOptions } from "../impairment/link.ts";
import type { LossModel } from "../impairment/loss.ts";
import { derivedRandom } from "../impairment/random.ts";
import type { Machine, Output } from "../machine/machine.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import type { MonitorOptions } from "../monitor/options.ts";
import { SoloMonitor } from "../monitor/solo_monitor.ts";
import { Responder } from "../responder/responder.ts";
import type { ResponderEvent } from "../responder/events.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { DueQueue } from "../machine/due_queue.ts";
import { leaveAtOnce } from "./leave_at_once.ts";
import { type ClockFaults, VirtualClock } from "./virtual_clock.ts";

/** A stretch of true time, milliseconds, without its end; left out, it has no end. */
export interface Period {
  /** When it begins. */
  readonly fromMs: number;
  /** When it ends. */
  readonly untilMs?: number;
}

/** All inputs of a run. */
export interface WorldOptions {
  /** Repeats the network's accidents. */
  readonly seed: number;
  /** How the client monitors; its target is the simulated server. */
  readonly monitor: Omit<MonitorOptions, "target">;
  /** Which heartbeats the server drops; none when left out. */
  readonly serverLoss?: LossModel | undefined;
  /** The way from the client to the server. */
  readonly forward?: LinkOptions | undefined;
  /** The way back. */
  readonly backward?: LinkOptions | undefined;
  /** The client's clocks. */
  readonly clientClock?: ClockFaults | undefined;
  /** The server's clocks. */
  readonly serverClock?: ClockFaults | undefined;
  /** When nothing passes between the two. */
  readonly partitions?: readonly Period[] | undefined;
  /**
   * When the server isn't running: datagrams that reach it are lost, and it starts anew afterwards.
   */
  readonly serverDown?: readonly Period[] | undefined;
  /** When the client is told to stop, true time; never when left out. */
  readonly stopAtMs?: number | undefined;
  /** Takes the client's events, with true time. */
  readonly onClientEvent?: ((event: MonitorEvent, atMs: number) => void) | undefined;
  /** Takes the server's events, with true time. */
  readonly onServerEvent?: ((event: ResponderEvent, atMs: number) => void) | undefined;
}

/** The truth about a run, to hold the client's figures against. */
export interface Truth {
  /** Datagrams that entered the way to the server. */
  readonly forwardSent: number;
  /** Datagrams that were lost on the way to the server. */
  readonly forwardLost: number;
  /** Copies that the way to the server made. */
  readonly forwardDuplicated: number;
  /** Datagrams that entered the way back. */
  readonly backwardSent: number;
  /** Datagrams that were lost on the way back. */
  readonly backwardLost: number;
  /** Copies that the way back made. */
  readonly backwardDuplicated: number;
  /** When the run ended, true time. */
  readonly endedAtMs: number;
}

/** The simulated client's address. */
export const CLIENT: Endpoint = { hostname: "192.0.2.1", port: 50000 };

/** The simulated server's address. */
export const SERVER: Endpoint = { hostname: "192.0.2.2", port: 12000 };

interface Delivery {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly toServer: boolean;
}

/** Runs a world until its client has finished, and returns the client and the truth. */
export function runWorld(options: WorldOptions): { monitor: SoloMonitor; truth: Truth } {
  const world = new World(options);
  world.run();
  return { monitor: world.monitor, truth: world.truth() };
}

class World {
  readonly monitor: SoloMonitor;
  readonly #options: WorldOptions;
  readonly #clientClock: VirtualClock;
  readonly #serverClock: VirtualClock;
  readonly #forward: Way;
  readonly #backward: Way;
  readonly #partitions: Periods;
  readonly #serverDown: Periods;
  readonly #queue = new DueQueue<Delivery>();
  #responder: Responder;
  #serverWasDown = false;
  #nowMs = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#partitions = new Periods(options.partitions);
    this.#serverDown = new Periods(options.serverDown);
    this.monitor = new SoloMonitor({ ...options.monitor, target: SERVER });
    this.#responder = this.#startResponder();
    this.#clientClock = new VirtualClock(options.clientClock);
    this.#serverClock = new VirtualClock(options.serverClock);
    this.#forward = new Way(new Link(options.forward ?? {}, derivedRandom(options.seed, 1)));
    this.#backward = new Way(new Link(options.backward ?? {}, derivedRandom(options.seed, 2)));
  }

  run(): void {
    const { monitor } = this;
    const stopAtMs = this.#options.stopAtMs ?? Infinity;
    while (!monitor.finished) {
      const wakeAtMs = this.#wakeAtMs(monitor, this.#clientClock);
      const serverWakeAtMs = this.#wakeAtMs(this.#responder, this.#serverClock);
      const deliverAtMs = this.#queue.nextAtMs;
      this.#nowMs = Math.max(
        this.#nowMs,
        Math.min(deliverAtMs, wakeAtMs, serverWakeAtMs, stopAtMs),
      );
      // Arrivals come first: the monitor decides about a reply that arrives as its timeout ends.
      if (deliverAtMs <= this.#nowMs) this.#deliver(this.#queue.take()!);
      else if (stopAtMs <= this.#nowMs) this.#client(monitor.stop(this.#clientNow()));
      else if (wakeAtMs <= this.#nowMs) this.#client(monitor.advance(this.#clientNow()));
      else this.#server(this.#responder.advance(this.#serverClock.read(this.#nowMs)));
    }
  }

  truth(): Truth {
    return {
      forwardSent: this.#forward.sent,
      forwardLost: this.#forward.lost,
      forwardDuplicated: this.#forward.duplicated,
      backwardSent: this.#backward.sent,
      backwardLost: this.#backward.lost,
      backwardDuplicated: this.#backward.duplicated,
      endedAtMs: this.#nowMs,
    };
  }

  #wakeAtMs(machine: Machine<unknown>, clock: VirtualClock): number {
    return machine.wakeAtMs === undefined ? Infinity : clock.trueMs(machine.wakeAtMs);
  }

  #clientNow() {
    return this.#clientClock.read(this.#nowMs);
  }

  #deliver({ bytes, toServer }: Delivery): void {
    if (!toServer) return this.#client(this.monitor.receive(bytes, SERVER, this.#clientNow()));
    if (this.#serverDown.cover(this.#nowMs)) {
      this.#serverWasDown = true;
      return;
    }
    if (this.#serverWasDown) {
      this.#responder = this.#startResponder();
      this.#serverWasDown = false;
    }
    const now = this.#serverClock.read(this.#nowMs);
    this.#server(this.#responder.receive(bytes, CLIENT, now));
  }

  #startResponder(): Responder {
    return new Responder({ loss: this.#options.serverLoss ?? (() => false) });
  }

  #client(outputs: Output<MonitorEvent>[]): void {
    for (const output of leaveAtOnce(outputs, this.#clientNow())) {
      if (output.type === "transmit") this.#carry(output.bytes, this.#forward, true);
      else this.#options.onClientEvent?.(output, this.#nowMs);
    }
  }

  #server(outputs: Output<ResponderEvent>[]): void {
    for (const output of outputs) {
      if (output.type === "transmit") this.#carry(output.bytes, this.#backward, false);
      else if (output.type !== "departure") this.#options.onServerEvent?.(output, this.#nowMs);
    }
  }

  #carry(bytes: Uint8Array<ArrayBuffer>, way: Way, toServer: boolean): void {
    if (this.#partitions.cover(this.#nowMs)) return way.cut();
    for (const arrival of way.carry(this.#nowMs)) {
      this.#queue.add(arrival.atMs, { bytes: corrupt(bytes, arrival), toServer });
    }
  }
}

/** A link that counts what it does. */
class Way {
  sent = 0;
  lost = 0;
  duplicated = 0;
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  carry(nowMs: number): Arrival[] {
    const arrivals = this.#link.carry(nowMs);
    this.sent++;
    if (arrivals.length === 0) this.lost++;
    if (arrivals.length > 1) this.duplicated++;
    return arrivals;
  }

  cut(): void {
    this.sent++;
    this.lost++;
  }
}

function corrupt(bytes: Uint8Array<ArrayBuffer>, arrival: Arrival): Uint8Array<ArrayBuffer> {
  if (arrival.corrupted === undefined || bytes.length === 0) return bytes.slice();
  const { position, by } = arrival.corrupted;
  const changed = bytes.slice();
  const place = Math.floor(position * bytes.length);
  changed[place] = (changed[place]! + by) & 0xff;
  return changed;
}

/** Tells whether a moment lies in one of many periods; moments never go back. */
class Periods {
  readonly #periods: readonly Period[];
  #next = 0;

  constructor(periods: readonly Period[] = []) {
    this.#periods = periods.toSorted((a, b) => a.fromMs - b.fromMs);
  }

  cover(atMs: number): boolean {
    while ((this.#periods[this.#next]?.untilMs ?? Infinity) <= atMs) this.#next++;
    return (this.#periods[this.#next]?.fromMs ?? Infinity) <= atMs;
  }
}
