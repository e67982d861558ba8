/**
 * The reply, `Seq: <seq>, Time Difference: <difference> seconds`: the server writes it, the client
 * reads it.
 *
 * @module
 */

import { CHECK_DIGITS, TIME_DECIMALS } from "./check_digits.ts";
import {
  bytesOf,
  DIFFERENCE,
  ECHO,
  HELD,
  MAX_DATAGRAM_BYTES,
  readDifference,
  readSeq,
  SEQ,
  textOf,
} from "./grammar.ts";
import type { Request } from "./request.ts";
import { secondsLength, secondsText, TextWriter } from "./text_writer.ts";

/** A reply as the client understood it; fields that it lacks are `undefined`. */
export interface Reply {
  /** The sequence number of the heartbeat that it answers. */
  readonly seq: number;
  /** The server's receive time less the client's send time, seconds; may be negative. */
  readonly timeDifferenceS: number | undefined;
  /** The nine decimals of the heartbeat's time, which the server has read. */
  readonly echo: string | undefined;
  /** The server's counts. */
  readonly count: ServerCount | undefined;
  /** Time from the request's arrival at the server to this reply, seconds. */
  readonly heldS: number | undefined;
}

/** What a server reports, in a reply, about all heartbeats of a run. */
export interface ServerCount {
  /** The number of different heartbeats that it has accepted, from `first` to `highest`. */
  readonly received: number;
  /** The number of the first heartbeat that it accepted. */
  readonly first: number;
  /** The highest number of a heartbeat that it has accepted. */
  readonly highest: number;
}

/** Why a datagram is not a reply. */
export type ReplyFault =
  | "empty"
  | "too_long"
  | "not_a_reply"
  | "bad_sequence_number"
  | "wrong_echo";

const REPLY = new RegExp(
  `^Seq: (${SEQ}), Time Difference: (${DIFFERENCE}) seconds` +
    `(?:, Echo: (${ECHO}))?(?:, Count: (${SEQ})/(${SEQ})-(${SEQ}))?(?:, Held: (${HELD}))?` +
    "(?:[,\\s\\0]|$)",
);

/** Reads a datagram as a reply, or says why it isn't one; never throws. */
export function decodeReply(bytes: Uint8Array): Reply | ReplyFault {
  if (bytes.length === 0) return "empty";
  if (bytes.length > MAX_DATAGRAM_BYTES) return "too_long";
  const fields = REPLY.exec(textOf(bytes));
  if (fields === null) return "not_a_reply";
  const [, seqText, differenceText, echo, ...rest] = fields;
  const seq = readSeq(seqText!);
  if (seq === undefined) return "bad_sequence_number";
  const timeDifferenceS = readDifference(differenceText!);
  if (timeDifferenceS === undefined) return "not_a_reply";
  const heldS = rest[3] === undefined ? undefined : Number(rest[3]);
  return { seq, timeDifferenceS, echo, count: readCount(rest), heldS };
}

/**
 * Writes the text of a reply, for people.
 *
 * @param timeDifferenceS seconds, written to the microsecond
 */
export function replyText(seq: number, timeDifferenceS: number): string {
  return `Seq: ${seq}, Time Difference: ${secondsText(timeDifferenceS)} seconds`;
}

// A reply with every field at its longest has 168 bytes.
const MAX_REPLY_BYTES = 256;
const [SEQ_NAME, DIFFERENCE_NAME, UNIT] = ["Seq: ", ", Time Difference: ", " seconds"].map(bytesOf);
const [ECHO_NAME, COUNT_NAME, SLASH, DASH, HELD_NAME] = [
  ", Echo: ",
  ", Count: ",
  "/",
  "-",
  ", Held: ",
].map(bytesOf);
const WORDS_LENGTH = SEQ_NAME!.length + DIFFERENCE_NAME!.length + UNIT!.length;
const ECHO_DIGITS = TIME_DECIMALS + CHECK_DIGITS;

/** Where the digits that a reply echoes stand in a request. */
export type DigitPlaces = Pick<Request, "seqFrom" | "seqTo" | "timeTo">;

/** What a reply says beyond the source document's; a field that is `undefined` is left out. */
export interface Extensions {
  /** Whether the nine decimals of the request's time are echoed. */
  readonly echo: boolean;
  /** The server's counts. */
  readonly count: ServerCount | undefined;
  /** Time from the request's arrival to this reply, seconds. */
  readonly heldS: number | undefined;
}

/**
 * The length of a reply without extensions, bytes, which needn't be written for it.
 *
 * @param timeDifferenceS seconds
 */
export function replyLength(
  { seqFrom, seqTo }: Pick<DigitPlaces, "seqFrom" | "seqTo">,
  timeDifferenceS: number,
): number {
  return WORDS_LENGTH + (seqTo - seqFrom) + secondsLength(timeDifferenceS);
}

/** Writes the datagrams of replies, one after the other into the same buffer. */
export class ReplyWriter {
  readonly #writer = new TextWriter(MAX_REPLY_BYTES);

  /**
   * Writes a reply.
   *
   * @param request the datagram that is answered, which has the digits
   * @param places where these stand in it; they are echoed as they came
   * @param timeDifferenceS seconds, written to the microsecond
   * @param extensions what follows; left out: nothing
   * @param maxBytes the extensions from the first one on that would exceed this are left out
   * @returns a view, which the next reply overwrites
   */
  write(
    request: Uint8Array,
    places: DigitPlaces,
    timeDifferenceS: number,
    extensions?: Extensions,
    maxBytes = MAX_REPLY_BYTES,
  ): Uint8Array<ArrayBuffer> {
    const writer = this.#writer;
    writer.cut(0);
    writer.word(SEQ_NAME!);
    writer.copy(request, places.seqFrom, places.seqTo);
    writer.word(DIFFERENCE_NAME!);
    writer.seconds(timeDifferenceS);
    writer.word(UNIT!);
    if (extensions !== undefined) this.#extend(request, places.timeTo, extensions, maxBytes);
    return writer.bytes;
  }

  #extend(
    request: Uint8Array,
    timeTo: number,
    { echo, count, heldS }: Extensions,
    maxBytes: number,
  ): void {
    const writer = this.#writer;
    let fits = writer.length;
    if (echo) {
      writer.word(ECHO_NAME!);
      writer.copy(request, timeTo - ECHO_DIGITS, timeTo);
      if (writer.length > maxBytes) return writer.cut(fits);
      fits = writer.length;
    }
    if (count !== undefined) {
      writer.word(COUNT_NAME!);
      writer.whole(count.received);
      writer.word(SLASH!);
      writer.whole(count.first);
      writer.word(DASH!);
      writer.whole(count.highest);
      if (writer.length > maxBytes) return writer.cut(fits);
      fits = writer.length;
    }
    if (heldS !== undefined) {
      writer.word(HELD_NAME!);
      writer.seconds(heldS);
      if (writer.length > maxBytes) writer.cut(fits);
    }
  }
}

/** Reads the fields of a count; one that contradicts itself is read as none. */
function readCount(texts: readonly (string | undefined)[]): ServerCount | undefined {
  if (texts[0] === undefined) return undefined;
  const [received, first, highest] = texts.slice(0, 3).map((text) => readSeq(text!));
  if (received === undefined || first === undefined || highest === undefined) return undefined;
  if (received < 1 || received > highest - first + 1) return undefined;
  return { received, first, highest };
}
