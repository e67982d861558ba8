/**
 * Reads what arrives for one monitor: which datagrams are replies to its heartbeats, and why the
 * others are not.
 *
 * @module
 */

import { type Endpoint, sameEndpoint } from "../wire/endpoint.ts";
import type { Protocol } from "../wire/protocol.ts";
import type { Reply, ReplyFault } from "../wire/reply.ts";
import { isSealFault, type SealFault } from "../wire/seal.ts";
import type { Heartbeat, Ledger } from "./ledger.ts";

/** Why a datagram is no reply to a heartbeat of this run. */
export type UnexpectedReason = ReplyFault | SealFault | "wrong_source" | "never_sent" | "too_old";

/** A reply, and the heartbeat that it answers. */
export interface MatchedReply {
  /** The reply as it was read. */
  readonly reply: Reply;
  /** The heartbeat, as the ledger knows it before this reply. */
  readonly heartbeat: Heartbeat;
}

/** What came instead of replies since the last reply: hints at why the server seems silent. */
export interface Clues {
  /** Datagrams from the server that its key didn't seal. */
  readonly unauthentic: number;
  /** Another address that something came from; perhaps the server's own. */
  readonly elsewhere: Endpoint | undefined;
}

/** What came instead of replies in the whole run. */
export interface InboxFigures {
  /** Datagrams that were no replies to heartbeats of this run. */
  readonly unexpected: number;
  /** Of these, datagrams from the server that the key didn't seal. */
  readonly unauthentic: number;
  /** Another address that a datagram came from since the last reply; perhaps the server's own. */
  readonly elsewhere: Endpoint | undefined;
  /** Whether a key is used. */
  readonly keyed: boolean;
}

/** Sorts datagrams, and counts those that are no replies. */
export class Inbox {
  readonly #target: Endpoint;
  readonly #protocol: Protocol;
  readonly #ledger: Ledger;
  #unexpected = 0;
  #unauthentic = 0;
  #unauthenticSinceReply = 0;
  #elsewhere: Endpoint | undefined;

  /** Makes an inbox for replies from one endpoint to the heartbeats of one ledger. */
  constructor(target: Endpoint, protocol: Protocol, ledger: Ledger) {
    this.#target = target;
    this.#protocol = protocol;
    this.#ledger = ledger;
  }

  /** The counts of the whole run, and the last clue. */
  get figures(): InboxFigures {
    const { elsewhere } = this.clues;
    return {
      unexpected: this.#unexpected,
      unauthentic: this.#unauthentic,
      elsewhere,
      keyed: this.#protocol.keyed,
    };
  }

  /** What came instead of replies since the last call of {@linkcode forgetClues}. */
  get clues(): Clues {
    return { unauthentic: this.#unauthenticSinceReply, elsewhere: this.#elsewhere };
  }

  /**
   * Finds the heartbeat that a datagram answers, or counts the datagram and says why it answers
   * none.
   */
  read(bytes: Uint8Array, from: Endpoint): MatchedReply | UnexpectedReason {
    const read = this.#match(bytes, from);
    if (typeof read === "string") this.#unexpected++;
    return read;
  }

  /** Forgets the clues, because the server was heard. */
  forgetClues(): void {
    this.#unauthenticSinceReply = 0;
    this.#elsewhere = undefined;
  }

  #match(bytes: Uint8Array, from: Endpoint): MatchedReply | UnexpectedReason {
    if (!sameEndpoint(from, this.#target)) {
      if (from.hostname !== this.#target.hostname) this.#elsewhere = from;
      return "wrong_source";
    }
    const reply = this.#protocol.decode(bytes, this.#ledger);
    if (typeof reply === "string") {
      if (isSealFault(reply)) {
        this.#unauthentic++;
        this.#unauthenticSinceReply++;
      }
      return reply;
    }
    const { seq } = reply;
    const heartbeat = this.#ledger.find(seq);
    if (heartbeat !== undefined) return { reply, heartbeat };
    return seq >= 1 && seq <= this.#ledger.last ? "too_old" : "never_sent";
  }
}
