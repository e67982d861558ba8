/**
 * From events to lines: leaves details out when quiet, and limits lines that strangers can cause.
 *
 * @module
 */

import type { Instant } from "../machine/machine.ts";
import { LineLimit, MAX_LINES_PER_SECOND } from "./line_limit.ts";
import { formatCount } from "../text/units.ts";

/** How a reporter treats an event. */
export interface EventTraits {
  /** Whether it is about a single heartbeat or datagram: quiet programs don't print it. */
  readonly detail?: boolean;
  /** Whether anyone on the network can cause it: its lines are limited, see `line_limit.ts`. */
  readonly limited?: boolean;
  /** Whether its line is never dropped, however slowly lines are read. */
  readonly kept?: boolean;
}

/** How a program's events become lines. */
export interface ReporterOptions<Event extends { readonly type: string }> {
  /** The traits of each event. */
  readonly traits: Readonly<Record<Event["type"], EventTraits>>;
  /** Whether events that are details are left out. */
  readonly quiet: boolean;
  /** Writes an event; `undefined`: it has no line. */
  readonly write: (event: Event | HeldBack, now: Instant) => string | undefined;
  /** Prints a line; `kept`: never drops it. */
  readonly print: (line: string, kept: boolean) => void;
}

/** Lines that were not printed because there were too many in a second. */
export interface HeldBack {
  /** Tells it from a program's events. */
  readonly type: "held_back";
  /** The number of these lines. */
  readonly lines: number;
}

/** Says that lines were not printed. */
export function heldBackText({ lines }: HeldBack): string {
  return `... left out: ${formatCount(lines, "more line")} about datagrams that went wrong ` +
    `(${MAX_LINES_PER_SECOND} a second are shown)`;
}

/** Prints the events of one program as lines. */
export class Reporter<Event extends { readonly type: string }> {
  readonly #options: ReporterOptions<Event>;
  /** Each type has its own limit, so that strangers who cause one type don't hide another. */
  readonly #limits = new Map<Event["type"], LineLimit>();

  /** Makes a reporter. */
  constructor(options: ReporterOptions<Event>) {
    this.#options = options;
  }

  /**
   * Prints the line of an event, if it has one. A line that says how many were held back comes
   * first.
   *
   * @param now the moment of the event
   */
  report(event: Event, now: Instant): void {
    const { traits, quiet, write, print } = this.#options;
    const { detail = false, kept = false, limited = false } = traits[event.type as Event["type"]];
    if (quiet && detail) return;
    const untilMs = event.type === "summary" ? Infinity : now.monotonicMs;
    let heldBack = 0;
    for (const limit of this.#limits.values()) heldBack += limit.takeHeldBack(untilMs);
    if (heldBack > 0) {
      const before = write({ type: "held_back", lines: heldBack }, now);
      if (before !== undefined) print(before, kept);
    }
    const admitted = !limited || this.#limitOf(event.type).admit(now.monotonicMs);
    const line = admitted ? write(event, now) : undefined;
    if (line !== undefined) print(line, kept);
  }

  #limitOf(type: Event["type"]): LineLimit {
    let limit = this.#limits.get(type);
    if (limit === undefined) this.#limits.set(type, limit = new LineLimit());
    return limit;
  }
}
