/**
 * Decides which sources the server answers, and how often.
 *
 * A source address proves nothing: anyone can forge one. So the limits bound what any network can
 * be made to receive from this server, and a flood of forged sources must not cost a real client
 * its replies.
 *
 * @module
 */

import { addressPrefix, type Network } from "../wire/network.ts";
import { isLoopback } from "../wire/address.ts";
import { type Endpoint, sameHost } from "../wire/endpoint.ts";
import { Lru } from "../tables/lru.ts";
import { SegmentedLru } from "../tables/segmented_lru.ts";
import { KnownEndpoints } from "./known_endpoints.ts";
import { TokenBucket } from "./token_bucket.ts";

/**
 * Heartbeats per second for each /24 of IPv4 and /56 of IPv6, about one site: high enough for one
 * sender every millisecond, or back-to-back over a 0.2 ms round trip.
 */
export const RATE_PER_PREFIX = 5000;

/**
 * Heartbeats per second in all: 10,000 clients with one each, a tenth of a processor's capacity.
 */
export const TOTAL_RATE = 10_000;

/** Below this rate, per second, a prefix is "modest": it is served first at the total limit. */
export const MODEST_RATE = 20;

/**
 * A prefix is "established" once we have known it this long. A flood that has just begun cannot be.
 */
export const ESTABLISHED_AFTER_MS = 60_000;

/** From then on the endpoints of a prefix are told apart, milliseconds after it was first heard. */
const TRACKED_AFTER_MS = 5000;

/** An established prefix keeps its place at least this long after it was last heard. */
const KEPT_FOR_MS = 600_000;

const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** The most prefixes remembered at once; with their endpoints they take up to 25 MB. */
export const MAX_PREFIXES = 16_384;

/** How often the server answers. */
export interface Limits {
  /** Heartbeats per second for each prefix; left out: no limit. */
  readonly ratePerPrefix?: number | undefined;
  /** Heartbeats per second in all; left out: no limit. */
  readonly totalRate?: number | undefined;
  /** Whether the limits also apply to loopback, which nobody on the network can forge. */
  readonly limitLoopback?: boolean | undefined;
}

/** Which sources to answer, and how often. */
export interface AdmissionOptions extends Limits {
  /** The server's own socket, which it never answers; left out: unknown. */
  readonly local?: Endpoint | undefined;
  /** The networks to answer; left out: all. */
  readonly allow?: readonly Network[] | undefined;
  /** Whether this program is permitted to send to an endpoint; left out: to all. */
  readonly maySend?: ((to: Endpoint) => boolean) | undefined;
}

/** Why a source is never answered. */
export type SourceFault = "unanswerable" | "not_allowed" | "not_permitted";

/** The heartbeats that one prefix may still send. */
class Allowance {
  readonly #rate: TokenBucket;
  readonly #modest = new TokenBucket(MODEST_RATE, MODEST_RATE);
  #sinceMs = 0;
  #heardMs = 0;
  #firstHostname = "";
  #firstPort = 0;
  #endpoints: KnownEndpoints | undefined;

  constructor(ratePerPrefix: number) {
    this.#rate = new TokenBucket(ratePerPrefix, ratePerPrefix);
  }

  /** When the prefix was first heard, on the monotonic clock. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** When it was last heard, on the monotonic clock. */
  get heardMs(): number {
    return this.#heardMs;
  }

  /** Starts over, for a prefix that is heard for the first time. */
  begin({ hostname, port }: Endpoint, nowMs: number): this {
    this.#sinceMs = nowMs;
    this.#firstHostname = hostname;
    this.#firstPort = port;
    this.#endpoints = undefined;
    this.#rate.fill();
    this.#modest.fill();
    return this;
  }

