/**
 * Addresses as libc has them: `sockaddr_in` and `sockaddr_in6`.
 *
 * @module
 */

import { addressBytes, addressText } from "../wire/address.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { splitZone } from "../wire/zone.ts";
import { LINUX } from "./libc.ts";

/** The bytes of the longer of the two, `sockaddr_in6`. */
export const ADDRESS_BYTES = 28;

/** Where the parts of both structures stand; port and address are big-endian. */
const FAMILY = 0;
const PORT = 2;
const V4_ADDRESS = 4;
const V6_ADDRESS = 8;
const V6_SCOPE = 24;
const V4_BYTES = 16;

/**
 * Writes an endpoint.
 *
 * @param indexOf the number of a link by its name; 0: there is none
 * @returns how many bytes it takes; 0: it is no address, or on no link
 */
export function writeAddress(
  into: Uint8Array,
  at: number,
  { hostname, port }: Endpoint,
  indexOf: (zone: string) => number,
): number {
  const { address, zone } = splitZone(hostname);
  const bytes = addressBytes(address);
  if (bytes === undefined) return 0;
  const isV4 = bytes.length === 4;
  into.fill(0, at, at + ADDRESS_BYTES);
  // The family is in this machine's order, which is little-endian on both.
  into[at + FAMILY] = isV4 ? LINUX.AF_INET : LINUX.AF_INET6;
  into[at + PORT] = port >> 8;
  into[at + PORT + 1] = port & 255;
  into.set(bytes, at + (isV4 ? V4_ADDRESS : V6_ADDRESS));
  if (zone !== undefined) {
    const index = /^\d+$/.test(zone) ? Number(zone) : indexOf(zone);
    // Without a number the system would choose a link by itself.
    if (index === 0) return 0;
    for (let i = 0; i < 4; i++) into[at + V6_SCOPE + i] = index >>> 8 * i;
  }
  return isV4 ? V4_BYTES : ADDRESS_BYTES;
}

/**
 * Reads an endpoint, without its zone, as Deno gives it; `undefined` for another family.
 */
export function readAddress(bytes: Uint8Array, at: number): Endpoint | undefined {
  const family = bytes[at + FAMILY]! | bytes[at + FAMILY + 1]! << 8;
  const port = bytes[at + PORT]! << 8 | bytes[at + PORT + 1]!;
  if (family === LINUX.AF_INET) {
    const from = at + V4_ADDRESS;
    return { hostname: addressText([...bytes.subarray(from, from + 4)]), port };
  }
  if (family !== LINUX.AF_INET6) return undefined;
  const from = at + V6_ADDRESS;
  return { hostname: addressText([...bytes.subarray(from, from + 16)]), port };
}

/** At most this many endpoints are kept as text: to write one takes longer than to look it up. */
const MOST_KNOWN = 4096;

/** Reads the endpoints that datagrams come from, and remembers the texts of the last ones. */
export class AddressReader {
  readonly #known = new Map<string | number, Endpoint>();

  /** Reads an endpoint of the families of IP, which is all that a UDP socket gets. */
  read(bytes: Uint8Array, at: number): Endpoint {
    const key = keyOf(bytes, at);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const endpoint = readAddress(bytes, at) ?? { hostname: "::", port: 0 };
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(key, endpoint);
    return endpoint;
  }
}

/** A number for an IPv4 endpoint, a text for one of IPv6. */
function keyOf(bytes: Uint8Array, at: number): string | number {
  const port = bytes[at + PORT]! << 8 | bytes[at + PORT + 1]!;
  if (bytes[at + FAMILY] === LINUX.AF_INET) {
    const from = at + V4_ADDRESS;
    const high = bytes[from]! << 8 | bytes[from + 1]!;
    return (high * 65536 + (bytes[from + 2]! << 8 | bytes[from + 3]!)) * 65536 + port;
  }
  const from = at + V6_ADDRESS;
  return String.fromCharCode(port, ...bytes.subarray(from, from + 16));
}
