/**
 * From events to lines: leaves out what is not wanted, and limits what strangers can cause.
 *
 * @module
 */

import type { Instant } from "../machine/machine.ts";
import { LineLimit, MAX_LINES_PER_SECOND } from "./line_limit.ts";
import { formatCount } from "../text/units.ts";

/** How a program's events become lines. */
export interface ReporterOptions<Event extends { readonly type: string }> {
  /** Writes an event; `undefined`: it has no line. */
  readonly write: (event: Event | HeldBack, now: Instant) => string | undefined;
  /** Events that are left out. */
  readonly hidden: ReadonlySet<Event["type"]>;
  /** Events that anyone on the network can cause at will. */
  readonly limited: ReadonlySet<Event["type"]>;
  /** Events whose lines all others lead up to: they are never dropped, however slowly they are read. */
  readonly kept: ReadonlySet<string>;
  /** Takes a line to be printed; `kept`: it is not to be dropped. */
  readonly print: (line: string, kept: boolean) => void;
}

/** Lines that were not written, because there were too many of them in a second. */
export interface HeldBack {
  /** Tells it from a program's events. */
  readonly type: "held_back";
  /** How many lines there would have been. */
  readonly lines: number;
}

/** Says that lines were not written. */
export function heldBackText({ lines }: HeldBack): string {
  return `... left out: ${formatCount(lines, "more line")} about datagrams that went wrong ` +
    `(${MAX_LINES_PER_SECOND} a second are shown)`;
}

/** Events whose lines all others lead up to: never lost, however slowly they are read. */
export const KEPT: ReadonlySet<string> = new Set(["listening", "state", "summary"]);

/** Prints the events of one program as lines. */
export class Reporter<Event extends { readonly type: string }> {
  readonly #options: ReporterOptions<Event>;
  /** A limit for each kind of event, so that strangers who cause one don't hide another. */
  readonly #limits: ReadonlyMap<Event["type"], LineLimit>;

  /** Makes a reporter. */
  constructor(options: ReporterOptions<Event>) {
    this.#options = options;
    this.#limits = new Map(Array.from(options.limited, (type) => [type, new LineLimit()]));
  }

  /**
   * Prints the line of an event, if it has one, after a line that says how many were held back before it.
   *
   * @param now the moment of the event
   */
  report(event: Event, now: Instant): void {
    const { hidden, kept, write, print } = this.#options;
    if (hidden.has(event.type)) return;
    const keep = kept.has(event.type);
    const untilMs = event.type === "summary" ? Infinity : now.monotonicMs;
    let heldBack = 0;
    for (const limit of this.#limits.values()) heldBack += limit.takeHeldBack(untilMs);
    if (heldBack > 0) {
      const before = write({ type: "held_back", lines: heldBack }, now);
      if (before !== undefined) print(before, keep);
    }
    const admitted = this.#limits.get(event.type)?.admit(now.monotonicMs) ?? true;
    const line = admitted ? write(event, now) : undefined;
    if (line !== undefined) print(line, keep);
  }
}
