/**
 * One target of a fleet: its place in the list, where its heartbeats go, and its monitor.
 *
 * @module
 */

import type { OwnMachine } from "../machine/own_machine.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import { Monitor } from "../monitor/monitor.ts";
import type { MonitorOptions } from "../monitor/options.ts";
import { addressFamily, canonicalAddress } from "../wire/address.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { type ListedTarget, targetKey } from "./target_list.ts";

const LOOKED_UP = "its name is still looked up";

/** How all targets of a fleet are monitored. */
export type MemberOptions = Omit<MonitorOptions, "target">;

/** How a member begins. */
export interface MemberStart {
  /** How its list names it. */
  readonly listed: ListedTarget;
  /** The address of its name; `undefined`: it is not known, or no name. */
  readonly address: string | undefined;
  /** When its first heartbeat leaves, as a share of the interval from the start. */
  readonly startShare: number;
}

/** A change of what is believed of one target. */
export type StateEvent = MonitorEvent & { readonly type: "state" };

/** One target of a fleet. */
export class Member {
  /** How its list names it: a list that is read again may change the name and the labels. */
  listed: ListedTarget;
  /** What stays of its place in the list; see {@linkcode targetKey}. */
  readonly key: string;
  /** Its monitor. */
  readonly monitor: Monitor;
  /** When its entry in the queue is due, on the monotonic clock; `Infinity`: it has none. */
  queuedAtMs: number = Infinity;
  /** When its monitor is to act first, as a share of the interval from the start. */
  readonly startShare: number;
  /** The same on the monotonic clock; `Infinity`: that is not known yet. */
  startsAtMs: number = Infinity;
  /** Whether its monitor has been told to send its first heartbeat. */
  started: boolean = false;
  /** Whether its end has been noted. */
  ended: boolean = false;
  /** What is kept of its sends; written by `blindness.ts` alone. */
  readonly sends: MemberSends = {
    joined: false,
    unsent: false,
    failed: false,
    leftAtMs: -Infinity,
    failingSinceMs: Infinity,
    failedAfterSight: 0,
    hidden: undefined,
  };
  /** One object for the whole run: its hostname changes when the address does. */
  readonly #endpoint: { hostname: string; readonly port: number };
  #unresolved: string | undefined;
  #family: 4 | 6 | undefined;
  readonly #intervalMs: number;

  /** Makes a member that has an address if it is listed by one, or its name's is known. */
  constructor(
    { listed, address = canonicalAddress(listed.host), startShare }: MemberStart,
    options: MemberOptions,
    machine: OwnMachine,
  ) {
    this.listed = listed;
    this.key = targetKey(listed);
    this.startShare = startShare;
    this.#intervalMs = options.intervalMs;
    this.#endpoint = { hostname: address ?? listed.host, port: listed.port };
    this.#unresolved = address === undefined ? LOOKED_UP : undefined;
    this.#family = address === undefined ? undefined : addressFamily(address);
    this.monitor = new Monitor({ ...options, target: this.#endpoint }, machine);
  }

  /** It begins at its share of the interval from a moment on the monotonic clock. */
  beginFrom(nowMs: number): void {
    this.startsAtMs = nowMs + this.startShare * this.#intervalMs;
    this.monitor.startAt(this.startsAtMs);
  }

  /** Where its heartbeats go; while it has no address, its name stands there. */
  get endpoint(): Endpoint {
    return this.#endpoint;
  }

  /** Why it has no address; `undefined`: it has one. */
  get unresolved(): string | undefined {
    return this.#unresolved;
  }

  /** Whether it is not known yet if it has an address. */
  get isLookedUp(): boolean {
    return this.#unresolved === LOOKED_UP;
  }

  /** The address family that its heartbeats go by; `undefined`: it has no address. */
  get family(): 4 | 6 | undefined {
    return this.#family;
  }

  /** Heartbeats go to another address from now on. */
  moveTo(hostname: string): void {
    this.#endpoint.hostname = hostname;
    this.#unresolved = undefined;
    this.#family = addressFamily(hostname);
    this.monitor.moved();
  }

  /** It has no address, for this reason. */
  lacksAddress(reason: string): void {
    this.#endpoint.hostname = this.listed.host;
    this.#unresolved = reason;
    this.#family = undefined;
    this.monitor.moved();
  }
}

/** What is kept of a member's sends. */
export interface MemberSends {
  /** Whether it is counted in the family of its address. */
  joined: boolean;
  /** Whether its newest heartbeat whose send is settled could not leave. */
  unsent: boolean;
  /** Whether the heartbeat that was last tried has failed. */
  failed: boolean;
  /** When the last one was tried, on the monotonic clock. */
  leftAtMs: number;
  /** When the first of those that failed in a row was tried. */
  failingSinceMs: number;
  /** How many failed since its family could be asked again. */
  failedAfterSight: number;
  /** That it is unknown, where the fleet's own event says so. */
  hidden: StateEvent | undefined;
}
