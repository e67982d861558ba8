/**
 * The clients that the server remembers: a bounded number, which a flood cannot push out.
 *
 * @module
 */

import { type Endpoint, formatEndpoint, sameEndpoint } from "../wire/endpoint.ts";
import { SegmentedLru } from "../tables/segmented_lru.ts";

/** The most clients remembered at once. */
export const MAX_CLIENTS = 4096;

/** Holds a value for each of at most {@linkcode MAX_CLIENTS} clients. */
export class ClientTable<Value> {
  readonly #clients: SegmentedLru<Value>;
  // Heartbeats that wait in the socket together often come from one client, so the last one is kept
  // at hand. It must be a regular: as the most recently used of them, its place would not change
  // anyway.
  #last: { readonly endpoint: Endpoint; readonly value: Value } | undefined;

  /** Makes an empty table; `hashSeed` is unknown to strangers, see {@linkcode SegmentedLru}. */
  constructor(hashSeed: number) {
    this.#clients = new SegmentedLru(MAX_CLIENTS, hashSeed);
  }

  /** The number of clients added; one that was forgotten and came back counts twice. */
  get added(): number {
    return this.#clients.added;
  }

  /** The number of clients removed to make room for others. */
  get forgotten(): number {
    return this.#clients.forgotten;
  }

  /**
   * Uses a client and returns its value, a new one where it is unknown.
   *
   * @param make makes a new value, from that of a forgotten client if there is any
   */
  use(
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

  /** The value of a client, without using it; `undefined` where it is unknown. */
  find(endpoint: Endpoint): Value | undefined {
    return this.#clients.find(formatEndpoint(endpoint));
  }

  /** The values of all clients. */
  [Symbol.iterator](): Iterator<Value> {
    return this.#clients[Symbol.iterator]();
  }
}
