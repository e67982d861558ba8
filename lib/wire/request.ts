/**
 * The request, `Heartbeat <seq> <time>`: the client writes it, the server reads it.
 *
 * @module
 */

import { bytesOf, KEYED_RUN_DIGITS, MAX_DATAGRAM_BYTES, RUN_DIGITS } from "./grammar.ts";
import {
  decimalValue,
  isFieldEnd,
  skipDigits,
  skipFraction,
  skipSpace,
  standsAt,
  wholeValue,
} from "./scan.ts";

/** A request as the server understood it. */
export interface Request {
  /** The sequence number, 0 to 2^53 - 1. */
  readonly seq: number;
  /** The index of its first digit in the datagram; the reply echoes the digits as they came. */
  readonly seqFrom: number;
  /** The index after its last digit. */
  readonly seqTo: number;
  /** The client's wall clock when it sent the heartbeat, Unix seconds. */
  readonly timeS: number;
  /** The client's run that it belongs to; `undefined` where the client names none. */
  readonly run: string | undefined;
}

/** Why a datagram is not a request. */
export type RequestFault =
  | "empty"
  | "too_long"
  | "not_a_heartbeat"
  | "bad_sequence_number"
  | "bad_time";

const KEYWORD = bytesOf("Heartbeat");
const RUN = bytesOf("run=");
const MAX_SEQ_DIGITS = 16;
const MAX_TIME_DIGITS = 12;
const MAX_TIME_DECIMALS = 9;

/** Reads a datagram as a request, or names the first field that is wrong; never throws. */
export function decodeRequest(bytes: Uint8Array): Request | RequestFault {
  if (bytes.length === 0) return "empty";
  if (bytes.length > MAX_DATAGRAM_BYTES) return "too_long";

  const keyword = skipSpace(bytes, 0);
  const keywordEnd = keyword + KEYWORD.length;
  if (!standsAt(bytes, keyword, KEYWORD) || !isFieldEnd(bytes, keywordEnd)) {
    return "not_a_heartbeat";
  }

  const seqFrom = skipSpace(bytes, keywordEnd);
  const seqTo = skipDigits(bytes, seqFrom);
  if (seqTo === seqFrom || seqTo - seqFrom > MAX_SEQ_DIGITS || !isFieldEnd(bytes, seqTo)) {
    return "bad_sequence_number";
  }
  const seq = wholeValue(bytes, seqFrom, seqTo);
  // Above 2^53 - 1, neighbouring numbers can no longer be told apart.
  if (seq > Number.MAX_SAFE_INTEGER) return "bad_sequence_number";

  const time = skipSpace(bytes, seqTo);
  const timeDot = skipDigits(bytes, time);
  const timeEnd = skipFraction(bytes, timeDot);
  if (
    timeDot === time || timeDot - time > MAX_TIME_DIGITS ||
    timeEnd - timeDot > MAX_TIME_DECIMALS + 1 || !isFieldEnd(bytes, timeEnd)
  ) {
    return "bad_time";
  }
  return {
    seq,
    seqFrom,
    seqTo,
    timeS: decimalValue(bytes, time, timeDot, timeEnd),
    run: timeEnd === bytes.length ? undefined : readRun(bytes, timeEnd),
  };
}

/**
 * Writes the text of a request.
 *
 * @param seq the heartbeat's number, 0 to 2^53 - 1
 * @param wallMs the client's wall clock, Unix milliseconds; written in seconds to the microsecond
 */
export function requestText(seq: number, wallMs: number): string {
  return `Heartbeat ${seq} ${(wallMs / 1000).toFixed(6)}`;
}

/**
 * Writes the datagram of a request.
 *
 * @param text from {@linkcode requestText}
 * @param run the client's run, hexadecimal digits; left out: the server doesn't report its counts
 */
export function encodeRequest(text: string, run?: string): Uint8Array<ArrayBuffer> {
  return bytesOf(run === undefined ? text : `${text} run=${run}`);
}

/** The name of the run, if it is the next field. */
function readRun(bytes: Uint8Array, at: number): string | undefined {
  at = skipSpace(bytes, at);
  if (!standsAt(bytes, at, RUN)) return undefined;
  let run = "";
  for (at += RUN.length; !isFieldEnd(bytes, at); at++) {
    const character = HEX_DIGITS[bytes[at]!];
    if (character === undefined) return undefined;
    run += character;
  }
  return run.length === RUN_DIGITS || run.length === KEYED_RUN_DIGITS ? run : undefined;
}

/** The lower-case hexadecimal digits, each at the index of its character code. */
const HEX_DIGITS: readonly (string | undefined)[] = Object.assign(
  new Array<string | undefined>(256).fill(undefined),
  Object.fromEntries([..."0123456789abcdef"].map((digit) => [digit.charCodeAt(0), digit])),
);
