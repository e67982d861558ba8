/**
 * The seam between the monitor and the wire: how a heartbeat is written, and how what comes back is
 * read.
 *
 * @module
 */

import { decodeReply, type Reply, type ReplyFault } from "./reply.ts";
import { encodeRequest, requestText } from "./request.ts";
import { openReply, type Seal, type SealFault, sealRequest } from "./seal.ts";

/** A heartbeat, ready to be sent. */
export interface Encoded {
  /** The datagram. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What people are shown of it: its fields, without those that only programs read. */
  readonly text: string;
}

/** What a monitor has sent so far, to check a reply against. */
export interface SentSoFar {
  /** The number of the last heartbeat sent; 0 before the first. */
  readonly last: number;
}

/** Writes heartbeats and reads replies; one for each monitor. */
export interface Protocol {
  /** Whether replies count only if a key has sealed them. */
  readonly keyed: boolean;
  /**
   * Writes a heartbeat.
   *
   * @param seq its number, 1 to 2^53 - 1
   * @param wallMs the moment at which it leaves, Unix milliseconds: read as the last step before
   * the send
   */
  encode(seq: number, wallMs: number): Encoded;
  /** Reads a datagram as a reply to what was sent, or says why it isn't one; never throws. */
  decode(datagram: Uint8Array, sent: SentSoFar): Reply | ReplyFault | SealFault;
}

/**
 * The format of the source document.
 *
 * @param run names this run to the server, 8 hexadecimal digits, so that it counts the run's
 * heartbeats; left out: it doesn't
 */
export function plainProtocol(run?: string): Protocol {
  return {
    keyed: false,
    encode(seq, wallMs) {
      const text = requestText(seq, wallMs);
      return { bytes: encodeRequest(text, run), text };
    },
    decode: (datagram, sent) => withBelievableCount(decodeReply(datagram), sent),
  };
}

/**
 * The same format, sealed with a key that both sides have.
 *
 * @param run names this run, 32 hexadecimal digits that were never used before
 */
export function keyedProtocol(run: string, seal: Seal): Protocol {
  return {
    keyed: true,
    encode(seq, wallMs) {
      const text = requestText(seq, wallMs);
      return { bytes: sealRequest(encodeRequest(text, run), seal), text };
    },
    decode(datagram, sent) {
      const opened = openReply(datagram, run, seal);
      return typeof opened === "string" ? opened : withBelievableCount(decodeReply(opened), sent);
    },
  };
}

/**
 * Leaves out a count of heartbeats that were never sent, or without this one: it was damaged on its
 * way.
 */
function withBelievableCount(reply: Reply | ReplyFault, { last }: SentSoFar): Reply | ReplyFault {
  if (typeof reply === "string" || reply.count === undefined) return reply;
  const { first, highest } = reply.count;
  const believable = first <= reply.seq && reply.seq <= highest && highest <= last;
  return believable ? reply : { ...reply, count: undefined };
}
