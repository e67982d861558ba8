/**
 * Which clients the server remembers: a bounded number, chosen so that a flood can't push the good ones out.
 *
 * @module
 */

/** The most clients that are remembered at once. */
export const MAX_CLIENTS = 4096;

/** Of these, so many places are for clients that were heard once only. */
const NEWCOMERS = MAX_CLIENTS / 4;

/**
 * A segmented least-recently-used table (Karedla, Love and Wherry, "Caching strategies to improve disk system
 * performance", 1994). A flood from invented addresses, each heard once, only ever fills the newcomers' places:
 * a client that was heard twice before keeps its own.
 */
export class ClientTable<Value> {
  // A Map keeps the order of insertion: the least recently heard comes first.
  readonly #newcomers = new Map<string, Value>();
  readonly #regulars = new Map<string, Value>();
  #met = 0;
  #forgotten = 0;

  /** Clients that were added; one that was forgotten and came back counts twice. */
  get met(): number {
    return this.#met;
  }

  /** Clients that had to make room for others. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** The value of a client, which is thereby heard; made anew for one that isn't remembered. */
  hear(key: string, make: () => Value): Value {
    const regular = this.#regulars.get(key);
    if (regular !== undefined) {
      this.#regulars.delete(key);
      this.#regulars.set(key, regular);
      return regular;
    }
    const newcomer = this.#newcomers.get(key);
    if (newcomer !== undefined) {
      this.#newcomers.delete(key);
      this.#regulars.set(key, newcomer);
      this.#makeRoom(this.#regulars, MAX_CLIENTS - NEWCOMERS);
      return newcomer;
    }
    const value = make();
    this.#met++;
    this.#newcomers.set(key, value);
    this.#makeRoom(this.#newcomers, NEWCOMERS);
    return value;
  }

  /** All clients that are remembered. */
  *[Symbol.iterator](): Generator<[string, Value]> {
    yield* this.#regulars;
    yield* this.#newcomers;
  }

  #makeRoom(clients: Map<string, Value>, places: number): void {
    if (clients.size <= places) return;
    clients.delete(clients.keys().next().value!);
    this.#forgotten++;
  }
}
