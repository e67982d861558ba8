/**
 * Reads what arrives for one monitor: which datagrams are replies to its heartbeats, and why the
 * others are not.
 *
 * @module
 */

import { SHOWN_BYTES } from "../text/visible_text.ts";
import { type Endpoint, sameEndpoint, sameHost } from "../wire/endpoint.ts";
import type { CheckedReply, Protocol } from "../wire/protocol.ts";
import type { ReplyFault } from "../wire/reply.ts";
import { isSealFault, type SealFault } from "../wire/seal.ts";
import type { Heartbeat, Ledger } from "./ledger.ts";

/** Why a datagram is no reply to a heartbeat of this run. */
export type UnexpectedReason =
  | ReplyFault
  | SealFault
  | "wrong_source"
  | "never_sent"
  | "too_old"
  | "no_echo";

/** A reply, and the heartbeat that it answers. */
export interface MatchedReply {
  /** The reply as it was read. */
  readonly reply: CheckedReply;
  /** The heartbeat, as the ledger knows it before this reply. */
  readonly heartbeat: Heartbeat;
  /**
   * The difference of times that it would have if the heartbeat's time had been read at its send,
   * seconds; `undefined` for an echo.
   */
  readonly differenceS: number | undefined;
  /** The round trip, milliseconds: up to the kernel's stamp on the reply, if it has a good one. */
  readonly rttMs: number;
}

/** A datagram that is no reply to a heartbeat of this run. */
export interface Unexpected {
  /** Where it came from. */
  readonly from: Endpoint;
  /** Its length. */
  readonly bytes: number;
  /** Its first bytes, as they came: only `visibleText` may print them. */
  readonly beginning: Uint8Array;
  /** Why it is none. */
  readonly reason: UnexpectedReason;
}

/** Such datagrams from one endpoint. */
export interface Strays {
  /** How many. */
  readonly count: number;
  /** The last of them. */
  readonly last: Unexpected;
}

/** What came instead of replies since the last reply: hints at why the server seems silent. */
export interface Clues {
  /** Whether a key is used. */
  readonly keyed: boolean;
  /** Datagrams from the server that its key didn't seal. */
  readonly unauthentic: number;
  /** Datagrams from the server that answered no heartbeat of this run. */
  readonly unanswering: Strays | undefined;
  /** Datagrams from another endpoint: one of the server's machine, if any came from there. */
  readonly elsewhere: Strays | undefined;
}

/** What came instead of replies: the counts are those of the whole run. */
export interface InboxFigures extends Clues {
  /** Heartbeats whose round trip ends at the kernel's stamp, and not where the reply was read. */
  readonly stamped: number;
  /** Datagrams that were no replies to heartbeats of this run. */
  readonly unexpected: number;
}

/** Sorts datagrams, and counts those that are no replies. */
export class Inbox {
  readonly #target: Endpoint;
  readonly #protocol: Protocol;
  readonly #ledger: Ledger;
  #unexpected = 0;
  #stamped = 0;
  #unauthentic = 0;
  #unauthenticSinceReply = 0;
  #unanswering: Strays | undefined;
  #elsewhere: Strays | undefined;
  /** Whether a reply has proven that its sender saw the heartbeat: from then on all must. */
  #proven = false;

  /** Makes an inbox for replies from one endpoint to the heartbeats of one ledger. */
  constructor(target: Endpoint, protocol: Protocol, ledger: Ledger) {
    this.#target = target;
    this.#protocol = protocol;
    this.#ledger = ledger;
  }

