/**
 * What the flooder sends, and from where, drawn from a seed.
 *
 * @module
 */

import type { Random } from "../../lib/impairment/random.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import { requestText } from "../../lib/wire/request.ts";

/** A datagram of random bytes, or a request with some bytes changed, cut off or added. */
export function garbage(random: Random): Uint8Array<ArrayBuffer> {
  const below = (limit: number) => Math.floor(random() * limit);
  if (random() < 0.5) return Uint8Array.from({ length: below(200) }, () => below(256));
  const good = requestText(below(1e6), 1_795_362_460_000 + below(1e7) / 1000);
  // Forty in one are longer than any datagram may be.
  const bytes = new TextEncoder().encode(good.repeat(random() < 0.05 ? 40 : 1));
  for (let changes = 1 + below(3); changes > 0; changes--) bytes[below(bytes.length)] = below(256);
  return random() < 0.3 ? bytes.slice(0, below(bytes.length)) : bytes;
}

/** The heartbeats of a stranger, numbered from 1. */
export function heartbeats(): (wallMs: number) => Uint8Array<ArrayBuffer> {
  let seq = 0;
  return (wallMs) => bytesOf(requestText(++seq, wallMs));
}

/** An address of this machine out of 16 million: nearly each is in another /24 prefix. */
export function loopbackAddress(random: Random): string {
  const below = (limit: number) => Math.floor(random() * limit);
  // 127.0 is left out: the client and the server are there.
  return `127.${1 + below(254)}.${below(256)}.${1 + below(254)}`;
}

/** An address in the client's own /24 prefix, but for the client's. */
export function neighbour(random: Random): string {
  return `127.0.0.${2 + Math.floor(random() * 253)}`;
}
