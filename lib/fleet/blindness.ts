/**
 * Which parts of a fleet can't be asked: an address family of which no heartbeat can be sent, or
 * all of it, because this machine slept or stood still. That is one event, and not one a target.
 *
 * What one prefix can't be sent to is each target's own matter, and told as such.
 *
 * @module
 */

import type { Output } from "../machine/machine.ts";
import type { BlindPart, FleetEvent } from "./events.ts";
import type { Member, StateEvent } from "./member.ts";

/** How many targets make a family: what a single one can't be sent to is that target's matter. */
const FEWEST_MEMBERS = 2;

/** Since its family can be asked again, this many failures in a row are a target's own. */
const OWN_FAILURES = 2;

interface Family {
  readonly part: BlindPart;
  /** Members that have an address of it. */
  members: number;
  /** Of these, the ones whose newest heartbeat could not be sent. */
  unsent: number;
  /** When the newest heartbeat was sent of which it is known that it left. */
  sentAtMs: number;
  /** Since when nothing can be sent; `undefined`: something can. */
  blindSinceMs: number | undefined;
  /** Members that may be unknown for reasons of their own, or of the whole family. */
  readonly undecided: Set<Member>;
}

/** Keeps the account of sends and sleep for a fleet. */
export class Blindness {
  readonly #families: Readonly<Record<4 | 6, Family>> = {
    4: familyOf("ipv4"),
    6: familyOf("ipv6"),
  };
  /** Members that are unknown because this machine slept or stood still. */
  readonly #asleep = new Set<Member>();
  #asleepSinceMs = 0;

  /** The parts that can't be asked now. */
  get parts(): BlindPart[] {
    const families = [this.#families[4], this.#families[6]]
      .filter(({ blindSinceMs }) => blindSinceMs !== undefined).map(({ part }) => part);
    return this.#asleep.size > 0 ? [...families, "machine"] : families;
  }

  /** A member has an address from now on. */
  join(member: Member): void {
    const family = this.#familyOf(member);
    if (family === undefined) return;
    member.sends.joined = true;
    family.members++;
  }

  /**
   * A heartbeat of a member leaves now: the one before it left, too, unless it has failed. Of two
   * that leave in one turn, after a pause, nothing is known yet.
   *
   * @param nowMs the moment of the turn, on the monotonic clock
   */
  left(member: Member, nowMs: number, outputs: Output<FleetEvent>[]): void {
    const { sends } = member;
    const family = this.#familyOf(member);
    if (family === undefined) return;
    const isSettled = sends.leftAtMs > -Infinity && sends.leftAtMs < nowMs;
    if (isSettled && !sends.failed) {
      this.#sent(member, family, sends.leftAtMs, nowMs, outputs);
    }
    sends.failed = false;
    sends.leftAtMs = nowMs;
  }

  /** A reply of a member came: its heartbeats leave. */
  answered(member: Member, nowMs: number, outputs: Output<FleetEvent>[]): void {
    const family = this.#familyOf(member);
    if (family === undefined || !member.sends.unsent) return;
    this.#sent(member, family, member.sends.leftAtMs, nowMs, outputs);
  }

  /** A heartbeat of a member could not be sent, for a reason of this machine. */
  failed(member: Member, reason: string, nowMs: number, outputs: Output<FleetEvent>[]): void {
    const { sends } = member;
    const family = this.#familyOf(member);
    if (family === undefined || !sends.joined) return;
    sends.failed = true;
    if (!sends.unsent) {
      sends.unsent = true;
      sends.failingSinceMs = sends.leftAtMs;
      family.unsent++;
    }
    if (family.blindSinceMs !== undefined) return;
    sends.failedAfterSight++;
    if (family.members >= FEWEST_MEMBERS && family.unsent === family.members) {
      family.blindSinceMs = nowMs;
      // What was undecided is hidden for good.
      for (const other of family.undecided) other.sends.failedAfterSight = 0;
      family.undecided.clear();
      outputs.push({ type: "blind", part: family.part, targets: family.members, reason });
    } else if (sends.hidden !== undefined && sends.failedAfterSight >= OWN_FAILURES) {
      this.#show(member, family, outputs);
    }
  }

  /**
   * Takes a change of a member's state; returns whether it is to be told: not where an event of the
   * whole part says it, nor when the state before comes back.
   */
  tells(member: Member, event: StateEvent, nowMs: number, outputs: Output<FleetEvent>[]): boolean {
    const { sends } = member;
    if (event.to === "unknown") {
      const hides = event.reason === "asleep"
        ? this.#hidesAsleep(member, nowMs, outputs)
        : event.reason === "unsent" && this.#hidesUnsent(member);
      if (hides) sends.hidden = event;
      return !hides;
    }
    if (sends.hidden === undefined) return true;
    sends.hidden = undefined;
    this.#familyOf(member)?.undecided.delete(member);
    this.#awake(member, nowMs, outputs);
    return event.to !== event.lastKnown;
  }

  /** A member has ended, or gets another address: its sends don't count any more. */
  forget(member: Member, nowMs: number, outputs: Output<FleetEvent>[]): void {
    const { sends } = member;
    const family = this.#familyOf(member);
    this.#awake(member, nowMs, outputs);
    if (family === undefined || !sends.joined) return;
    family.members--;
    if (sends.unsent) family.unsent--;
    family.undecided.delete(member);
    sends.joined = false;
    sends.unsent = false;
    sends.failed = false;
    sends.leftAtMs = -Infinity;
  }

  /** The run ends: what is undecided is told. */
  decideAll(outputs: Output<FleetEvent>[]): void {
    for (const family of [this.#families[4], this.#families[6]]) {
      for (const member of [...family.undecided]) this.#show(member, family, outputs);
    }
  }

  #sent(
    member: Member,
    family: Family,
    sentAtMs: number,
    nowMs: number,
    outputs: Output<FleetEvent>[],
  ): void {
    const { sends } = member;
    if (sends.unsent) {
      sends.unsent = false;
      family.unsent--;
    }
    family.sentAtMs = Math.max(family.sentAtMs, sentAtMs);
    const { blindSinceMs } = family;
    if (blindSinceMs !== undefined) {
      family.blindSinceMs = undefined;
      const lastedMs = nowMs - blindSinceMs;
      outputs.push({ type: "sighted", part: family.part, targets: family.members, lastedMs });
    }
    for (const other of family.undecided) {
      if (other.sends.failingSinceMs < family.sentAtMs) this.#show(other, family, outputs);
    }
    sends.failedAfterSight = 0;
  }

  #hidesUnsent(member: Member): boolean {
    const family = this.#familyOf(member);
    // That it has no address was told already.
    if (family === undefined) return true;
    member.sends.failedAfterSight = 0;
    if (family.blindSinceMs !== undefined) return true;
    const decided = family.members < FEWEST_MEMBERS ||
      member.sends.failingSinceMs < family.sentAtMs;
    if (!decided) family.undecided.add(member);
    return !decided;
  }

  #hidesAsleep(member: Member, nowMs: number, outputs: Output<FleetEvent>[]): boolean {
    if (this.#asleep.size === 0) {
      this.#asleepSinceMs = nowMs;
      const targets = this.#families[4].members + this.#families[6].members;
      outputs.push({ type: "blind", part: "machine", targets, reason: undefined });
    }
    this.#asleep.add(member);
    return true;
  }

  #awake(member: Member, nowMs: number, outputs: Output<FleetEvent>[]): void {
    if (!this.#asleep.delete(member) || this.#asleep.size > 0) return;
    const targets = this.#families[4].members + this.#families[6].members;
    const lastedMs = nowMs - this.#asleepSinceMs;
    outputs.push({ type: "sighted", part: "machine", targets, lastedMs });
  }

  #show(member: Member, family: Family, outputs: Output<FleetEvent>[]): void {
    const { hidden } = member.sends;
    family.undecided.delete(member);
    member.sends.hidden = undefined;
    if (hidden !== undefined) outputs.push({ type: "of_target", member, event: hidden });
  }

  #familyOf({ family }: Member): Family | undefined {
    return family === undefined ? undefined : this.#families[family];
  }
}

function familyOf(part: BlindPart): Family {
  return {
    part,
    members: 0,
    unsent: 0,
    sentAtMs: -Infinity,
    blindSinceMs: undefined,
    undecided: new Set(),
  };
}
