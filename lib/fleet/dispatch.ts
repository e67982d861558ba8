/**
 * From what a monitor wants to what its fleet does: heartbeats leave and events are told with their
 * target, where the fleet has nothing to say instead.
 *
 * @module
 */

import { type Departure, isDeparture, type Output, type SendFailure } from "../machine/machine.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import type { Blindness } from "./blindness.ts";
import { FleetDeparture } from "./departure.ts";
import type { FleetEvent } from "./events.ts";
import type { FleetBooks } from "./fleet_books.ts";
import type { Member } from "./member.ts";
import type { Roster } from "./roster.ts";

/** Passes on what monitors want. */
export class Dispatch {
  readonly #roster: Roster;
  readonly #books: FleetBooks;
  readonly #blindness: Blindness;

  /** Writes down what it passes on. */
  constructor(roster: Roster, books: FleetBooks, blindness: Blindness) {
    this.#roster = roster;
    this.#books = books;
    this.#blindness = blindness;
  }

  /**
   * Passes on what a member's monitor wants.
   *
   * @param nowMs now on the monotonic clock
   * @param dueAtMs when a heartbeat among that was to leave
   */
  pass(
    member: Member,
    wanted: readonly Output<MonitorEvent>[],
    nowMs: number,
    outputs: Output<FleetEvent>[],
    dueAtMs = nowMs,
  ): void {
    for (const output of wanted) {
      if (isDeparture(output)) this.#depart(member, output, nowMs, dueAtMs, outputs);
      else if (output.type !== "transmit") this.#tell(member, output, nowMs, outputs);
    }
    this.#roster.wishes(member);
  }

  /** A heartbeat could not be sent. */
  failed(
    { member, of }: FleetDeparture,
    failure: SendFailure,
    nowMs: number,
    outputs: Output<FleetEvent>[],
  ): void {
    const { reason, hostUnreachable } = failure;
    for (const event of member.monitor.sendFailed(of, failure)) {
      outputs.push({ type: "of_target", member, event });
    }
    if (!hostUnreachable) this.#blindness.failed(member, reason, nowMs, outputs);
  }

  #depart(
    member: Member,
    heartbeat: Departure<MonitorEvent>,
    nowMs: number,
    dueAtMs: number,
    outputs: Output<FleetEvent>[],
  ): void {
    const departure = new FleetDeparture(member, heartbeat, this.#books, dueAtMs);
    const { unresolved } = member;
    if (unresolved === undefined) {
      this.#blindness.left(member, nowMs, outputs);
      outputs.push(departure);
      return;
    }
    // There is nowhere to send it to.
    heartbeat.leave({ monotonicMs: nowMs, wallMs: 0 });
    heartbeat.left(nowMs);
    this.failed(departure, { reason: unresolved, hostUnreachable: false }, nowMs, outputs);
  }

  #tell(member: Member, event: MonitorEvent, nowMs: number, outputs: Output<FleetEvent>[]): void {
    if (event.type === "reply") {
      this.#books.answered(event.rttMs);
      this.#blindness.answered(member, nowMs, outputs);
    } else if (event.type !== "state" || this.#blindness.tells(member, event, nowMs, outputs)) {
      outputs.push({ type: "of_target", member, event });
    }
  }
}
