/**
 * Networks: addresses that have their first bits in common.
 *
 * @module
 */

import { addressBytes, canonicalAddress } from "./address.ts";

/** A network of addresses. */
export class Network {
  readonly #bytes: readonly number[];
  /** How many bits its addresses have in common. */
  readonly prefixLength: number;

  /**
   * Makes the network that an address is in.
   *
   * @param address IPv4 or IPv6
   * @param prefixLength how many of its bits count, 0 to 32 or 128; left out: all
   * @throws {RangeError} for what isn't an address, or has fewer bits
   */
  constructor(address: string, prefixLength?: number) {
    const bytes = plainBytes(address);
    // Of an IPv4 address that IPv6 carries, the first 96 bits say just that.
    const carried = bytes?.length === 4 && address.includes(":") ? 96 : 0;
    const length = prefixLength === undefined ? (bytes?.length ?? 0) * 8 : prefixLength - carried;
    if (
      bytes === undefined || !Number.isInteger(length) || length < 0 || length > bytes.length * 8
    ) {
      throw new RangeError(`Not a network: ${address}/${prefixLength}`);
    }
    this.prefixLength = length;
    this.#bytes = bytes.map((byte, i) => byte & maskOf(length, i));
  }

  /** Whether an address is one of the network's; an IPv4 address that IPv6 carries is the IPv4 address. */
  contains(address: string): boolean {
    const bytes = plainBytes(address);
    if (bytes === undefined || bytes.length !== this.#bytes.length) return false;
    return this.#bytes.every((byte, i) => byte === (bytes[i]! & maskOf(this.prefixLength, i)));
  }

  /** `192.0.2.0/24`. */
  toString(): string {
    const text = this.#bytes.length === 4
      ? this.#bytes.join(".")
      : canonicalAddress(groupsText(this.#bytes))!;
    return `${text}/${this.prefixLength}`;
  }
}

/**
 * What the addresses of one site have in common: the first 24 bits of IPv4, the first 56 of IPv6, the least that
 * providers should assign to a home (RFC 6177). As a key: texts of the same prefix are equal.
 */
export function addressPrefix(address: string): string {
  // An IPv4 address, bare or carried by IPv6, ends with its last byte in decimal.
  if (address.includes(".")) {
    return address.slice(address.lastIndexOf(":") + 1, address.lastIndexOf("."));
  }
  return addressBytes(address)?.slice(0, 7).join(".") ?? address;
}

/** The bytes of an address; those of the IPv4 address where IPv6 carries one (RFC 4291 section 2.5.5.2). */
function plainBytes(address: string): number[] | undefined {
  const bytes = addressBytes(address);
  const isMapped = bytes?.length === 16 && bytes[10] === 0xff && bytes[11] === 0xff &&
    bytes.slice(0, 10).every((byte) => byte === 0);
  return isMapped ? bytes.slice(12) : bytes;
}

/** The mask of the byte at place `i` for the first `length` bits. */
function maskOf(length: number, i: number): number {
  return 0xff << 8 - Math.min(Math.max(length - i * 8, 0), 8) & 0xff;
}

function groupsText(bytes: readonly number[]): string {
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[i]! << 8 | bytes[i + 1]!).toString(16));
  return groups.join(":");
}
