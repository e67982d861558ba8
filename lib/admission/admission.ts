/**
 * Whom the server answers, and how often.
 *
 * A source address proves nothing: anyone can write another's into a datagram. So what is limited is what any
 * network can be made to receive from here, and a flood of invented sources must not cost a real client its replies.
 *
 * @module
 */

import { addressPrefix, type Network } from "../wire/network.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { Lru } from "../tables/lru.ts";
import { SegmentedLru } from "../tables/segmented_lru.ts";
import { TokenBucket } from "./token_bucket.ts";

/**
 * Heartbeats a second for each /24 of IPv4 and /56 of IPv6, about what one site has: an engineer who sends one
 * each millisecond, or after the other at round trips of 0.2 ms, stays below it.
 */
export const RATE_PER_PREFIX = 5000;

/** Heartbeats a second in all: 10,000 clients with one a second, at a tenth of what a processor manages. */
export const TOTAL_RATE = 10_000;

/** Heartbeats a second up to which a prefix is modest: when there are too many in all, it goes before the others. */
export const MODEST_RATE = 20;

/** A prefix that was first heard so long ago is established: a flood that begins now isn't, be it ever so clever. */
export const ESTABLISHED_AFTER_MS = 60_000;

/** A prefix that is established keeps its place for so long after it was heard last, whoever else wants it. */
const KEPT_FOR_MS = 600_000;

const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** Prefixes that are remembered at once, in about 5 MB. */
export const MAX_PREFIXES = 16_384;

/** How often is answered. */
export interface Limits {
  /** Heartbeats a second for each prefix; left out: no limit. */
  readonly ratePerPrefix?: number | undefined;
  /** Heartbeats a second in all; left out: no limit. */
  readonly totalRate?: number | undefined;
  /** Whether this machine itself is limited, too: nobody on the network can pretend to be it. */
  readonly limitLoopback?: boolean | undefined;
}

/** Whom to answer, and how often. */
export interface AdmissionOptions extends Limits {
  /** The server's own socket; left out: it can't be met. */
  readonly local?: Endpoint | undefined;
  /** The networks that are answered; left out: all. */
  readonly allow?: readonly Network[] | undefined;
}

/** Why a source is never answered. */
export type SourceFault = "unanswerable" | "not_allowed";

/** What the sources of one prefix may take. */
class Allowance {
  readonly #rate: TokenBucket;
  readonly #modest = new TokenBucket(MODEST_RATE, MODEST_RATE);
  #sinceMs = 0;
  #heardMs = 0;

  constructor(ratePerPrefix: number) {
    this.#rate = new TokenBucket(ratePerPrefix, ratePerPrefix);
  }

  /** When the prefix was first heard, on the monotonic clock. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** When it was last heard. */
  get heardMs(): number {
    return this.#heardMs;
  }

  /** Begins anew, for a prefix that is heard for the first time. */
  begin(nowMs: number): this {
    this.#sinceMs = nowMs;
    this.#rate.fill();
    this.#modest.fill();
    return this;
  }

  /** Takes a token: whether there is one, and whether the prefix is modest. */
  take(nowMs: number): "modest" | "greedy" | "none" {
    this.#heardMs = nowMs;
    if (!this.#rate.take(nowMs)) return "none";
    return this.#modest.take(nowMs) ? "modest" : "greedy";
  }
}

interface Known {
  readonly allowance: Allowance;
  /** In whose places it stands. */
  readonly place: "newcomer" | "regular" | "established";
}

/** Decides for one socket. */
export class Admission {
  readonly #options: AdmissionOptions;
  /** Prefixes that are established: a flood, however it repeats itself, needs a minute to get here. */
  readonly #established: Lru<Allowance>;
  readonly #others: SegmentedLru<Allowance>;
  readonly #total: TokenBucket | undefined;
  readonly #reserve: number;
  // Datagrams that wait in the socket together are often of one source.
  #lastFaultOf: { readonly hostname: string; readonly fault: SourceFault | undefined } | undefined;
  #lastKnown: { readonly hostname: string; readonly known: Known | undefined } | undefined;

  /**
   * Makes an admission that has seen nobody yet.
   *
   * @param hashSeed a number from 0 to 2^32 - 1 that strangers can't guess; left out: one that they can
   */
  constructor(options: AdmissionOptions, hashSeed = 0) {
    this.#options = options;
    const { totalRate } = options;
    this.#established = new Lru(MAX_PREFIXES / 2, hashSeed);
    this.#others = new SegmentedLru(MAX_PREFIXES / 2, hashSeed);
    this.#total = totalRate === undefined ? undefined : new TokenBucket(totalRate, totalRate);
    // Half of what is held is for those who are modest, and were here before.
    this.#reserve = Math.min((totalRate ?? 0) / 2, Math.max((totalRate ?? 0) - 1, 0));
  }

