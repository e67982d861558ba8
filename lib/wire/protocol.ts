/**
 * The seam between the monitor and the wire: how a heartbeat is written, and how what comes back is
 * read.
 *
 * @module
 */

import { decodeEcho, echoes } from "./echo.ts";
import { bytesOf } from "./grammar.ts";
import { decodeReply, type Reply, type ReplyFault } from "./reply.ts";
import { requestText, withRun } from "./request.ts";
import { openReply, type Seal, type SealFault, sealRequest } from "./seal.ts";

/** A heartbeat, ready to be sent. */
export interface Encoded {
  /** The datagram. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What people are shown of it: its three fields. */
  readonly text: string;
}

/** A reply to a heartbeat that was sent. */
export interface CheckedReply extends Reply {
  /**
   * Whether it shows that its sender has seen the heartbeat, or has the key: it echoes what nobody
   * else knows, or is sealed.
   */
  readonly proven: boolean;
}

/** What a monitor has sent so far, to check a reply against. */
export interface SentSoFar {
  /** The number of the last heartbeat sent; 0 before the first. */
  readonly last: number;
  /**
   * The wall clock when a heartbeat left, Unix milliseconds, as it stands in the heartbeat;
   * `undefined`: it was never sent, or too long ago to be remembered.
   */
  wallMsOf(seq: number): number | undefined;
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
  decode(datagram: Uint8Array, sent: SentSoFar): CheckedReply | ReplyFault | SealFault;
}

/** The format of the source document; a server that echoes heartbeats answers them, too. */
export function plainProtocol(): Protocol {
  return {
    keyed: false,
    encode(seq, wallMs) {
      const text = requestText(seq, wallMs);
      return { bytes: bytesOf(text), text };
    },
    decode(datagram, sent) {
      const reply = decodeReply(datagram);
      return reply === "not_a_reply" ? echoOf(datagram, sent) : checkedReply(reply, sent);
    },
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
      return { bytes: sealRequest(bytesOf(withRun(text, run)), seal), text };
    },
    decode(datagram, sent) {
      const opened = openReply(datagram, run, seal);
      if (typeof opened === "string") return opened;
      const reply = checkedReply(decodeReply(opened), sent);
      return typeof reply === "string" ? reply : { ...reply, proven: true };
    },
  };
}

/** Reads a datagram that is no reply as the echo of a heartbeat. */
function echoOf(datagram: Uint8Array, sent: SentSoFar): CheckedReply | ReplyFault {
  const echo = decodeEcho(datagram);
  if (echo === undefined) return "not_a_reply";
  const { seq } = echo;
  const wallMs = sent.wallMsOf(seq);
  if (wallMs !== undefined && !echoes(echo, requestText(seq, wallMs))) return "wrong_echo";
  const nothing = { timeDifferenceS: undefined, echo: undefined, count: undefined };
  return { seq, ...nothing, heldS: undefined, proven: wallMs !== undefined };
}

/** Refuses a reply that echoes another time than its heartbeat's, and leaves out a wrong count. */
function checkedReply(reply: Reply | ReplyFault, sent: SentSoFar): CheckedReply | ReplyFault {
  if (typeof reply === "string") return reply;
  const { seq, echo, count } = reply;
  const wallMs = sent.wallMsOf(seq);
  if (
    echo !== undefined && wallMs !== undefined && !requestText(seq, wallMs).endsWith(`.${echo}`)
  ) {
    return "wrong_echo";
  }
  const proven = echo !== undefined && wallMs !== undefined;
  if (count === undefined) return { ...reply, proven };
  // A count of heartbeats that were never sent, or without this one, was damaged on its way.
  const { first, highest } = count;
  const believable = first <= seq && seq <= highest && highest <= sent.last;
  return { ...reply, proven, count: believable ? count : undefined };
}
