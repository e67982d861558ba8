/**
 * IP addresses as text.
 *
 * @module
 */

import { isZone, splitZone } from "./zone.ts";

/**
 * The IP version of an address, with or without a zone; `undefined` for any other text, which may
 * be a name.
 */
export function addressFamily(text: string): 4 | 6 | undefined {
  const address = canonicalAddress(text);
  return address === undefined ? undefined : address.includes(":") ? 6 : 4;
}

/**
 * Rewrites an address as the operating system prints it, so that two texts of one address are
 * equal; `undefined` for any other text. A link-local address keeps its zone; others have none.
 */
export function canonicalAddress(text: string): string | undefined {
  const { address, zone } = splitZone(text);
  const bytes = addressBytes(address);
  if (bytes === undefined) return undefined;
  if (zone === undefined) return addressText(bytes);
  return isLinkLocal(address) && isZone(zone) ? `${addressText(bytes)}%${zone}` : undefined;
}

/**
 * Whether an address, with or without its zone, exists once on each link: `fe80::/10` (RFC 4291
 * section 2.5.6).
 */
export function isLinkLocal(text: string): boolean {
  const { address } = splitZone(text);
  const [first = 0, second = 0] = address.includes(":") ? bytesOfV6(address) ?? [] : [];
  return first === 0xfe && (second & 0xc0) === 0x80;
}

/** Writes the 4 or 16 bytes of an address as the operating system prints it (RFC 5952). */
export function addressText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join(".");
  const v4 = mappedV4(bytes);
  if (v4 !== undefined) return `::ffff:${v4.join(".")}`;
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(bytes[i]! << 8 | bytes[i + 1]!);
  return compressZeros(groups);
}

/**
 * The 4 bytes of the IPv4 address that an IPv6 address carries (`::ffff:192.0.2.1`, RFC 4291
 * section 2.5.5.2); `undefined` for every other address.
 */
export function mappedV4(bytes: readonly number[]): readonly number[] | undefined {
  const isMapped = bytes.length === 16 && bytes[10] === 0xff && bytes[11] === 0xff &&
    bytes.slice(0, 10).every((byte) => byte === 0);
  return isMapped ? bytes.slice(12) : undefined;
}

/**
 * The 4 or 16 bytes of an address without a zone, most significant first; `undefined` for any other
 * text.
 */
export function addressBytes(text: string): number[] | undefined {
  return text.includes(":") ? bytesOfV6(text) : bytesOfV4(text);
}

function bytesOfV4(text: string): number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  // No leading zeros: some systems read them as octal numbers.
  if (!parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.map(Number);
}

function bytesOfV6(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, i) =>
    half === "" && halves.length === 2
      ? []
      : bytesOfGroups(half.split(":"), i === halves.length - 1)
  );
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  if (tail === undefined) return head.length === 16 ? head : undefined;
  const zeros = 16 - head.length - tail.length;
  // "::" stands for at least one group (RFC 4291 section 2.2).
  return zeros >= 2 ? [...head, ...new Array<number>(zeros).fill(0), ...tail] : undefined;
}

/**
 * Reads groups of up to four hexadecimal digits; at the end of an address, the last may be IPv4.
 */
function bytesOfGroups(groups: string[], atEnd: boolean): number[] | undefined {
  const bytes: number[] = [];
  for (const [i, group] of groups.entries()) {
    const embedded = atEnd && i === groups.length - 1 ? bytesOfV4(group) : undefined;
    if (embedded !== undefined) bytes.push(...embedded);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return bytes;
}

/** Joins eight groups, and replaces the first of the longest runs of two or more zeros by `::`. */
function compressZeros(groups: number[]): string {
  let start = 0;
  let length = 0;
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const write = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  if (length < 2) return write(groups);
  return `${write(groups.slice(0, start))}::${write(groups.slice(start + length))}`;
}

/** Whether an address is this machine's own, which nobody on the network can send from. */
export function isLoopback(hostname: string): boolean {
  return /^127\.|^::1$/.test(hostname);
}
