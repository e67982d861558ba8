/**
 * A client, a server and the network between them, in virtual time.
 *
 * The monitor and the responder are those that ship; only sockets and clocks are simulated. A day
 * of network takes about a second, and its seed repeats it.
 *
 * @module
 */

import { Link, type LinkOptions } from "../impairment/link.ts";
import type { LossModel } from "../impairment/loss.ts";
import { derivedRandom } from "../impairment/random.ts";
import type { Machine, Output, Transmit } from "../machine/machine.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import type { MonitorOptions } from "../monitor/options.ts";
import { SoloMonitor } from "../monitor/solo_monitor.ts";
import { Responder } from "../responder/responder.ts";
import type { ResponderEvent } from "../responder/events.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { DueQueue } from "../tables/due_queue.ts";
import { leaveAtOnce } from "./leave_at_once.ts";
import { type Period, Periods } from "./periods.ts";
import { type ClockFaults, VirtualClock } from "./virtual_clock.ts";
import { corrupt, Way } from "./way.ts";

/** When sends fail, and whose fault that is. */
export interface SendFault extends Period {
  /** Whether the system says that the host can't be reached; left out: a fault of its own. */
  readonly hostUnreachable?: boolean;
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
  /** The client's clocks; what arrives while its machine sleeps is lost. */
  readonly clientClock?: ClockFaults | undefined;
  /** The server's clocks; what arrives while its machine sleeps is lost. */
  readonly serverClock?: ClockFaults | undefined;
  /** When nothing passes between the two. */
  readonly partitions?: readonly Period[] | undefined;
  /**
   * When the server isn't running: datagrams that reach it are lost, and it starts anew afterwards.
   */
  readonly serverDown?: readonly Period[] | undefined;
  /** When the client's machine can't send. */
  readonly unsent?: readonly SendFault[] | undefined;
  /** When the client's machine stands still: what arrives waits in its socket. */
  readonly standstills?: readonly Required<Period>[] | undefined;
  /**
   * When the client gets another port, true time: a network address translator does that. Replies
   * reach it all the same.
   */
  readonly clientMovesAtMs?: readonly number[] | undefined;
  /** How many clients run, one after the other, from the same address and port; left out: one. */
  readonly clientRuns?: number | undefined;
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
  /** The client that it comes from; `undefined`: it comes from the server. */
  readonly from: Endpoint | undefined;
}

/** Runs a world until its last client has finished, and returns that client and the truth. */
export function runWorld(options: WorldOptions): { monitor: SoloMonitor; truth: Truth } {
  const world = new World(options);
  world.run();
  return { monitor: world.monitor, truth: world.truth() };
}

