/**
 * The endpoints of one network that were first heard long enough ago.
 *
 * Whoever floods in the name of a network would have to know the port of one that was there before.
 *
 * @module
 */

import type { Endpoint } from "../wire/endpoint.ts";

/** An endpoint is known once it was first heard this long ago, milliseconds. */
export const KNOWN_AFTER_MS = 60_000;

/** It keeps its place at least this long after it was last heard, milliseconds. */
const KEPT_FOR_MS = 600_000;

/** Known endpoints that were heard within this time have the network's modest share. */
const RECENT_MS = 60_000;

/** The most endpoints of a network that are known, and that are on their way there. */
export const MOST_KNOWN = 16;

interface Entry {
  readonly hostname: string;
  readonly port: number;
  readonly sinceMs: number;
  heardMs: number;
}

/** Remembers the endpoints of one network. */
export class KnownEndpoints {
  readonly #known: Entry[] = [];
  readonly #candidates: Entry[] = [];
  #lastKnownMs: number;

  /**
   * Begins with the endpoint that was heard first.
   *
   * @param sinceMs when that was, at least {@linkcode KNOWN_AFTER_MS} ago
   */
  constructor(hostname: string, port: number, sinceMs: number, nowMs: number) {
    this.#known.push({ hostname, port, sinceMs, heardMs: nowMs });
    this.#lastKnownMs = nowMs;
  }

  /** Takes note of an endpoint that is heard; returns whether it is known. */
  hear({ hostname, port }: Endpoint, nowMs: number): boolean {
    const known = find(this.#known, hostname, port);
    if (known !== undefined) {
      known.heardMs = this.#lastKnownMs = nowMs;
      return true;
    }
    const candidate = find(this.#candidates, hostname, port);
    if (candidate === undefined) {
      put(this.#candidates, { hostname, port, sinceMs: nowMs, heardMs: nowMs });
      return false;
    }
    candidate.heardMs = nowMs;
    if (nowMs - candidate.sinceMs < KNOWN_AFTER_MS || this.#isFull(nowMs)) return false;
    this.#candidates.splice(this.#candidates.indexOf(candidate), 1);
    put(this.#known, candidate);
    this.#lastKnownMs = nowMs;
    return true;
  }

  /** Whether any known endpoint was heard lately. */
  anyAt(nowMs: number): boolean {
    return nowMs - this.#lastKnownMs < RECENT_MS;
  }

  /** Whether endpoints that were heard not long ago hold all places. */
  #isFull(nowMs: number): boolean {
    return this.#known.length >= MOST_KNOWN &&
      this.#known.every(({ heardMs }) => nowMs - heardMs < KEPT_FOR_MS);
  }
}

function find(entries: readonly Entry[], hostname: string, port: number): Entry | undefined {
  for (const entry of entries) {
    if (entry.port === port && entry.hostname === hostname) return entry;
  }
  return undefined;
}

/** Adds an entry, in place of the one that was silent for longest where there is no room. */
function put(entries: Entry[], entry: Entry): void {
  if (entries.length < MOST_KNOWN) {
    entries.push(entry);
    return;
  }
  let oldest = 0;
  for (let i = 1; i < entries.length; i++) {
    if (entries[i]!.heardMs < entries[oldest]!.heardMs) oldest = i;
  }
  entries[oldest] = entry;
}
