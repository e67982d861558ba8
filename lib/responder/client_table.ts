/**
 * Which clients the server remembers: a bounded number, chosen so that a flood can't push the good ones out.
 *
 * @module
 */

import { type Endpoint, formatEndpoint, sameEndpoint } from "../wire/endpoint.ts";
import { SegmentedLru } from "../tables/segmented_lru.ts";

/** The most clients that are remembered at once. */
export const MAX_CLIENTS = 4096;

/** Remembers a value for each of the {@linkcode MAX_CLIENTS} clients that were heard last. */
export class ClientTable<Value> {
  readonly #clients: SegmentedLru<Value>;
  // Heartbeats that wait in the socket together are often of one client, which then need not be looked up. Only a
  // regular, used last of all regulars: nothing would change its place.
  #last: { readonly endpoint: Endpoint; readonly value: Value } | undefined;

  /** Makes an empty table; its seed is a number that strangers can't guess, see {@linkcode SegmentedLru}. */
  constructor(hashSeed: number) {
    this.#clients = new SegmentedLru(MAX_CLIENTS, hashSeed);
  }

  /** Clients that were added; one that was forgotten and came back counts twice. */
  get added(): number {
    return this.#clients.added;
  }

  /** Clients that had to make room for others. */
  get forgotten(): number {
    return this.#clients.forgotten;
  }

  /**
   * The value of a client, which is thereby heard.
   *
   * @param make makes the value of one that isn't remembered, of a forgotten one's where there is such
   */
  hear(
    endpoint: Endpoint,
    make: (endpoint: Endpoint, forgotten: Value | undefined) => Value,
  ): Value {
    if (this.#last !== undefined && sameEndpoint(this.#last.endpoint, endpoint)) {
      return this.#last.value;
    }
    const { value, regular } = this.#clients.use(
      formatEndpoint(endpoint),
      (forgotten) => make(endpoint, forgotten),
    );
    if (regular) this.#last = { endpoint, value };
    return value;
  }

  /** The value of a client that is remembered, which changes nothing. */
  find(endpoint: Endpoint): Value | undefined {
    return this.#clients.find(formatEndpoint(endpoint));
  }

  /** All clients that are remembered. */
  [Symbol.iterator](): Iterator<Value> {
    return this.#clients[Symbol.iterator]();
  }
}
