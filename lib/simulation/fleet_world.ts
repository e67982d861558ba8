/**
 * A fleet, its servers and the network between them, in virtual time.
 *
 * @module
 */

import type { FleetEvent } from "../fleet/events.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { FleetOptions } from "../fleet/options.ts";
import type { ListedTarget } from "../fleet/target_list.ts";
import { plainProtocol } from "../wire/protocol.ts";
import { Host, type HostOptions } from "./host.ts";
import { type ClientFaults, World } from "./world.ts";

/** All inputs of a run with many servers. */
export interface FleetWorldOptions extends ClientFaults {
  /** Repeats the network's accidents. */
  readonly seed: number;
  /** The servers by their number, from 0; see {@linkcode addressOf}. */
  readonly hosts: readonly HostOptions[];
  /** How the fleet monitors; its targets are all servers unless others are given. */
  readonly fleet:
    & Omit<FleetOptions, "list" | "protocolOf" | "start" | "summaries">
    & { readonly targets?: readonly ListedTarget[] };
  /** What is done to the fleet besides, in the order of true time. */
  readonly acts?: readonly FleetAct[];
  /** Takes the fleet's events, with true time. */
  readonly onEvent?: (event: FleetEvent, atMs: number) => void;
}

/** Something that is done to a fleet from outside, such as to read its list again. */
export interface FleetAct {
  /** When, true time; it takes effect with the fleet's next step. */
  readonly atMs: number;
  /** What. */
  readonly act: (fleet: Fleet) => void;
}

/** The address of a simulated server: 10.0.0.0 and up. */
export function addressOf(host: number): string {
  return `10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`;
}

/** A simulated server as a list names it. */
export function listed(host: number): ListedTarget {
  return {
    host: addressOf(host),
    port: 12000,
    name: `host-${host}`,
    labels: {},
    place: `line ${host + 1}`,
  };
}

/** Runs a fleet until it has finished, and returns it. */
export function runFleetWorld(options: FleetWorldOptions): Fleet {
  const { seed, hosts, onEvent = () => {} } = options;
  const { targets = hosts.map((_, i) => listed(i)) } = options.fleet;
  const fleet = new Fleet({
    ...options.fleet,
    list: { targets },
    protocolOf: plainProtocol,
    summaries: true,
    start: 0.5,
  });
  const world = new World<FleetEvent>({
    faults: options,
    hosts: hosts.map((host, i) => {
      return new Host({ hostname: addressOf(i), port: 12000 }, host, seed + i);
    }),
  });
  const acts = (options.acts ?? []).toSorted((a, b) => a.atMs - b.atMs);
  world.run(fleet, onEvent, acts.map(({ atMs, act }) => ({ atMs, act: () => act(fleet) })));
  return fleet;
}
