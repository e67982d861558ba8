/**
 * Authentication: a message authentication code at the end of each datagram, over all bytes before
 * it.
 *
 * ```text
 * request   Heartbeat 12 1763824000.123456467 run=<run> mac=<mac>
 * reply     Seq: 12, Time Difference: 0.000123 seconds, ..., Mac: <mac>
 * ```
 *
 * The code of a reply also covers the run that it answers, so that no other run accepts it.
 *
 * @module
 */

import { bytesOf, MAX_DATAGRAM_BYTES } from "./grammar.ts";

/** Makes and compares codes with a key that both sides have. */
export interface Seal {
  /** The first {@linkcode MAC_BYTES} of HMAC-SHA-256 over the joined parts (RFC 2104 section 5). */
  mac(...parts: readonly Uint8Array[]): Uint8Array;
  /** Whether two codes are equal, in a time that doesn't depend on where they differ. */
  same(a: Uint8Array, b: Uint8Array): boolean;
}

/** The length of a code in bytes: half of the hash, the least that RFC 2104 advises. */
export const MAC_BYTES = 16;

/**
 * The largest difference of a sealed heartbeat's time from the server's clock, either way, seconds.
 */
export const REPLAY_WINDOW_S = 60;

/** Why a datagram isn't authentic: it has no code, or a wrong one. */
export type SealFault = "unauthenticated" | "bad_mac";

const SEAL_FAULTS: readonly string[] = ["unauthenticated", "bad_mac"] satisfies SealFault[];

/** Tells a fault of the seal from other reasons. */
export function isSealFault(reason: string): reason is SealFault {
  return SEAL_FAULTS.includes(reason);
}

const MAC_DIGITS = MAC_BYTES * 2;
const REQUEST_FIELD = bytesOf(" mac=");
const REPLY_FIELD = bytesOf(", Mac: ");

/** The bytes that a code adds to a reply. */
export const REPLY_MAC_LENGTH: number = REPLY_FIELD.length + MAC_DIGITS;

/** Appends the code of a request. */
export function sealRequest(bytes: Uint8Array, seal: Seal): Uint8Array<ArrayBuffer> {
  return joined(bytes, REQUEST_FIELD, bytesOf(hexOf(seal.mac(bytes))));
}

/** Checks the code of a request, and returns the bytes before it. */
export function openRequest(bytes: Uint8Array, seal: Seal): Uint8Array | SealFault {
  return open(bytes, REQUEST_FIELD, seal);
}

/** Appends the code to a reply that answers this run. */
export function sealReply(bytes: Uint8Array, run: string, seal: Seal): Uint8Array<ArrayBuffer> {
  return joined(bytes, REPLY_FIELD, bytesOf(hexOf(seal.mac(bytesOf(run), bytes))));
}

/** Checks the code of a reply that answers this run, and returns the bytes before it. */
export function openReply(bytes: Uint8Array, run: string, seal: Seal): Uint8Array | SealFault {
  return open(bytes, REPLY_FIELD, seal, bytesOf(run));
}

function open(
  bytes: Uint8Array,
  field: Uint8Array,
  seal: Seal,
  ...context: readonly Uint8Array[]
): Uint8Array | SealFault {
  const end = bytes.length - MAC_DIGITS;
  const start = end - field.length;
  // A longer datagram was cut when it was received, and lost its code.
  if (bytes.length > MAX_DATAGRAM_BYTES) return "unauthenticated";
  if (start < 0 || !field.every((byte, i) => bytes[start + i] === byte)) return "unauthenticated";
  const mac = bytesOfHex(bytes.subarray(end));
  const body = bytes.subarray(0, start);
  return mac !== undefined && seal.same(mac, seal.mac(...context, body)) ? body : "bad_mac";
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Reads bytes from lower-case hexadecimal digits; `undefined` where there are other characters. */
function bytesOfHex(digits: Uint8Array): Uint8Array | undefined {
  const text = String.fromCharCode(...digits);
  if (!/^[0-9a-f]*$/.test(text)) return undefined;
  return Uint8Array.from(
    { length: text.length / 2 },
    (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
