/**
 * Many monitors as one state machine: each gets the time when it wants it, and the datagrams that
 * come from its target; this machine is watched once for all.
 *
 * A heartbeat costs no more where there are more targets, but for the queue of due times, which
 * grows with the logarithm of their number.
 *
 * @module
 */

import {
  type Departure,
  type Instant,
  isDeparture,
  type Machine,
  type Output,
  type SendFailure,
  type Transmit,
} from "../machine/machine.ts";
import { OwnMachine, stallToleranceMs } from "../machine/own_machine.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import { machineEvents } from "../monitor/machine_events.ts";
import { SHOWN_BYTES } from "../text/visible_text.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { denyAddress, giveAddress } from "./addresses.ts";
import { Blindness } from "./blindness.ts";
import { FleetDeparture } from "./departure.ts";
import type { FleetEvent, FleetFigures } from "./events.ts";
import { FleetBooks } from "./fleet_books.ts";
import { Member } from "./member.ts";
import type { FleetList, FleetOptions } from "./options.ts";
import { Roster } from "./roster.ts";
import { type ListedTarget, targetKey } from "./target_list.ts";

/** At most this many monitors act at once, so that replies are read in between. */
const MOST_AT_ONCE = 16;

/**
 * The starts of targets are this share of the interval apart, in the order of the list: multiples
 * of the golden ratio fill it evenly, whatever their number, and also as more are added. The first
 * one is random (RFC 3432 section 4).
 */
const START_STEP = (Math.sqrt(5) - 1) / 2;

type Outputs = Output<FleetEvent>[];

/** Monitors many servers. */
export class Fleet implements Machine<FleetEvent> {
  readonly #options: FleetOptions;
  readonly #ownMachine = new OwnMachine();
  readonly #toleranceMs: number;
  readonly #roster = new Roster();
  readonly #blindness = new Blindness();
  readonly #addressBook = { roster: this.#roster, blindness: this.#blindness };
  readonly #books: FleetBooks;
  /** What was asked for since the last input. */
  #wishes: ((now: Instant, outputs: Outputs) => void)[];
  #startShare: number;
  #nowMs = -Infinity;
  #unfinished = 0;
  #finished = false;

  /** Makes a fleet whose first heartbeats leave within an interval from the first `advance`. */
  constructor(options: FleetOptions) {
    this.#options = options;
    this.#startShare = options.start;
    this.#toleranceMs = stallToleranceMs(options.member.timeoutMs);
    this.#books = new FleetBooks(this.#ownMachine, options.reportEveryMs);
    this.#wishes = [(now) => this.#begin(now)];
  }

  get finished(): boolean {
    return this.#finished;
  }

  get wakeAtMs(): number | undefined {
    if (this.#finished) return undefined;
    return this.#wishes.length > 0 ? -Infinity : this.#dueAtMs;
  }

  get #dueAtMs() {
    return Math.min(this.#roster.nextAtMs, this.#books.reportAtMs);
  }

  /** The targets, in the order in which they came. */
  get members(): readonly Member[] {
    return this.#roster.members;
  }

  advance(now: Instant): Output<FleetEvent>[] {
    const outputs = this.#look(now);
    const wishes = this.#wishes;
    this.#wishes = [];
    for (const wish of wishes) wish(now, outputs);
    for (let acted = 0; acted < MOST_AT_ONCE; acted++) {
      const member = this.#roster.takeDue(now.monotonicMs);
      if (member === undefined) break;
      const dueAtMs = member.started ? member.monitor.wakeAtMs! : member.startsAtMs;
      member.started = true;
      this.#hand(member, member.monitor.advance(now), now, outputs, dueAtMs);
    }
    if (this.#books.reportAtMs <= now.monotonicMs) {
      this.#books.reported(now.monotonicMs);
      outputs.push({ type: "fleet_report", ...this.figures() });
    }
    return this.#ended(outputs);
  }

  receive(
    bytes: Uint8Array,
    from: Endpoint,
    now: Instant,
    waitedMs?: number,
  ): Output<FleetEvent>[] {
    const outputs = this.#look(now);
    const member = this.#roster.at(from);
    if (member?.started) {
      this.#hand(member, member.monitor.receive(bytes, from, now, waitedMs), now, outputs);
    } else {
      this.#books.strayed();
      const beginning = bytes.slice(0, SHOWN_BYTES);
      const datagram = { from, bytes: bytes.length, beginning, reason: "wrong_source" } as const;
      outputs.push({ type: "stray", datagram });
    }
    return this.#ended(outputs);
  }

  sendFailed(sent: Transmit | Departure<FleetEvent>, failure: SendFailure): Output<FleetEvent>[] {
    const outputs: Outputs = [];
    if (sent instanceof FleetDeparture) this.#failed(sent, failure, outputs);
    return outputs;
  }

  receiveFailed(reason: string, tooLong: boolean): Output<FleetEvent>[] {
    if (!tooLong) return [{ type: "receive_failed", reason }];
    this.#books.strayed();
    return [];
  }

  stop(now: Instant): Output<FleetEvent>[] {
    if (this.#finished) return [];
    const outputs = this.#look(now);
    this.#blindness.decideAll(outputs);
    for (const member of this.members) {
      this.#hand(member, member.monitor.stop(now), now, outputs);
    }
    this.#unfinished = 0;
    this.#wishes = [];
    return this.#ended(outputs);
  }

  /** The list was read again: targets that stay go on, others end, new ones begin. */
  reload({ targets, addresses }: FleetList): void {
    this.#wishes.push((now, outputs) => {
      const stay = new Map(targets.map((target) => [targetKey(target), target]));
      const before = this.members;
      for (const member of before) {
        const listed = stay.get(member.key);
        if (listed !== undefined) member.listed = listed;
        else this.#remove(member, now, outputs);
      }
      const removed = before.length - this.members.length;
      const added = targets.filter((target) => this.#roster.get(targetKey(target)) === undefined);
      for (const target of added) this.#add(target, addresses, now);
      const stayed = before.length - removed;
      outputs.push({ type: "reloaded", added: added.length, removed, stayed });
    });
  }

  /** Finds the target of a key; see {@linkcode targetKey}. */
  find(key: string): Member | undefined {
    return this.#roster.get(key);
  }

  /** The name of a target has this address, which may be another one than before. */
  resolved(key: string, hostname: string): void {
    this.#wishes.push((now, outputs) => {
      const member = this.find(key);
      if (member === undefined || member.monitor.finished) return;
      giveAddress(this.#addressBook, member, hostname, now.monotonicMs, outputs);
    });
  }

