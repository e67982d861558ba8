/**
 * The request, `Heartbeat <seq> <time>`: written by the client, read by the server.
 *
 * @module
 */

import { bytesOf, MAX_DATAGRAM_BYTES, readSeq, RUN, SEQ, SPACE, textOf, TIME } from "./grammar.ts";

/** A request as the server understood it. */
export interface Request {
  /** The sequence number as it came, to be echoed. */
  readonly seqText: string;
  /** The sequence number, 0 to 2^53 - 1. */
  readonly seq: number;
  /** The client's wall clock when it sent the heartbeat, Unix seconds. */
  readonly timeS: number;
  /** The run of the client that it belongs to; `undefined` where the client doesn't say. */
  readonly run: string | undefined;
}

/** Why a datagram is not a request. */
export type RequestFault =
  | "empty"
  | "too_long"
  | "not_a_heartbeat"
  | "bad_sequence_number"
  | "bad_time";

const REQUEST = new RegExp(
  `^${SPACE}*Heartbeat${SPACE}+(${SEQ})${SPACE}+(${TIME})` +
    `(?:${SPACE}+run=(${RUN}))?(?:${SPACE}|$)`,
);

/** Reads a datagram as a request, or says why it isn't one; never throws. */
export function decodeRequest(bytes: Uint8Array): Request | RequestFault {
  if (bytes.length > MAX_DATAGRAM_BYTES) return "too_long";
  const text = textOf(bytes);
  const fields = REQUEST.exec(text);
  if (fields === null) return faultOf(text);
  const seqText = fields[1]!;
  const seq = readSeq(seqText);
  if (seq === undefined) return "bad_sequence_number";
  return { seqText, seq, timeS: Number(fields[2]), run: fields[3] };
}

/**
 * Writes the text of a request.
 *
 * @param seq the heartbeat's number, 0 to 2^53 - 1
 * @param wallMs the client's wall clock, Unix milliseconds; the text has it in seconds to the microsecond
 */
export function requestText(seq: number, wallMs: number): string {
  return `Heartbeat ${seq} ${(wallMs / 1000).toFixed(6)}`;
}

/**
 * Writes the datagram of a request.
 *
 * @param text as {@linkcode requestText} writes it
 * @param run the client's run, 8 hexadecimal digits, where the server is to count its heartbeats
 */
export function encodeRequest(text: string, run?: string): Uint8Array<ArrayBuffer> {
  return bytesOf(run === undefined ? text : `${text} run=${run}`);
}

const KEYWORD_FIELD = new RegExp(`^${SPACE}*Heartbeat(?:${SPACE}|$)`);
const SEQ_FIELD = new RegExp(`^${SPACE}*Heartbeat${SPACE}+${SEQ}(?:${SPACE}|$)`);

/** Names the first field that is wrong; only reached when one is, so good requests don't pay for it. */
function faultOf(text: string): RequestFault {
  if (text === "") return "empty";
  if (!KEYWORD_FIELD.test(text)) return "not_a_heartbeat";
  if (!SEQ_FIELD.test(text)) return "bad_sequence_number";
  return "bad_time";
}
