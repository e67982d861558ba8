/**
 * The request, `Heartbeat <seq> <time>`: the client writes it, the server reads it.
 *
 * @module
 */

import { CHECK_DIGITS, checkDigits, checkValue, TIME_DECIMALS } from "./check_digits.ts";
import { bytesOf, KEYED_RUN_DIGITS, MAX_DATAGRAM_BYTES } from "./grammar.ts";
import {
  decimalValue,
  endOfText,
  isFieldEnd,
  skipDigits,
  skipFraction,
  skipLetters,
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
  /**
   * The client's wall clock when it sent the heartbeat, Unix seconds; check digits are left out.
   */
  readonly timeS: number;
  /** The index after the last digit of the time. */
  readonly timeTo: number;
  /** Whether the time ends in the right check digits: our client wrote it. */
  readonly checked: boolean;
  /**
   * The run that a sealed request names, 32 hexadecimal digits; `undefined` where it names none.
   */
  readonly run: string | undefined;
}

/** Why a datagram is not a request. */
export type RequestFault =
  | "empty"
  | "too_long"
  | "not_a_heartbeat"
  | "bad_sequence_number"
  | "bad_time";

const RUN = bytesOf("run=");
const MAX_WORD_LETTERS = 16;
const MAX_SEQ_DIGITS = 16;
const MAX_TIME_DIGITS = 12;
const MAX_TIME_DECIMALS = TIME_DECIMALS + CHECK_DIGITS;

/**
 * Reads a datagram as a request, or names the first field that is wrong; never throws.
 *
 * @param sealed whether a key has sealed it: then the decimals from the seventh on are check
 * digits, right or wrong
 */
export function decodeRequest(datagram: Uint8Array, sealed = false): Request | RequestFault {
  if (datagram.length === 0) return "empty";
  if (datagram.length > MAX_DATAGRAM_BYTES) return "too_long";
  const end = endOfText(datagram);
  const bytes = end === datagram.length ? datagram : datagram.subarray(0, end);

  const word = skipSpace(bytes, 0);
  const wordEnd = skipLetters(bytes, word);
  const wordless = wordEnd === word;
  const seqFrom = skipSpace(bytes, wordEnd);
  const seqTo = skipDigits(bytes, seqFrom);
  if (
    wordless ? seqTo === seqFrom : wordEnd - word > MAX_WORD_LETTERS || !isFieldEnd(bytes, wordEnd)
  ) {
    return "not_a_heartbeat";
  }

  if (seqTo === seqFrom || seqTo - seqFrom > MAX_SEQ_DIGITS || !isFieldEnd(bytes, seqTo)) {
    return "bad_sequence_number";
  }
  const seq = wholeValue(bytes, seqFrom, seqTo);
  // Above 2^53 - 1, neighbouring numbers can no longer be told apart.
  if (seq > Number.MAX_SAFE_INTEGER) return "bad_sequence_number";

  const time = skipSpace(bytes, seqTo);
  const timeDot = skipDigits(bytes, time);
  const timeTo = skipFraction(bytes, timeDot);
  const decimals = Math.max(0, timeTo - timeDot - 1);
  if (
    timeDot === time || timeDot - time > MAX_TIME_DIGITS || decimals > MAX_TIME_DECIMALS ||
    !isFieldEnd(bytes, timeTo)
  ) {
    return "bad_time";
  }
  // Other protocols send pairs of numbers, too. Of a heartbeat without a word, nothing may follow.
  if (wordless && timeTo < bytes.length) return "not_a_heartbeat";

  const checkFrom = timeTo - CHECK_DIGITS;
  const checked = decimals === MAX_TIME_DECIMALS &&
    wholeValue(bytes, checkFrom, timeTo) === checkValue(bytes, seqFrom, checkFrom);
  const withoutCheck = checked || sealed && decimals === MAX_TIME_DECIMALS;
  const timeS = decimalValue(bytes, time, timeDot, withoutCheck ? checkFrom : timeTo);
  const run = sealed ? readRun(bytes, timeTo) : undefined;
  return { seq, seqFrom, seqTo, timeS, timeTo, checked, run };
}

/**
 * Writes the text of a request.
 *
 * @param seq the heartbeat's number, 0 to 2^53 - 1
 * @param wallMs the client's wall clock, Unix milliseconds; written in seconds to the microsecond,
 * with the check digits after it
 */
export function requestText(seq: number, wallMs: number): string {
  // A heartbeat has no time before 1970: the grammar knows no sign.
  const fields = `${seq} ${(Math.max(0, wallMs) / 1000).toFixed(TIME_DECIMALS)}`;
  return `Heartbeat ${fields}${checkDigits(fields)}`;
}

/** Appends the name of the client's run, which only a request with a key has. */
export function withRun(text: string, run: string): string {
  return `${text} run=${run}`;
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
  return run.length === KEYED_RUN_DIGITS ? run : undefined;
}

/** The lower-case hexadecimal digits, each at the index of its character code. */
const HEX_DIGITS: readonly (string | undefined)[] = Object.assign(
  new Array<string | undefined>(256).fill(undefined),
  Object.fromEntries([..."0123456789abcdef"].map((digit) => [digit.charCodeAt(0), digit])),
);