  /**
   * Takes a token: `none` if there is none, else whether the sender is modest.
   *
   * In an established prefix the modest share is that of the endpoints which were first heard long
   * enough ago, and no flood in the prefix's name uses up what they may send.
   */
  take(from: Endpoint, nowMs: number, established: boolean): "modest" | "greedy" | "none" {
    const endpoints = this.#endpointsAt(nowMs);
    const known = endpoints?.hear(from, nowMs) ?? false;
    this.#heardMs = nowMs;
    const isShared = !established || endpoints === undefined ||
      !known && !endpoints.anyAt(nowMs);
    if (!isShared && known && this.#modest.take(nowMs)) return "modest";
    if (!this.#rate.take(nowMs)) return "none";
    return isShared && this.#modest.take(nowMs) ? "modest" : "greedy";
  }

  /** Its endpoints; `undefined` while it is so new that it may be one of a flood's many. */
  #endpointsAt(nowMs: number): KnownEndpoints | undefined {
    if (nowMs - this.#sinceMs < TRACKED_AFTER_MS) return undefined;
    return this.#endpoints ??= new KnownEndpoints(
      this.#firstHostname,
      this.#firstPort,
      this.#sinceMs,
      this.#heardMs,
    );
  }
}

/** A remembered prefix. */
interface Entry {
  readonly allowance: Allowance;
  /**
   * The part of the tables that holds it: the higher its tier, the longer it is kept in a flood.
   */
  readonly tier: "newcomer" | "regular" | "established";
}

/** Admits the heartbeats of one socket. */
export class Admission {
  readonly #options: AdmissionOptions;
  /** Established prefixes: those of a flood take a minute to get here, however they repeat. */
  readonly #established: Lru<Allowance>;
  readonly #others: SegmentedLru<Allowance>;
  readonly #total: TokenBucket | undefined;
  readonly #reserve: number;
  // Datagrams that wait in the socket together often have one source: it is looked up once.
  #lastFaultOf: { readonly hostname: string; readonly fault: SourceFault | undefined } | undefined;
  #lastEntry: { readonly hostname: string; readonly entry: Entry | undefined } | undefined;

  /**
   * Makes an admission that remembers no prefix yet.
   *
   * @param hashSeed 0 to 2^32 - 1, unknown to strangers; left out: 0
   */
  constructor(options: AdmissionOptions, hashSeed = 0) {
    this.#options = options;
    const { totalRate } = options;
    this.#established = new Lru(MAX_PREFIXES / 2, hashSeed);
    this.#others = new SegmentedLru(MAX_PREFIXES / 2, hashSeed);
    this.#total = totalRate === undefined ? undefined : new TokenBucket(totalRate, totalRate);
    // Half of the bucket is kept for modest prefixes that were known before.
    this.#reserve = Math.min((totalRate ?? 0) / 2, Math.max((totalRate ?? 0) - 1, 0));
  }

  /** Why this source is never answered; `undefined` where it may be. */
  faultOf(from: Endpoint): SourceFault | undefined {
    if (from.port === 0 || this.#isOwn(from)) return "unanswerable";
    if (this.#lastFaultOf?.hostname !== from.hostname) {
      const { hostname } = from;
      this.#lastFaultOf = { hostname, fault: this.#faultOfAddress(hostname) };
    }
    const { fault } = this.#lastFaultOf;
    if (fault !== undefined) return fault;
    return this.#options.maySend?.(from) === false ? "not_permitted" : undefined;
  }

  /** Whether a heartbeat of this source may be answered now; if so, it is counted. */
  admit(from: Endpoint, nowMs: number): boolean {
    const { hostname } = from;
    if (this.#lastEntry?.hostname !== hostname || isDue(this.#lastEntry.entry, nowMs)) {
      const entry = this.#entryOf(from, nowMs);
      // A newcomer's next use changes its tier, so it must be looked up again.
      this.#lastEntry = entry?.tier === "newcomer" ? undefined : { hostname, entry };
      return this.#take(entry, from, nowMs);
    }
    return this.#take(this.#lastEntry.entry, from, nowMs);
  }

  #take(entry: Entry | undefined, from: Endpoint, nowMs: number): boolean {
    if (entry === undefined) return true;
    const taken = entry.allowance.take(from, nowMs, entry.tier === "established");
    if (taken === "none") return false;
    const reserve = taken === "modest" ? this.#reserveAt(entry, nowMs) : this.#reserve;
    return this.#total?.take(nowMs, reserve) ?? true;
  }

