/**
 * The reply, `Seq: <seq>, Time Difference: <difference> seconds`: written by the server, read by the client.
 *
 * @module
 */

import {
  bytesOf,
  DIFFERENCE,
  HELD,
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
  /** What the server has counted; `undefined` where it doesn't say. */
  readonly count: ServerCount | undefined;
}

/** What a server says of the heartbeats of a run, besides answering one. */
export interface ServerCount {
  /** How many different heartbeats it has accepted, from `first` to `highest`. */
  readonly received: number;
  /** The first heartbeat that it has accepted. */
  readonly first: number;
  /** The highest-numbered heartbeat that it has accepted. */
  readonly highest: number;
  /** How long it took over this reply, seconds. */
  readonly heldS: number;
}

/** Why a datagram is not a reply. */
export type ReplyFault = "empty" | "too_long" | "not_a_reply" | "bad_sequence_number";

const REPLY = new RegExp(
  `^Seq: (${SEQ}), Time Difference: (${DIFFERENCE}) seconds` +
    `(?:, Received: (${SEQ}), First: (${SEQ}), Highest: (${SEQ}), Held: (${HELD}))?(?:[,\\s]|$)`,
);

/** Reads a datagram as a reply, or says why it isn't one; never throws. */
export function decodeReply(bytes: Uint8Array): Reply | ReplyFault {
  if (bytes.length === 0) return "empty";
  if (bytes.length > MAX_DATAGRAM_BYTES) return "too_long";
  const fields = REPLY.exec(textOf(bytes));
  if (fields === null) return "not_a_reply";
  const seq = readSeq(fields[1]!);
  if (seq === undefined) return "bad_sequence_number";
  return { seq, timeDifferenceS: Number(fields[2]), count: readCount(fields) };
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

/**
 * Writes the datagram of a reply, or returns `undefined` where it would amplify its request too much.
 *
 * @param text as {@linkcode replyText} writes it
 * @param requestBytes the length of the request
 * @param count what the server has counted; left out where it would make the reply too long
 */
export function encodeReply(
  text: string,
  requestBytes: number,
  count?: ServerCount,
): Uint8Array<ArrayBuffer> | undefined {
  const limit = requestBytes * MAX_AMPLIFICATION;
  if (count !== undefined) {
    const bytes = bytesOf(text + countText(count));
    if (bytes.length <= limit) return bytes;
  }
  const bytes = bytesOf(text);
  return bytes.length <= limit ? bytes : undefined;
}

function countText({ received, first, highest, heldS }: ServerCount): string {
  return `, Received: ${received}, First: ${first}, Highest: ${highest}, Held: ${heldS.toFixed(6)}`;
}

/** Reads the fields of a count; one that contradicts itself is as good as none. */
function readCount(fields: RegExpExecArray): ServerCount | undefined {
  if (fields[3] === undefined) return undefined;
  const [received, first, highest] = fields.slice(3, 6).map((text) => readSeq(text));
  if (received === undefined || first === undefined || highest === undefined) return undefined;
  if (received < 1 || received > highest - first + 1) return undefined;
  return { received, first, highest, heldS: Number(fields[6]) };
}
