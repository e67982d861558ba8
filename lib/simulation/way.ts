/**
 * One way between the simulated client and server.
 *
 * @module
 */

import type { Arrival, Link } from "../impairment/link.ts";

/** A link that counts what it does. */
export class Way {
  /** Datagrams that entered it. */
  sent = 0;
  /** Datagrams that it lost. */
  lost = 0;
  /** Datagrams that it doubled. */
  duplicated = 0;
  readonly #link: Link;

  /** Makes a way over a link. */
  constructor(link: Link) {
    this.#link = link;
  }

  /** Takes a datagram; returns when it and its copies arrive. */
  carry(nowMs: number): Arrival[] {
    const arrivals = this.#link.carry(nowMs);
    this.sent++;
    if (arrivals.length === 0) this.lost++;
    if (arrivals.length > 1) this.duplicated++;
    return arrivals;
  }

  /** Takes a datagram while nothing gets through. */
  cut(): void {
    this.sent++;
    this.lost++;
  }
}

/** The bytes of a datagram as they arrive: copied, and perhaps damaged. */
export function corrupt(bytes: Uint8Array<ArrayBuffer>, arrival: Arrival): Uint8Array<ArrayBuffer> {
  if (arrival.corrupted === undefined || bytes.length === 0) return bytes.slice();
  const { position, by } = arrival.corrupted;
  const changed = bytes.slice();
  const place = Math.floor(position * bytes.length);
  changed[place] = (changed[place]! + by) & 0xff;
  return changed;
}
