/**
 * How many different clients a server has heard, without remembering more of them than a bound.
 *
 * @module
 */

import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";

/** The most clients that are told apart: a flood from invented addresses costs no more memory than this. */
export const MAX_CLIENTS_COUNTED = 4096;

/** Counts different endpoints, up to {@linkcode MAX_CLIENTS_COUNTED}. */
export class ClientCount {
  readonly #seen = new Set<string>();
  #more = false;

  /** The number of different clients counted. */
  get count(): number {
    return this.#seen.size;
  }

  /** Whether there were more than could be counted. */
  get more(): boolean {
    return this.#more;
  }

  /** Counts a client, if it is a new one. */
  add(client: Endpoint): void {
    const key = formatEndpoint(client);
    if (this.#seen.size < MAX_CLIENTS_COUNTED) this.#seen.add(key);
    else if (!this.#more) this.#more = !this.#seen.has(key);
  }
}