  /** Why this source is never answered; `undefined`: it may be. */
  faultOf(from: Endpoint): SourceFault | undefined {
    if (from.port === 0 || this.#isOwn(from)) return "unanswerable";
    if (this.#lastFaultOf?.hostname !== from.hostname) {
      const { hostname } = from;
      this.#lastFaultOf = { hostname, fault: this.#faultOfAddress(hostname) };
    }
    return this.#lastFaultOf.fault;
  }

  /** Whether one more heartbeat of this source may be answered now, which is then counted. */
  admit({ hostname }: Endpoint, nowMs: number): boolean {
    if (this.#lastKnown?.hostname !== hostname || isDue(this.#lastKnown.known, nowMs)) {
      const known = this.#know(hostname, nowMs);
      // A newcomer isn't one any more when it is used again.
      this.#lastKnown = known?.place === "newcomer" ? undefined : { hostname, known };
      return this.#take(known, nowMs);
    }
    return this.#take(this.#lastKnown.known, nowMs);
  }

  #take(known: Known | undefined, nowMs: number): boolean {
    if (known === undefined) return true;
    const taken = known.allowance.take(nowMs);
    if (taken === "none") return false;
    const reserve = taken === "modest" ? this.#reserveAt(known, nowMs) : this.#reserve;
    return this.#total?.take(nowMs, reserve) ?? true;
  }

  /**
   * What a modest prefix has to leave to others: the less, the longer it is known. A flood, be it of invented sources
   * or of a few thousand real ones, can't empty the store below what it has to leave itself, however long it lasts;
   * and who was here before it can.
   */
  #reserveAt({ allowance: { sinceMs } }: Known, nowMs: number): number {
    return this.#reserve / (1 + (nowMs - sinceMs) / ESTABLISHED_AFTER_MS);
  }

  #know(hostname: string, nowMs: number): Known | undefined {
    const { ratePerPrefix, totalRate, limitLoopback } = this.#options;
    if (ratePerPrefix === undefined && totalRate === undefined) return undefined;
    if (!limitLoopback && isLoopback(hostname)) return undefined;
    const prefix = addressPrefix(hostname);
    const established = this.#established.use(prefix);
    if (established !== undefined) return { allowance: established, place: "established" };
    const { value: allowance, regular } = this.#others.use(
      prefix,
      (forgotten) => (forgotten ?? new Allowance(ratePerPrefix ?? UNLIMITED)).begin(nowMs),
    );
    if (!isEstablished(allowance, nowMs) || this.#isFull(nowMs)) {
      return { allowance, place: regular ? "regular" : "newcomer" };
    }
    this.#others.removeRegular(prefix);
    this.#established.makeRoom();
    this.#established.add(prefix, allowance);
    return { allowance, place: "established" };
  }

  /** Whether all places for the established are taken by such as were heard lately. */
  #isFull(nowMs: number): boolean {
    const { oldest } = this.#established;
    return oldest !== undefined && nowMs - oldest.heardMs < KEPT_FOR_MS;
  }

  #faultOfAddress(hostname: string): SourceFault | undefined {
    if (NO_HOST.test(hostname)) return "unanswerable";
    const { allow } = this.#options;
    const allowed = allow === undefined || allow.some((network) => network.contains(hostname));
    return allowed ? undefined : "not_allowed";
  }

  /** Whether this is the very socket that received it, as far as it can know its own addresses. */
  #isOwn(from: Endpoint): boolean {
    const { local } = this.#options;
    if (local === undefined || from.port !== local.port) return false;
    return from.hostname === local.hostname ||
      (ANY_ADDRESS.test(local.hostname) && isLoopback(from.hostname));
  }
}

/**
 * Addresses that no single host has: "this network", multicast, reserved and broadcast (RFC 6890, RFC 5771), and
 * their like in IPv6 (RFC 4291). The broadcast address of a subnet looks like a host's; systems refuse it as a source.
 */
const NO_HOST = /^(?:::ffff:)?(?:0|22[4-9]|2[3-5]\d)\.|^ff|^::$/;
const ANY_ADDRESS = /^(?:0\.0\.0\.0|::)$/;
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

/** Whether it is time for a place among the established. */
function isDue(known: Known | undefined, nowMs: number): boolean {
  return known?.place === "regular" && isEstablished(known.allowance, nowMs);
}

function isEstablished({ sinceMs }: Allowance, nowMs: number): boolean {
  return nowMs - sinceMs >= ESTABLISHED_AFTER_MS;
}

function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}
