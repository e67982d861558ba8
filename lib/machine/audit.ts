/**
 * Counts that must agree: where they don't, this program has a fault, and its figures say so.
 *
 * @module
 */

import { formatCount } from "../text/units.ts";

/** What an audit has found so far. */
export interface AuditFigures {
  /** How often figures were made that contradict each other; anything but 0 is a fault. */
  readonly contradictions: number;
  /** The last of them, `sent 5, but received 3 + lost 1 + outstanding 0`. */
  readonly contradiction: string | undefined;
}

/** Checks figures as they are made. It throws nothing: a watch goes on, and says what it found. */
export class Audit {
  #contradictions = 0;
  #contradiction: string | undefined;

  /**
   * Checks that a total is the sum of its parts, none of which is negative.
   *
   * @param parts their names and counts
   */
  check(name: string, total: number, parts: Readonly<Record<string, number>>): AuditFigures {
    const counts = Object.values(parts);
    const sum = counts.reduce((before, count) => before + count, 0);
    if (sum !== total || counts.some((count) => !(count >= 0))) {
      const told = Object.entries(parts).map(([part, count]) => `${part} ${count}`);
      this.#contradictions++;
      this.#contradiction = `${name} ${total}, but ${told.join(" + ")}`;
    }
    return { contradictions: this.#contradictions, contradiction: this.#contradiction };
  }
}

/** Says what an audit has found; `undefined`: nothing. */
export function auditText({ contradictions, contradiction }: AuditFigures): string | undefined {
  if (contradiction === undefined) return undefined;
  return `This program contradicts itself (${formatCount(contradictions, "time")}; the last: ` +
    `${contradiction}). Don't trust its figures, and please report it.`;
}
