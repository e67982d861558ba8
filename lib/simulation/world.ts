/**
 * A client, its servers and the network between them, in virtual time.
 *
 * The state machines are those that ship; only sockets and clocks are simulated. A day of network
 * takes about a second, and its seed repeats it.
 *
 * @module
 */

import type { Machine, Output, Transmit } from "../machine/machine.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import type { MonitorOptions } from "../monitor/options.ts";
import { SoloMonitor } from "../monitor/solo_monitor.ts";
import type { ResponderEvent } from "../responder/events.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { DueQueue } from "../tables/due_queue.ts";
import { Host, type HostOptions } from "./host.ts";
import { leaveAtOnce, type Leaving } from "./leave_at_once.ts";
import { type Period, Periods } from "./periods.ts";
import { type ClockFaults, VirtualClock } from "./virtual_clock.ts";
import { corrupt, type Way } from "./way.ts";

/** When sends fail, and whose fault that is. */
export interface SendFault extends Period {
  /** Whether the system says that the host can't be reached; left out: a fault of its own. */
  readonly hostUnreachable?: boolean;
  /** Which sends fail; left out: all. */
  readonly concerns?: (to: Endpoint) => boolean;
}

/** The client's machine, and what happens to it. */
export interface ClientFaults {
  /** Its clocks; what arrives while its machine sleeps is lost. */
  readonly clientClock?: ClockFaults | undefined;
  /** When its machine can't send. */
  readonly unsent?: readonly SendFault[] | undefined;
  /** When its machine stands still: what arrives waits in its socket. */
  readonly standstills?: readonly Required<Period>[] | undefined;
  /**
   * When it gets another port, true time: a network address translator does that. Replies reach it
   * all the same.
   */
  readonly clientMovesAtMs?: readonly number[] | undefined;
  /** When it is told to stop, true time; never when left out. */
  readonly stopAtMs?: number | undefined;
}

/** All inputs of a run with one server. */
export interface WorldOptions extends HostOptions, ClientFaults {
  /** Repeats the network's accidents. */
  readonly seed: number;
  /** How the client monitors; its target is the simulated server. */
  readonly monitor: Omit<MonitorOptions, "target">;
  /** How many clients run, one after the other, from the same address and port; left out: one. */
  readonly clientRuns?: number | undefined;
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

/** Runs a world until its last client has finished, and returns that client and the truth. */
export function runWorld(options: WorldOptions): { monitor: SoloMonitor; truth: Truth } {
  const { seed, clientRuns = 1, onClientEvent = () => {}, onServerEvent } = options;
  const host = new Host(SERVER, options, seed);
  const world = new World<MonitorEvent>({ faults: options, hosts: [host], onServerEvent });
  let monitor: SoloMonitor;
  let runs = 0;
  do {
    monitor = new SoloMonitor({ ...options.monitor, target: SERVER });
    world.run(monitor, onClientEvent);
  } while (++runs < clientRuns);
  return { monitor, truth: truthOf(host, world.nowMs) };
}

/** What happened on the ways of a server. */
function truthOf({ forward, backward }: Host, endedAtMs: number): Truth {
  return {
    forwardSent: forward.sent,
    forwardLost: forward.lost,
    forwardDuplicated: forward.duplicated,
    backwardSent: backward.sent,
    backwardLost: backward.lost,
    backwardDuplicated: backward.duplicated,
    endedAtMs,
  };
}

/** What a world consists of, besides its client. */
export interface Surroundings {
  /** What happens to the client. */
  readonly faults: ClientFaults;
  /** The servers, each at an endpoint of its own. */
  readonly hosts: readonly Host[];
  /** Takes the servers' events, with true time. */
  readonly onServerEvent?: ((event: ResponderEvent, atMs: number) => void) | undefined;
}

/** Something that is done to a client from outside, at a moment of true time. */
export interface Act {
  /** When. */
  readonly atMs: number;
  /** What. */
  readonly act: () => void;
}

/** A datagram on its way, or the time at which a server wants to act. */
interface Due {
  readonly host: Host;
  /** `undefined`: nothing arrives, the server wakes. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  /** The client that it comes from; `undefined`: it comes from the server. */
  readonly from: Endpoint | undefined;
}

/** Servers and the network around a client. */
export class World<Event extends { readonly type: string }> {
  readonly #faults: ClientFaults;
  readonly #onServerEvent: NonNullable<Surroundings["onServerEvent"]>;
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #clock: VirtualClock;
  readonly #unsent: Periods<SendFault>;
  readonly #standstills: Periods<Required<Period>>;
  readonly #asleep: Periods;
  readonly #queue = new DueQueue<Due>();
  #client: Machine<Event> | undefined;
  #onEvent: (event: Event, atMs: number) => void = () => {};
  #nowMs = 0;

  /** Makes a world without a client. */
  constructor({ faults, hosts, onServerEvent = () => {} }: Surroundings) {
    this.#faults = faults;
    this.#onServerEvent = onServerEvent;
    this.#hosts = new Map(hosts.map((host) => [host.endpoint.hostname, host]));
    this.#unsent = new Periods(faults.unsent);
    this.#standstills = new Periods(faults.standstills);
    this.#asleep = new Periods(faults.clientClock?.sleeps);
    this.#clock = new VirtualClock(faults.clientClock);
  }

