/**
 * The reply, `Seq: <seq>, Time Difference: <difference> seconds`: the server writes it, the client
 * reads it.
 *
 * @module
 */

import { bytesOf, DIFFERENCE, HELD, MAX_DATAGRAM_BYTES, readSeq, SEQ, textOf } from "./grammar.ts";
import type { Request } from "./request.ts";
import { secondsLength, secondsText, TextWriter } from "./text_writer.ts";

/** A reply as the client understood it. */
export interface Reply {
  /** The sequence number of the heartbeat that it answers. */
  readonly seq: number;
  /** The server's receive time less the client's send time, seconds; may be negative. */
  readonly timeDifferenceS: number;
  /** The server's counts; `undefined` where it reports none. */
  readonly count: ServerCount | undefined;
}

/** What a server reports, in a reply, about all heartbeats of a run. */
export interface ServerCount {
  /** The number of different heartbeats that it has accepted, from `first` to `highest`. */
  readonly received: number;
  /** The number of the first heartbeat that it accepted. */
  readonly first: number;
  /** The highest number of a heartbeat that it has accepted. */
  readonly highest: number;
  /** Time from the request's arrival to this reply, seconds. */
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
 * Writes the text of a reply, for people.
 *
 * @param timeDifferenceS seconds, written to the microsecond
 */
export function replyText(seq: number, timeDifferenceS: number): string {
  return `Seq: ${seq}, Time Difference: ${secondsText(timeDifferenceS)} seconds`;
}

// A reply with every field at its longest has 173 bytes.
const MAX_REPLY_BYTES = 256;
const [SEQ_NAME, DIFFERENCE_NAME, UNIT] = ["Seq: ", ", Time Difference: ", " seconds"].map(bytesOf);
const [RECEIVED_NAME, FIRST_NAME, HIGHEST_NAME, HELD_NAME] = [
  ", Received: ",
  ", First: ",
  ", Highest: ",
  ", Held: ",
].map(bytesOf);
const WORDS_LENGTH = SEQ_NAME!.length + DIFFERENCE_NAME!.length + UNIT!.length;

/** Where the digits of the sequence number stand in a request. */
export type SeqPlace = Pick<Request, "seqFrom" | "seqTo">;

/**
 * The length of a reply without a count, bytes, which needn't be written for it.
 *
 * @param timeDifferenceS seconds
 */
export function replyLength({ seqFrom, seqTo }: SeqPlace, timeDifferenceS: number): number {
  return WORDS_LENGTH + (seqTo - seqFrom) + secondsLength(timeDifferenceS);
}

/** Writes the datagrams of replies, one after the other into the same buffer. */
export class ReplyWriter {
  readonly #writer = new TextWriter(MAX_REPLY_BYTES);

  /**
   * Writes a reply.
   *
   * @param request the datagram that is answered, which has the digits of the number
   * @param seqPlace where these stand in it; they are echoed as they came
   * @param timeDifferenceS seconds, written to the microsecond
   * @param count the server's counts, if any; left out where the reply would exceed `maxBytes`
   * @returns a view, which the next reply overwrites
   */
  write(
    request: Uint8Array,
    { seqFrom, seqTo }: SeqPlace,
    timeDifferenceS: number,
    count: ServerCount | undefined,
    maxBytes: number,
  ): Uint8Array<ArrayBuffer> {
    const writer = this.#writer;
    writer.cut(0);
    writer.word(SEQ_NAME!);
    writer.copy(request, seqFrom, seqTo);
    writer.word(DIFFERENCE_NAME!);
    writer.seconds(timeDifferenceS);
    writer.word(UNIT!);
    if (count !== undefined) this.#append(count, maxBytes);
    return writer.bytes;
  }

  #append({ received, first, highest, heldS }: ServerCount, maxBytes: number): void {
    const writer = this.#writer;
    const plainLength = writer.length;
    writer.word(RECEIVED_NAME!);
    writer.whole(received);
    writer.word(FIRST_NAME!);
    writer.whole(first);
    writer.word(HIGHEST_NAME!);
    writer.whole(highest);
    writer.word(HELD_NAME!);
    writer.seconds(heldS);
    if (writer.length > maxBytes) writer.cut(plainLength);
  }
}

/** Reads the fields of a count; one that contradicts itself is read as none. */
function readCount(fields: RegExpExecArray): ServerCount | undefined {
  if (fields[3] === undefined) return undefined;
  const [received, first, highest] = fields.slice(3, 6).map((text) => readSeq(text));
  if (received === undefined || first === undefined || highest === undefined) return undefined;
  if (received < 1 || received > highest - first + 1) return undefined;
  return { received, first, highest, heldS: Number(fields[6]) };
}
