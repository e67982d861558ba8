/**
 * Who is in a fleet: found by the key in its list, by where its datagrams come from, and by when it
 * wants to act.
 *
 * @module
 */

import { DueQueue } from "../tables/due_queue.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { type Member, routeOf } from "./member.ts";

/** The members of a fleet. */
export class Roster {
  readonly #members = new Map<string, Member>();
  readonly #routes = new Map<string, Member>();
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
    return this.#routes.get(routeOf(endpoint));
  }

  /** Adds a member; one whose name is still looked up waits for that before it acts. */
  add(member: Member): void {
    this.#members.set(member.key, member);
    this.route(member);
    if (member.unresolved === undefined) this.#queueAt(member, member.startsAtMs);
  }

  /** Takes a member out. */
  remove(member: Member): void {
    this.unroute(member);
    this.#members.delete(member.key);
  }

  /** From now on datagrams from a member's address are its own. */
  route(member: Member): void {
    if (member.unresolved === undefined) this.#routes.set(routeOf(member.endpoint), member);
  }

  /** Datagrams from a member's address are nobody's any more. */
  unroute(member: Member): void {
    const route = routeOf(member.endpoint);
    if (this.#routes.get(route) === member) this.#routes.delete(route);
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
