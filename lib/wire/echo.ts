/**
 * The echo: a server that sends back what it gets has answered, too.
 *
 * The textbook's UDPPingerServer answers in capitals, and any UDP echo service will do. An echo has
 * no time difference.
 *
 * @module
 */

import { MAX_DATAGRAM_BYTES, readSeq, SEQ, textOf } from "./grammar.ts";

const HEARTBEAT = new RegExp(`^heartbeat (${SEQ}) \\d{1,12}\\.\\d{9}$`, "i");

/** A datagram that looks like a heartbeat of ours, in any case of letters. */
export interface Echo {
  /** The heartbeat's number. */
  readonly seq: number;
  /** The whole text. */
  readonly text: string;
}

/** Reads a datagram as an echo; `undefined`: it is none. */
export function decodeEcho(bytes: Uint8Array): Echo | undefined {
  if (bytes.length > MAX_DATAGRAM_BYTES) return undefined;
  const text = textOf(bytes);
  const fields = HEARTBEAT.exec(text);
  if (fields === null) return undefined;
  const seq = readSeq(fields[1]!);
  return seq === undefined ? undefined : { seq, text };
}

/** Whether this is the echo of a request, in any case of letters. */
export function echoes({ text }: Echo, requestText: string): boolean {
  return text.toLowerCase() === requestText.toLowerCase();
}
