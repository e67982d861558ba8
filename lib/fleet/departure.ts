/**
 * A heartbeat of a fleet on its way out: as its monitor makes it, with its target.
 *
 * @module
 */

import type { Departure, Instant } from "../machine/machine.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { FleetEvent } from "./events.ts";
import type { FleetBooks } from "./fleet_books.ts";
import type { Member } from "./member.ts";

const SENT: FleetEvent = { type: "sent" };

/** A heartbeat of a member. */
export class FleetDeparture implements Departure<FleetEvent> {
  /** Tells it from other outputs. */
  readonly type = "departure";
  /** The target. */
  readonly member: Member;
  /** The heartbeat, as its monitor made it. */
  readonly of: Departure<MonitorEvent>;
  readonly #books: FleetBooks;
  readonly #dueAtMs: number;

  /**
   * Takes a heartbeat of a member's monitor.
   *
   * @param dueAtMs when it was to leave, on the monotonic clock
   */
  constructor(
    member: Member,
    of: Departure<MonitorEvent>,
    books: FleetBooks,
    dueAtMs: number,
  ) {
    this.member = member;
    this.of = of;
    this.#books = books;
    this.#dueAtMs = dueAtMs;
  }

  get to(): Endpoint {
    return this.of.to;
  }

  get seq(): number {
    return this.of.seq;
  }

  leave(now: Instant): { readonly bytes: Uint8Array<ArrayBuffer>; readonly event: FleetEvent } {
    return { bytes: this.of.leave(now).bytes, event: SENT };
  }

  left(monotonicMs: number): void {
    this.of.left(monotonicMs);
    this.#books.left(monotonicMs - this.#dueAtMs);
  }
}