class World {
  monitor: SoloMonitor;
  readonly #options: WorldOptions;
  readonly #clientClock: VirtualClock;
  readonly #serverClock: VirtualClock;
  readonly #forward: Way;
  readonly #backward: Way;
  readonly #partitions: Periods;
  readonly #serverDown: Periods;
  readonly #unsent: Periods<SendFault>;
  readonly #standstills: Periods<Required<Period>>;
  readonly #clientAsleep: Periods;
  readonly #serverAsleep: Periods;
  readonly #queue = new DueQueue<Delivery>();
  #responder: Responder;
  #serverWasDown = false;
  #runsLeft: number;
  #nowMs = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#partitions = new Periods(options.partitions);
    this.#serverDown = new Periods(options.serverDown);
    this.#unsent = new Periods(options.unsent);
    this.#standstills = new Periods(options.standstills);
    this.#clientAsleep = new Periods(options.clientClock?.sleeps);
    this.#serverAsleep = new Periods(options.serverClock?.sleeps);
    this.#runsLeft = (options.clientRuns ?? 1) - 1;
    this.monitor = this.#startMonitor();
    this.#responder = this.#startResponder();
    this.#clientClock = new VirtualClock(options.clientClock);
    this.#serverClock = new VirtualClock(options.serverClock);
    this.#forward = new Way(new Link(options.forward ?? {}, derivedRandom(options.seed, 1)));
    this.#backward = new Way(new Link(options.backward ?? {}, derivedRandom(options.seed, 2)));
  }

  run(): void {
    const stopAtMs = this.#options.stopAtMs ?? Infinity;
    for (;;) {
      if (this.monitor.finished) {
        if (this.#runsLeft-- === 0) return;
        this.monitor = this.#startMonitor();
      }
      const { monitor } = this;
      const wakeAtMs = this.#clientWakeAtMs();
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

  #clientWakeAtMs(): number {
    const wakeAtMs = this.#wakeAtMs(this.monitor, this.#clientClock);
    return wakeAtMs === Infinity ? Infinity : this.#resumedAtMs(Math.max(wakeAtMs, this.#nowMs));
  }

  /** The first moment from this one on at which the client's machine runs. */
  #resumedAtMs(atMs: number): number {
    for (;;) {
      const pause = this.#standstills.covering(atMs) ?? this.#clientAsleep.covering(atMs);
      if (pause === undefined) return atMs;
      atMs = pause.untilMs!;
    }
  }

  #clientNow() {
    return this.#clientClock.read(this.#nowMs);
  }

  #deliver({ bytes, from }: Delivery): void {
    if (from === undefined) return this.#deliverToClient(bytes);
    if (this.#serverAsleep.cover(this.#nowMs)) return;
    if (this.#serverDown.cover(this.#nowMs)) {
      this.#serverWasDown = true;
      return;
    }
    if (this.#serverWasDown) {
      this.#responder = this.#startResponder();
      this.#serverWasDown = false;
    }
    const now = this.#serverClock.read(this.#nowMs);
    this.#server(this.#responder.receive(bytes, from, now));
  }

  #deliverToClient(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#clientAsleep.cover(this.#nowMs)) return;
    if (this.#standstills.cover(this.#nowMs)) {
      this.#queue.add(this.#resumedAtMs(this.#nowMs), { bytes, from: undefined });
    } else {
      this.#client(this.monitor.receive(bytes, SERVER, this.#clientNow()));
    }
  }

  #startMonitor(): SoloMonitor {
    return new SoloMonitor({ ...this.#options.monitor, target: SERVER });
  }

  #startResponder(): Responder {
    return new Responder({ loss: this.#options.serverLoss ?? (() => false) });
  }

  #client(outputs: Output<MonitorEvent>[]): void {
    for (const output of leaveAtOnce(outputs, this.#clientNow())) {
      if (output.type === "transmit") this.#send(output);
      else this.#options.onClientEvent?.(output, this.#nowMs);
    }
  }

  /** Where the client's heartbeats come from now. */
  get #clientEndpoint(): Endpoint {
    const { clientMovesAtMs = [] } = this.#options;
    const moves = clientMovesAtMs.filter((atMs) => atMs <= this.#nowMs).length;
    return moves === 0 ? CLIENT : { ...CLIENT, port: CLIENT.port + moves };
  }

  #send(heartbeat: Transmit): void {
    const fault = this.#unsent.covering(this.#nowMs);
    if (fault === undefined) {
      return this.#carry(heartbeat.bytes, this.#forward, this.#clientEndpoint);
    }
    const { hostUnreachable = false } = fault;
    const reason = hostUnreachable ? "No route to host" : "Network is unreachable";
    this.#client(this.monitor.sendFailed(heartbeat, { reason, hostUnreachable }));
  }

  #server(outputs: Output<ResponderEvent>[]): void {
    for (const output of outputs) {
      if (output.type === "transmit") this.#carry(output.bytes, this.#backward);
      else if (output.type !== "departure") this.#options.onServerEvent?.(output, this.#nowMs);
    }
  }

  #carry(bytes: Uint8Array<ArrayBuffer>, way: Way, from?: Endpoint): void {
    if (this.#partitions.cover(this.#nowMs)) return way.cut();
    for (const arrival of way.carry(this.#nowMs)) {
      this.#queue.add(arrival.atMs, { bytes: corrupt(bytes, arrival), from });
    }
  }
}
