/**
 * Many monitors as one state machine: each gets the time when it wants it, and the datagrams that
 * come from its target; this machine is watched once for all.
 *
 * A heartbeat costs no more where there are more targets, but for the queue of due times, which
 * grows with the logarithm of their number.
 *
 * @module
 */

import type {
  Departure,
  Instant,
  Machine,
  Output,
  SendFailure,
  Transmit,
} from "../machine/machine.ts";
import { machineEvents, OwnMachine, stallToleranceMs } from "../machine/own_machine.ts";
import { SHOWN_BYTES } from "../text/visible_text.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { denyAddress, giveAddress } from "./addresses.ts";
import { Blindness } from "./blindness.ts";
import { FleetDeparture } from "./departure.ts";
import { Dispatch } from "./dispatch.ts";
import type { FleetEvent, FleetFigures, FleetWatcher } from "./events.ts";
import { Farewell } from "./farewell.ts";
import { FleetBooks } from "./fleet_books.ts";
import { Member } from "./member.ts";
import type { FleetList, FleetOptions } from "./options.ts";
import { Roster } from "./roster.ts";
import { type ListedTarget, targetKey } from "./target_list.ts";

/** At most this many monitors act at once, so that replies are read in between. */
const MOST_AT_ONCE = 64;

/**
 * The starts of targets are this share of the interval apart, in the order of the list: multiples
 * of the golden ratio fill it evenly, whatever their number, and also as more are added. The first
 * one is random (RFC 3432 section 4).
 */
const START_STEP = (Math.sqrt(5) - 1) / 2;

/** Heartbeats that are due within this time leave together: a wake-up costs as much as one. */
const SHORTEST_WAIT_MS = 1;

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
  readonly #dispatch: Dispatch;
  readonly #farewell: Farewell;
  /** What was asked for since the last input. */
  #wishes: ((now: Instant, outputs: Outputs) => void)[];
  #startShare: number;
  #nowMs = -Infinity;
  #actedAtMs = -Infinity;
  #unfinished = 0;
  #finished = false;

  /** Makes a fleet whose first heartbeats leave within an interval from the first `advance`. */
  constructor(options: FleetOptions) {
    this.#options = options;
    this.#startShare = options.start;
    this.#toleranceMs = stallToleranceMs(options.member.timeoutMs);
    this.#books = new FleetBooks(this.#ownMachine, options.reportEveryMs);
    this.#dispatch = new Dispatch(this.#roster, this.#books, this.#blindness);
    this.#farewell = new Farewell(options.summaries);
    const { targets, addresses } = options.list;
    for (const target of targets) this.#add(target, addresses);
    this.#wishes = [({ monotonicMs }) => {
      this.#books.began(monotonicMs);
      for (const member of this.members) this.#roster.begin(member, monotonicMs);
    }];
  }

  get finished(): boolean {
    return this.#finished;
  }

  get wakeAtMs(): number | undefined {
    if (this.#finished) return undefined;
    return this.#wishes.length > 0 || this.#unfinished === 0 ? -Infinity : this.#dueAtMs;
  }

  get #dueAtMs() {
    const nextAtMs = Math.min(this.#roster.nextAtMs, this.#books.reportAtMs);
    return Math.max(nextAtMs, this.#actedAtMs + SHORTEST_WAIT_MS);
  }

  /** The targets, in the order in which they came. */
  get members(): readonly Member[] {
    return this.#roster.members;
  }

  advance(now: Instant): Output<FleetEvent>[] {
    const outputs = this.#look(now);
    const wishes = this.#wishes;
    this.#wishes = [];
    this.#actedAtMs = now.monotonicMs;
    for (const wish of wishes) wish(now, outputs);
    for (let acted = 0; acted < MOST_AT_ONCE; acted++) {
      const member = this.#roster.takeDue(now.monotonicMs);
      if (member === undefined) break;
      const dueAtMs = member.started ? member.monitor.wakeAtMs! : member.startsAtMs;
      member.started = true;
      const wanted = member.monitor.advance(now);
      this.#dispatch.pass(member, wanted, now.monotonicMs, outputs, dueAtMs);
      this.#settle(member, outputs);
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
      const wanted = member.monitor.receive(bytes, from, now, waitedMs);
      this.#dispatch.pass(member, wanted, now.monotonicMs, outputs);
      this.#settle(member, outputs);
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
    if (sent instanceof FleetDeparture) {
      this.#dispatch.failed(sent, failure, this.#nowMs, outputs);
    }
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
    for (const member of this.members) this.#stop(member, now, outputs);
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
        else {
          this.#stop(member, now, outputs);
          this.#roster.remove(member);
        }
      }
      const removed = before.length - this.members.length;
      const added = targets.filter((target) => this.#roster.get(targetKey(target)) === undefined);
      for (const target of added) {
        this.#roster.begin(this.#add(target, addresses), now.monotonicMs);
      }
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

  /** How this machine does: no more than a moment's work. */
  get watcher(): FleetWatcher {
    const { stalls, missedMs } = this.#ownMachine;
    const { strays, sendDelays } = this.#books;
    return { stalls, missedMs, strays, sendDelays, blind: this.#blindness.parts };
  }

  /** All figures so far. */
  figures(): FleetFigures {
    return this.#books.figures(this.members, this.#nowMs, this.#blindness.parts);
  }

  #add(listed: ListedTarget, addresses: FleetList["addresses"]): Member {
    const { member: options, protocolOf } = this.#options;
    const address = addresses?.get(targetKey(listed));
    const start = { listed, address, startShare: this.#startShare };
    this.#startShare = (this.#startShare + START_STEP) % 1;
    const of = { ...options, protocol: protocolOf(), reportEveryMs: undefined, endsQuietly: true };
    const member = new Member(start, of, this.#ownMachine);
    this.#roster.add(member);
    this.#blindness.join(member);
    this.#unfinished++;
    return member;
  }

  #stop(member: Member, now: Instant, outputs: Outputs): void {
    this.#dispatch.pass(member, member.monitor.stop(now), now.monotonicMs, outputs);
    this.#settle(member, outputs);
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

  /** Members whose monitors have ended since the last look don't count any more. */
  #settle(member: Member, outputs: Outputs): void {
    if (!member.monitor.finished || member.ended) return;
    member.ended = true;
    this.#unfinished--;
    this.#blindness.forget(member, this.#nowMs, outputs);
    this.#farewell.add(member);
  }

  /** When all have ended, says goodbye to each of them, some at a time, and then ends. */
  #ended(outputs: Outputs): Outputs {
    if (this.#finished || this.#unfinished > 0 || this.#wishes.length > 0) return outputs;
    if (!this.#farewell.say(outputs)) return outputs;
    this.#finished = true;
    outputs.push({ type: "fleet", ...this.figures() });
    return outputs;
  }
}
