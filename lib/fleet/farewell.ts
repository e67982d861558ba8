/**
 * The summaries of a fleet's members: each takes some tenths of a millisecond, so they wait until
 * all have ended, and are written some at a time.
 *
 * @module
 */

import type { Output } from "../machine/machine.ts";
import type { FleetEvent } from "./events.ts";
import type { Member } from "./member.ts";

/** So many are written at once: some milliseconds of work. */
const SUMMARIES_AT_ONCE = 32;

/** Writes the summaries of members that have ended. */
export class Farewell {
  readonly #isWanted: boolean;
  readonly #waiting: Member[] = [];
  #said = 0;

  /** Begins without members; `isWanted`: whether anybody reads their summaries. */
  constructor(isWanted: boolean) {
    this.#isWanted = isWanted;
  }

  /** A member has ended. */
  add(member: Member): void {
    if (this.#isWanted) this.#waiting.push(member);
  }

  /** Writes the next summaries; returns whether these were the last. */
  say(outputs: Output<FleetEvent>[]): boolean {
    const end = Math.min(this.#said + SUMMARIES_AT_ONCE, this.#waiting.length);
    for (; this.#said < end; this.#said++) {
      const member = this.#waiting[this.#said]!;
      const event = { type: "summary", ...member.monitor.summary() } as const;
      outputs.push({ type: "of_target", member, event });
    }
    return this.#said === this.#waiting.length;
  }
}