  /** True time, milliseconds from the start. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /**
   * Runs a client until it has finished.
   *
   * @param acts what is done to it from outside, in the order of true time
   */
  run(
    client: Machine<Event>,
    onEvent: (event: Event, atMs: number) => void,
    acts: readonly Act[] = [],
  ): void {
    const { stopAtMs = Infinity } = this.#faults;
    let acted = 0;
    this.#client = client;
    this.#onEvent = onEvent;
    while (!client.finished) {
      const wakeAtMs = this.#clientWakeAtMs(client);
      const dueAtMs = this.#queue.nextAtMs;
      const actAtMs = acts[acted]?.atMs ?? Infinity;
      this.#nowMs = Math.max(this.#nowMs, Math.min(dueAtMs, wakeAtMs, stopAtMs, actAtMs));
      // Arrivals come first: the client decides about a reply that arrives as its timeout ends.
      if (dueAtMs <= this.#nowMs) this.#happen(this.#queue.take()!, client);
      else if (actAtMs <= this.#nowMs) acts[acted++]!.act();
      else if (stopAtMs <= this.#nowMs) this.#carryOut(client.stop(this.#clientNow()));
      else this.#carryOut(client.advance(this.#clientNow()));
    }
  }

  #clientWakeAtMs({ wakeAtMs }: Machine<Event>): number {
    if (wakeAtMs === undefined) return Infinity;
    return this.#resumedAtMs(Math.max(this.#clock.trueMs(wakeAtMs), this.#nowMs));
  }

  /** The first moment from this one on at which the client's machine runs. */
  #resumedAtMs(atMs: number): number {
    while (atMs < Infinity) {
      const pause = this.#standstills.covering(atMs) ?? this.#asleep.covering(atMs);
      if (pause === undefined) return atMs;
      atMs = pause.untilMs!;
    }
    return atMs;
  }

  #clientNow() {
    return this.#clock.read(this.#nowMs);
  }

  #happen(due: Due, client: Machine<Event>): void {
    const { host, bytes, from } = due;
    if (bytes === undefined) {
      if (host.queuedAtMs > this.#nowMs) return;
      host.queuedAtMs = Infinity;
      this.#serve(host, host.wakeAtMs <= this.#nowMs ? host.advance(this.#nowMs) : []);
    } else if (from !== undefined) {
      this.#serve(host, host.receive(bytes, from, this.#nowMs));
    } else if (this.#asleep.cover(this.#nowMs)) {
      return;
    } else if (this.#standstills.cover(this.#nowMs)) {
      this.#queue.add(this.#resumedAtMs(this.#nowMs), due);
    } else {
      this.#carryOut(client.receive(bytes, host.endpoint, this.#clientNow()));
    }
  }

  /** Where the client's heartbeats come from now. */
  get #clientEndpoint(): Endpoint {
    const { clientMovesAtMs } = this.#faults;
    if (clientMovesAtMs === undefined) return CLIENT;
    const moves = clientMovesAtMs.filter((atMs) => atMs <= this.#nowMs).length;
    return { ...CLIENT, port: CLIENT.port + moves };
  }

  #carryOut(outputs: Output<Event>[]): void {
    for (const output of leaveAtOnce(outputs, this.#clientNow())) {
      if (isDatagram(output)) this.#send(output);
      else this.#onEvent(output, this.#nowMs);
    }
  }

  #send(heartbeat: Transmit | Leaving<Event>): void {
    const { to, bytes } = heartbeat;
    const fault = this.#unsent.covering(this.#nowMs);
    if (fault === undefined || !(fault.concerns?.(to) ?? true)) {
      const host = this.#hosts.get(to.hostname);
      if (host !== undefined) this.#carry(host, host.forward, bytes, this.#clientEndpoint);
      return;
    }
    const { hostUnreachable = false } = fault;
    const reason = hostUnreachable ? "No route to host" : "Network is unreachable";
    const sent = "of" in heartbeat ? heartbeat.of : heartbeat;
    this.#carryOut(this.#client!.sendFailed(sent, { reason, hostUnreachable }));
  }

  #serve(host: Host, outputs: Output<ResponderEvent>[]): void {
    for (const output of outputs) {
      if (output.type === "transmit") this.#carry(host, host.backward, output.bytes);
      else if (output.type !== "departure") this.#onServerEvent(output, this.#nowMs);
    }
    const { wakeAtMs } = host;
    if (wakeAtMs >= host.queuedAtMs) return;
    host.queuedAtMs = wakeAtMs;
    this.#queue.add(Math.max(wakeAtMs, this.#nowMs), { host, bytes: undefined, from: undefined });
  }

  #carry(host: Host, way: Way, bytes: Uint8Array<ArrayBuffer>, from?: Endpoint): void {
    if (host.isCutOff(this.#nowMs)) return way.cut();
    for (const arrival of way.carry(this.#nowMs)) {
      this.#queue.add(arrival.atMs, { host, bytes: corrupt(bytes, arrival), from });
    }
  }
}

function isDatagram<Event extends { readonly type: string }>(
  output: Transmit | Leaving<Event> | Event,
): output is Transmit | Leaving<Event> {
  return output.type === "transmit";
}
