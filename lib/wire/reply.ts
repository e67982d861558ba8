/**
 * The reply, `Seq: <seq>, Time Difference: <difference> seconds`: written by the server, read by the client.
 *
 * @module
 */

import {
  bytesOf,
  DIFFERENCE,
  MAX_AMPLIFICATION,
  MAX_DATAGRAM_BYTES,
  readSeq,
  SEQ,
  textOf,
} from "./grammar.ts";

/** A reply as the client understood it. */
export interface Reply {
  /** The sequence number of the heartbeat that it answers. */
  readonly seq: number;
  /** The server's receive time less the client's send time, seconds; negative where the clocks disagree that way. */
  readonly timeDifferenceS: number;
}

/** Why a datagram is not a reply. */
export type ReplyFault = "empty" | "too_long" | "not_a_reply" | "bad_sequence_number";

const REPLY = new RegExp(
  `^Seq: (${SEQ}), Time Difference: (${DIFFERENCE}) seconds(?:[,\\s]|$)`,
);

/** Reads a datagram as a reply, or says why it isn't one; never throws. */
export function decodeReply(bytes: Uint8Array): Reply | ReplyFault {
  if (bytes.length === 0) return "empty";
  if (bytes.length > MAX_DATAGRAM_BYTES) return "too_long";
  const fields = REPLY.exec(textOf(bytes));
  if (fields === null) return "not_a_reply";
  const seq = readSeq(fields[1]!);
  if (seq === undefined) return "bad_sequence_number";
  return { seq, timeDifferenceS: Number(fields[2]) };
}

/**
 * Writes the text of a reply.
 *
 * @param seq the heartbeat's number, as the request had it
 * @param timeDifferenceS seconds, written to the microsecond
 */
export function replyText(seq: string | number, timeDifferenceS: number): string {
  // Rounding first turns a tiny negative difference into 0, and adding 0 turns -0 into 0: no "-0.000000".
  const difference = Math.round(timeDifferenceS * 1e6) / 1e6 + 0;
  return `Seq: ${seq}, Time Difference: ${difference.toFixed(6)} seconds`;
}

/** Writes the datagram of a reply's text, or `undefined` where it would amplify its request too much. */
export function encodeReply(
  text: string,
  requestBytes: number,
): Uint8Array<ArrayBuffer> | undefined {
  const bytes = bytesOf(text);
  return bytes.length > requestBytes * MAX_AMPLIFICATION ? undefined : bytes;
}
