/**
 * Who is in a fleet: found by the key in its list, by where its datagrams come from, and by when it
 * wants to act.
 *
 * @module
 */

import { DueQueue } from "../tables/due_queue.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { splitZone } from "../wire/zone.ts";
import type { Member } from "./member.ts";

/** The members of a fleet. */
export class Roster {
  readonly #members = new Map<string, Member>();
  /** By the address without its link: replies don't say by which they came. */
  readonly #routes = new Map<string, Member[]>();
  readonly #queue = new DueQueue<Member>();

  /** The members, in the order in which they came. */
  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** When the first of them may want to act; `Infinity`: none does. */
  get nextAtMs(): number {
    return this.#queue.nextAtMs;
  }

  /** Finds the member of a key; see `targetKey`. */
  get(key: string): Member | undefined {
    return this.#members.get(key);
  }

  /** Finds the member that datagrams from an endpoint belong to. */
  at(endpoint: Endpoint): Member | undefined {
    const neighbours = this.#routes.get(splitZone(endpoint.hostname).address);
    return neighbours?.find((member) => member.endpoint.port === endpoint.port);
  }

  /** Adds a member, which doesn't act before it begins. */
  add(member: Member): void {
    this.#members.set(member.key, member);
    this.route(member);
  }

  /** A member begins, or as soon as it is known whether its name has an address. */
  begin(member: Member, nowMs: number): void {
    if (member.isLookedUp || member.startsAtMs < Infinity) return;
    member.beginFrom(nowMs);
    this.wishes(member);
  }

  /** Takes a member out. */
  remove(member: Member): void {
    this.unroute(member);
    this.#members.delete(member.key);
  }

  /** From now on datagrams from a member's address are its own. */
  route(member: Member): void {
    if (member.unresolved !== undefined) return;
    const { address } = splitZone(member.endpoint.hostname);
    const neighbours = this.#routes.get(address);
    if (neighbours === undefined) this.#routes.set(address, [member]);
    else neighbours.push(member);
  }

  /** Datagrams from a member's address are nobody's any more. */
  unroute(member: Member): void {
    const { address } = splitZone(member.endpoint.hostname);
    const others = this.#routes.get(address)?.filter((other) => other !== member) ?? [];
    if (others.length > 0) this.#routes.set(address, others);
    else this.#routes.delete(address);
  }

  /**
   * Notes when a member wants to act. Only an earlier wish than before needs an entry in the queue:
   * a later one is found when that entry comes up.
   */
  wishes(member: Member): void {
    const wakeAtMs = member.started ? member.monitor.wakeAtMs : member.startsAtMs;
    if (wakeAtMs !== undefined && wakeAtMs < member.queuedAtMs) this.#queueAt(member, wakeAtMs);
  }

  /** Takes the next member that wants to act by now; `undefined`: none does. */
  takeDue(nowMs: number): Member | undefined {
    while (this.#queue.nextAtMs <= nowMs) {
      const atMs = this.#queue.nextAtMs;
      const member = this.#queue.take()!;
      // An entry that an earlier one has overtaken, or one of a member that is gone.
      if (atMs !== member.queuedAtMs || this.#members.get(member.key) !== member) continue;
      member.queuedAtMs = Infinity;
      if (!member.started) return member;
      const { wakeAtMs = Infinity } = member.monitor;
      if (wakeAtMs <= nowMs) return member;
      if (wakeAtMs < Infinity) this.#queueAt(member, wakeAtMs);
    }
    return undefined;
  }

  #queueAt(member: Member, atMs: number): void {
    member.queuedAtMs = atMs;
    this.#queue.add(atMs, member);
  }
}
