/**
 * Networks: addresses that share their first bits.
 *
 * @module
 */

import { addressBytes, addressText, mappedV4 } from "./address.ts";

/** A network, written `192.0.2.0/24`. */
export class Network {
  readonly #bytes: readonly number[];
  /** The number of bits that its addresses share, 0 to 32 for IPv4, 0 to 128 for IPv6. */
  readonly prefixLength: number;

  /**
   * Makes the network that an address is in.
   *
   * @param address IPv4 or IPv6
   * @param prefixLength the number of bits to share, 0 to 32 or 128; left out: all
   * @throws {RangeError} where the text is not an address, or the address has fewer bits
   */
  constructor(address: string, prefixLength?: number) {
    const bytes = plainBytes(address);
    // The first 96 bits of a carried IPv4 address only say that it is one.
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

  /** The IP version of its addresses. */
  get family(): 4 | 6 {
    return this.#bytes.length === 4 ? 4 : 6;
  }

  /** Whether an address is in the network. An IPv4 address that IPv6 carries counts as IPv4. */
  contains(address: string): boolean {
    const bytes = plainBytes(address);
    if (bytes === undefined || bytes.length !== this.#bytes.length) return false;
    return this.#bytes.every((byte, i) => byte === (bytes[i]! & maskOf(this.prefixLength, i)));
  }

  /** `192.0.2.0/24`. */
  toString(): string {
    return `${addressText(this.#bytes)}/${this.prefixLength}`;
  }
}

/**
 * The prefix that all addresses of one site share: the first 24 bits of IPv4, the first 56 of IPv6,
 * the least that providers should assign to a home (RFC 6177). Two addresses have the same prefix
 * exactly when these texts are equal.
 */
export function addressPrefix(address: string): string {
  // An IPv4 address, bare or carried by IPv6, ends with its last byte in decimal.
  if (address.includes(".")) {
    return address.slice(address.lastIndexOf(":") + 1, address.lastIndexOf("."));
  }
  return addressBytes(address)?.slice(0, 7).join(".") ?? address;
}

/** The bytes of an address, or of the IPv4 address that it carries. */
function plainBytes(address: string): readonly number[] | undefined {
  const bytes = addressBytes(address);
  return bytes === undefined ? undefined : mappedV4(bytes) ?? bytes;
}

/** Selects those bits of byte `i` that are among the first `length` bits of an address. */
function maskOf(length: number, i: number): number {
  return 0xff << 8 - Math.min(Math.max(length - i * 8, 0), 8) & 0xff;
}
