/**
 * The reply, `Seq: <seq>, Time Difference: <difference> seconds`: written by the server, read by the client.
 *
 * @module
 */

import { bytesOf, DIFFERENCE, HELD, MAX_DATAGRAM_BYTES, readSeq, SEQ, textOf } from "./grammar.ts";
import { secondsText, TextWriter } from "./text_writer.ts";

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
 * Writes the text of a reply, for people.
 *
 * @param timeDifferenceS seconds, written to the microsecond
 */
export function replyText(seq: number, timeDifferenceS: number): string {
  return `Seq: ${seq}, Time Difference: ${secondsText(timeDifferenceS)} seconds`;
}

// All fields at their longest have 173 bytes.
const MAX_REPLY_BYTES = 256;
const [SEQ_NAME, DIFFERENCE_NAME, UNIT] = ["Seq: ", ", Time Difference: ", " seconds"].map(bytesOf);
const [RECEIVED_NAME, FIRST_NAME, HIGHEST_NAME, HELD_NAME] = [
  ", Received: ",
  ", First: ",
  ", Highest: ",
  ", Held: ",
].map(bytesOf);

/** Writes the datagrams of replies, one after the other into the same buffer. */
export class ReplyWriter {
  readonly #writer = new TextWriter(MAX_REPLY_BYTES);

  /** The reply so far: a view, overwritten by the next reply. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#writer.bytes;
  }

  /** The length of the reply so far. */
  get length(): number {
    return this.#writer.length;
  }

  /**
   * Begins a reply: all that a plain peer reads.
   *
   * @param request the datagram that is answered, for the digits of its number
   * @param timeDifferenceS seconds, written to the microsecond
   */
  begin(request: Uint8Array, seqFrom: number, seqTo: number, timeDifferenceS: number): void {
    const writer = this.#writer;
    writer.cut(0);
    writer.word(SEQ_NAME!);
    writer.copy(request, seqFrom, seqTo);
    writer.word(DIFFERENCE_NAME!);
    writer.seconds(timeDifferenceS);
    writer.word(UNIT!);
  }

  /** Appends what the server has counted, unless that makes the reply longer than so many bytes. */
  addCount({ received, first, highest, heldS }: ServerCount, maxBytes: number): void {
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

/** Reads the fields of a count; one that contradicts itself is as good as none. */
function readCount(fields: RegExpExecArray): ServerCount | undefined {
  if (fields[3] === undefined) return undefined;
  const [received, first, highest] = fields.slice(3, 6).map((text) => readSeq(text));
  if (received === undefined || first === undefined || highest === undefined) return undefined;
  if (received < 1 || received > highest - first + 1) return undefined;
  return { received, first, highest, heldS: Number(fields[6]) };
}
