/**
 * A bounded table that a flood of new keys cannot wash out.
 *
 * @module
 */

import { Lru } from "./lru.ts";

/**
 * A segmented least-recently-used table (Karedla, Love and Wherry, "Caching strategies to improve
 * disk system performance", 1994). A flood of keys that are used once only fills the newcomers'
 * places, a quarter of all. A key that was used twice is a regular, and keeps its place.
 */
export class SegmentedLru<Value> {
  readonly #newcomers: Lru<Value>;
  readonly #regulars: Lru<Value>;
  /** The value forgotten last, for reuse. */
  #spare: Value | undefined;
  #added = 0;
  #forgotten = 0;

  /**
   * Makes an empty table.
   *
   * @param places the most keys it holds, 4 or more
   * @param hashSeed 0 to 2^32 - 1; unknown to strangers, if they choose the keys
   */
  constructor(places: number, hashSeed: number) {
    const newcomersPlaces = Math.floor(places / 4);
    this.#newcomers = new Lru(newcomersPlaces, hashSeed);
    this.#regulars = new Lru(places - newcomersPlaces, hashSeed);
  }

  /** The number of keys added; a key that was forgotten and came back counts twice. */
  get added(): number {
    return this.#added;
  }

  /** The number of keys removed to make room for others. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /**
   * Uses a key and returns its value, a new one where there is none.
   *
   * @param make makes a new value, from a forgotten one if there is any: reuse matters in floods,
   *   where short-lived values dominated the time of garbage collection
   */
  use(
    key: string,
    make: (forgotten: Value | undefined) => Value,
  ): { readonly value: Value; readonly regular: boolean } {
    const regular = this.#regulars.use(key);
    if (regular !== undefined) return { value: regular, regular: true };
    const newcomer = this.#newcomers.remove(key);
    if (newcomer !== undefined) {
      this.#makeRoom(this.#regulars);
      this.#regulars.add(key, newcomer);
      return { value: newcomer, regular: true };
    }
    this.#makeRoom(this.#newcomers);
    const value = make(this.#spare);
    this.#spare = undefined;
    this.#added++;
    this.#newcomers.add(key, value);
    return { value, regular: false };
  }

  /** The value of a key, without using it; `undefined` where there is none. */
  find(key: string): Value | undefined {
    return this.#regulars.find(key) ?? this.#newcomers.find(key);
  }

  /** Removes a key that was used more than once, because another table now holds it. */
  removeRegular(key: string): void {
    this.#regulars.remove(key);
  }

  /** All values, the regulars first. */
  *[Symbol.iterator](): Generator<Value> {
    yield* this.#regulars;
    yield* this.#newcomers;
  }

  #makeRoom(values: Lru<Value>): void {
    const forgotten = values.makeRoom();
    if (forgotten === undefined) return;
    this.#forgotten++;
    this.#spare = forgotten;
  }
}
