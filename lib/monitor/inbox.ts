/**
 * Reads what arrives for one monitor: which datagrams are replies to its heartbeats, and why the
 * others are not.
 *
 * @module
 */

import { type Endpoint, sameEndpoint } from "../wire/endpoint.ts";
import type { Protocol } from "../wire/protocol.ts";
import type { Reply } from "../wire/reply.ts";
import { isSealFault } from "../wire/seal.ts";
import type { UnexpectedReason } from "./events.ts";
import type { Heartbeat, Ledger } from "./ledger.ts";

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

  /** Datagrams that were no replies. */
  get unexpected(): number {
    return this.#unexpected;
  }

  /** Of these, datagrams from the server that its key didn't seal. */
  get unauthentic(): number {
    return this.#unauthentic;
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