  /** The counts of the whole run, and the clues. */
  get figures(): InboxFigures {
    const [unexpected, unauthentic] = [this.#unexpected, this.#unauthentic];
    return { ...this.clues, unexpected, unauthentic, stamped: this.#stamped };
  }

  /** Datagrams that were no replies to heartbeats of this run. */
  get unexpected(): number {
    return this.#unexpected;
  }

  /** What came instead of replies since the last call of {@linkcode forgetClues}. */
  get clues(): Clues {
    return {
      keyed: this.#protocol.keyed,
      unauthentic: this.#unauthenticSinceReply,
      unanswering: this.#unanswering,
      elsewhere: this.#elsewhere,
    };
  }

  /**
   * Finds the heartbeat that a datagram answers, or counts the datagram and says why it answers
   * none.
   *
   * @param nowMs now on the monotonic clock
   * @param waitedMs how long it had waited by then, if that is known
   */
  read(
    bytes: Uint8Array,
    from: Endpoint,
    nowMs: number,
    waitedMs?: number,
  ): MatchedReply | Unexpected {
    const read = this.#match(bytes, from, nowMs, waitedMs);
    if (typeof read !== "string") return read;
    const beginning = bytes.slice(0, SHOWN_BYTES);
    const unexpected = { from, bytes: bytes.length, beginning, reason: read };
    this.#unexpected++;
    this.#note(unexpected);
    return unexpected;
  }

  /** Counts a datagram of which only its length is known; there is nothing to tell of it. */
  countTooLong(): [] {
    this.#unexpected++;
    return [];
  }

  /** What is believed of the sender of replies doesn't hold for the one at another address. */
  moved(): void {
    this.#proven = false;
    this.forgetClues();
  }

  /** Forgets the clues, because the server was heard. */
  forgetClues(): void {
    this.#unauthenticSinceReply = 0;
    this.#unanswering = undefined;
    this.#elsewhere = undefined;
  }

  #match(
    bytes: Uint8Array,
    from: Endpoint,
    nowMs: number,
    waitedMs: number | undefined,
  ): MatchedReply | UnexpectedReason {
    if (!sameEndpoint(from, this.#target)) return "wrong_source";
    const reply = this.#protocol.decode(bytes, this.#ledger);
    if (typeof reply === "string") return reply;
    const { seq } = reply;
    const heartbeat = this.#ledger.find(seq);
    if (heartbeat !== undefined) {
      if (this.#proven && !reply.proven) return "no_echo";
      this.#proven = reply.proven;
      const differenceS = differenceSinceSend(reply, heartbeat);
      const rttMs = nowMs - heartbeat.sentAtMs;
      // One that waited for longer than its round trip did not: that stamp is wrong.
      if (waitedMs === undefined || waitedMs > rttMs) {
        return { reply, heartbeat, differenceS, rttMs };
      }
      if (isFirst(heartbeat)) this.#stamped++;
      return { reply, heartbeat, differenceS, rttMs: rttMs - waitedMs };
    }
    return seq >= 1 && seq <= this.#ledger.last ? "too_old" : "never_sent";
  }

  #note(last: Unexpected): void {
    if (last.reason === "wrong_source") {
      this.#noteElsewhere(last);
    } else if (isSealFault(last.reason)) {
      this.#unauthentic++;
      this.#unauthenticSinceReply++;
    } else {
      this.#unanswering = { count: (this.#unanswering?.count ?? 0) + 1, last };
    }
  }

  /** One endpoint is enough; the likeliest is on the server's own machine. */
  #noteElsewhere(last: Unexpected): void {
    const known = this.#elsewhere;
    if (known !== undefined && sameEndpoint(known.last.from, last.from)) {
      this.#elsewhere = { count: known.count + 1, last };
    } else if (
      known === undefined || !this.#isTargetsHost(known.last) && this.#isTargetsHost(last)
    ) {
      this.#elsewhere = { count: 1, last };
    }
  }

  #isTargetsHost({ from }: Unexpected): boolean {
    return sameHost(from, this.#target);
  }
}

/** Whether a reply to it is no copy of one that came before. */
function isFirst({ fate }: Heartbeat): boolean {
  return fate === "outstanding" || fate === "lost";
}

function differenceSinceSend(
  { timeDifferenceS }: CheckedReply,
  { writingMs }: Heartbeat,
): number | undefined {
  return timeDifferenceS === undefined ? undefined : timeDifferenceS - writingMs / 1000;
}
