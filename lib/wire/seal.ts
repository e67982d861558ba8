/**
 * Authentication: a message authentication code at the end of each datagram, over all that stands before it.
 *
 * ```text
 * request   Heartbeat 12 1763824000.123456 run=<run> mac=<mac>
 * reply     Seq: 12, Time Difference: 0.000123 seconds, ..., Mac: <mac>
 * ```
 *
 * The code of a reply covers the run that it answers, too, so that a reply to one run is none to another.
 *
 * @module
 */

import { bytesOf, MAX_DATAGRAM_BYTES } from "./grammar.ts";

/** Seals datagrams with a key that both sides have. */
export interface Seal {
  /** HMAC-SHA-256 over these bytes, one part after the other, its first {@linkcode MAC_BYTES} (RFC 2104 section 5). */
  mac(...parts: readonly Uint8Array[]): Uint8Array;
  /** Whether two codes are the same, in a time that doesn't depend on where they differ. */
  same(a: Uint8Array, b: Uint8Array): boolean;
}

/** The length of a code: half of the hash, as much as RFC 2104 wants at least. */
export const MAC_BYTES = 16;

/** How far the time of a sealed heartbeat may be from the server's clock, either way, seconds. */
export const REPLAY_WINDOW_S = 60;

/** Why a datagram isn't authentic: it has no code, or not the right one. */
export type SealFault = "unauthenticated" | "bad_mac";

const MAC_DIGITS = MAC_BYTES * 2;
const REQUEST_FIELD = bytesOf(" mac=");
const REPLY_FIELD = bytesOf(", Mac: ");

/** How much longer a code makes a reply. */
export const REPLY_MAC_LENGTH: number = REPLY_FIELD.length + MAC_DIGITS;

/** Appends the code of a request. */
export function sealRequest(bytes: Uint8Array, seal: Seal): Uint8Array<ArrayBuffer> {
  return joined(bytes, REQUEST_FIELD, bytesOf(hexOf(seal.mac(bytes))));
}

/** Checks the code of a request; returns what stands before it. */
export function openRequest(bytes: Uint8Array, seal: Seal): Uint8Array | SealFault {
  return open(bytes, REQUEST_FIELD, seal);
}

/** Appends the code of a reply to this run. */
export function sealReply(bytes: Uint8Array, run: string, seal: Seal): Uint8Array<ArrayBuffer> {
  return joined(bytes, REPLY_FIELD, bytesOf(hexOf(seal.mac(bytesOf(run), bytes))));
}

/** Checks the code of a reply to this run; returns what stands before it. */
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
  // A longer one was cut when it was received, and with it its code.
  if (bytes.length > MAX_DATAGRAM_BYTES) return "unauthenticated";
  if (start < 0 || !field.every((byte, i) => bytes[start + i] === byte)) return "unauthenticated";
  const mac = bytesOfHex(bytes.subarray(end));
  const body = bytes.subarray(0, start);
  return mac !== undefined && seal.same(mac, seal.mac(...context, body)) ? body : "bad_mac";
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes that lower-case hexadecimal digits stand for; `undefined` where there are others. */
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