  /** The name of a target has no address, for this reason. */
  unresolved(key: string, reason: string): void {
    this.#wishes.push((now, outputs) => {
      const member = this.find(key);
      if (member === undefined || member.monitor.finished) return;
      denyAddress(this.#addressBook, member, reason, now.monotonicMs, outputs);
    });
  }

  /** All figures so far. */
  figures(): FleetFigures {
    return this.#books.figures(this.members, this.#nowMs, this.#blindness.parts);
  }

  #begin(now: Instant): void {
    this.#books.began(now.monotonicMs);
    const { targets, addresses } = this.#options.list;
    for (const target of targets) this.#add(target, addresses, now);
  }

  #add(
    listed: ListedTarget,
    addresses: FleetList["addresses"],
    now: Instant,
  ): void {
    const { member, protocolOf } = this.#options;
    const options = { ...member, protocol: protocolOf(), reportEveryMs: undefined };
    const startsAtMs = now.monotonicMs + this.#startShare * options.intervalMs;
    this.#startShare = (this.#startShare + START_STEP) % 1;
    const address = addresses?.get(targetKey(listed));
    this.#roster.add(new Member({ listed, address, startsAtMs }, options, this.#ownMachine));
    this.#unfinished++;
  }

  #remove(member: Member, now: Instant, outputs: Outputs): void {
    this.#hand(member, member.monitor.stop(now), now, outputs);
    this.#roster.remove(member);
  }

  /** Looks after this machine before anything else, once for all monitors. */
  #look(now: Instant): Outputs {
    if (this.#finished) return [];
    // What is still due since the last look has waited for its turn, and not for the machine.
    const wantedAtMs = Math.max(this.#dueAtMs, this.#nowMs);
    this.#nowMs = now.monotonicMs;
    this.#books.woke(now.monotonicMs - wantedAtMs);
    const found = this.#ownMachine.look(now, wantedAtMs, this.#toleranceMs);
    if (found.stallMs === 0 && found.stepMs === 0) return [];
    for (const { monitor } of this.members) monitor.heed(found);
    return machineEvents(found);
  }

  /** Passes on what a monitor wants, each with its target. */
  #hand(
    member: Member,
    wanted: readonly Output<MonitorEvent>[],
    now: Instant,
    outputs: Outputs,
    dueAtMs = now.monotonicMs,
  ): void {
    for (const output of wanted) {
      if (isDeparture(output)) this.#depart(member, output, now, dueAtMs, outputs);
      else if (output.type !== "transmit") this.#tell(member, output, now, outputs);
    }
    this.#roster.wishes(member);
  }

  #depart(
    member: Member,
    output: Departure<MonitorEvent>,
    now: Instant,
    dueAtMs: number,
    outputs: Outputs,
  ): void {
    const departure = new FleetDeparture(member, output, (ms) => this.#books.left(ms - dueAtMs));
    const { unresolved } = member;
    if (unresolved === undefined) {
      this.#blindness.left(member, now.monotonicMs, outputs);
      outputs.push(departure);
    } else {
      output.leave(now);
      output.left(now.monotonicMs);
      this.#failed(departure, { reason: unresolved, hostUnreachable: false }, outputs);
    }
  }

  #failed({ member, of }: FleetDeparture, failure: SendFailure, outputs: Outputs): void {
    const { reason, hostUnreachable } = failure;
    for (const event of member.monitor.sendFailed(of, failure)) {
      outputs.push({ type: "of_target", member, event });
    }
    if (!hostUnreachable) this.#blindness.failed(member, reason, this.#nowMs, outputs);
  }

  #tell(member: Member, event: MonitorEvent, now: Instant, outputs: Outputs): void {
    const nowMs = now.monotonicMs;
    switch (event.type) {
      case "reply":
        this.#books.answered(event.rttMs);
        return this.#blindness.answered(member, nowMs, outputs);
      case "state":
        if (!this.#blindness.tells(member, event, nowMs, outputs)) return;
        break;
      case "summary":
        this.#unfinished--;
        this.#blindness.forget(member, nowMs, outputs);
    }
    outputs.push({ type: "of_target", member, event });
  }

  #ended(outputs: Outputs): Outputs {
    if (this.#finished || this.#unfinished > 0 || this.#wishes.length > 0) return outputs;
    this.#finished = true;
    outputs.push({ type: "fleet", ...this.figures() });
    return outputs;
  }
}