  /**
   * The tokens that a modest prefix must leave to others: fewer, the longer it has been known. A
   * flood, from forged sources or from a few thousand real ones, cannot empty the bucket below its
   * own reserve, however long it lasts. Clients known before the flood have a lower one, and still
   * get tokens.
   */
  #reserveAt({ allowance: { sinceMs } }: Entry, nowMs: number): number {
    return this.#reserve / (1 + (nowMs - sinceMs) / ESTABLISHED_AFTER_MS);
  }

  /**
   * The entry of the source's prefix, a new one where it is unknown; `undefined`: no limit applies.
   */
  #entryOf(from: Endpoint, nowMs: number): Entry | undefined {
    const { hostname } = from;
    const { ratePerPrefix, totalRate, limitLoopback } = this.#options;
    if (ratePerPrefix === undefined && totalRate === undefined) return undefined;
    if (!limitLoopback && isLoopback(hostname)) return undefined;
    const prefix = addressPrefix(hostname);
    const established = this.#established.use(prefix);
    if (established !== undefined) return { allowance: established, tier: "established" };
    const { value: allowance, regular } = this.#others.use(
      prefix,
      (forgotten) => (forgotten ?? new Allowance(ratePerPrefix ?? UNLIMITED)).begin(from, nowMs),
    );
    if (!isEstablished(allowance, nowMs) || this.#isFull(nowMs)) {
      return { allowance, tier: regular ? "regular" : "newcomer" };
    }
    this.#others.removeRegular(prefix);
    this.#established.makeRoom();
    this.#established.add(prefix, allowance);
    return { allowance, tier: "established" };
  }

  /** Whether recently heard prefixes hold all places for established ones. */
  #isFull(nowMs: number): boolean {
    const { oldest } = this.#established;
    return oldest !== undefined && nowMs - oldest.heardMs < KEPT_FOR_MS;
  }

  #faultOfAddress(hostname: string): SourceFault | undefined {
    if (NO_HOST.test(hostname) || MAPPED_LOOPBACK.test(hostname)) return "unanswerable";
    const { allow } = this.#options;
    const allowed = allow === undefined || allow.some((network) => network.contains(hostname));
    return allowed ? undefined : "not_allowed";
  }

  /** Whether the datagram came from this server's own socket, as far as its address is known. */
  #isOwn(from: Endpoint): boolean {
    const { local } = this.#options;
    if (local === undefined || from.port !== local.port) return false;
    return sameHost(from, local) ||
      (ANY_ADDRESS.test(local.hostname) && isLoopback(from.hostname));
  }
}

/**
 * Addresses that no single host has: "this network", multicast, reserved and broadcast (RFC 6890,
 * RFC 5771), and their counterparts in IPv6 (RFC 4291). The broadcast address of a subnet looks
 * like a host's; operating systems refuse it as a source.
 */
const NO_HOST = /^(?:::ffff:)?(?:0|22[4-9]|2[3-5]\d)\.|^ff|^::$/;
const ANY_ADDRESS = /^(?:0\.0\.0\.0|::)$/;

/**
 * A socket that takes IPv6 and IPv4 shows IPv4 as an IPv6 address that carries it. An IPv6 packet
 * from the network may have such a source, too: as 127.0.0.1 it would be answered without limits,
 * and have replies sent to programs that listen on this machine only.
 */
const MAPPED_LOOPBACK = /^::ffff:127\./;

/** Whether a regular prefix has been known long enough to move up to the established ones. */
function isDue(entry: Entry | undefined, nowMs: number): boolean {
  return entry?.tier === "regular" && isEstablished(entry.allowance, nowMs);
}

function isEstablished({ sinceMs }: Allowance, nowMs: number): boolean {
  return nowMs - sinceMs >= ESTABLISHED_AFTER_MS;
}
