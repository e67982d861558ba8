/**
 * A bounded memory that a flood can't wash out.
 *
 * @module
 */

import { Lru } from "./lru.ts";

/**
 * A segmented least-recently-used table (Karedla, Love and Wherry, "Caching strategies to improve disk system
 * performance", 1994). A flood of invented keys, each used once, only ever fills the newcomers' places, a
 * quarter of all: a key that was used twice before keeps its own.
 */
export class SegmentedLru<Value> {
  readonly #newcomers: Lru<Value>;
  readonly #regulars: Lru<Value>;
  /** What was forgotten, and not yet used again. */
  #spare: Value | undefined;
  #added = 0;
  #forgotten = 0;

  /**
   * Makes an empty table.
   *
   * @param places how many keys it remembers, 4 or more
   * @param hashSeed a number from 0 to 2^32 - 1; where strangers choose the keys, one that they can't guess
   */
  constructor(places: number, hashSeed: number) {
    const newcomersPlaces = Math.floor(places / 4);
    this.#newcomers = new Lru(newcomersPlaces, hashSeed);
    this.#regulars = new Lru(places - newcomersPlaces, hashSeed);
  }

  /** Keys that were added; one that was forgotten and came back counts twice. */
  get added(): number {
    return this.#added;
  }

  /** Keys that had to make room for others. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /**
   * The value of a key, which is thereby used.
   *
   * @param make makes the value of a key that isn't remembered, of one that was forgotten where there is such: what
   * lives for a tenth of a second in a flood, and is not used again, costs the collector more than all else does
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

  /** The value of a key that is remembered, which isn't used thereby. */
  find(key: string): Value | undefined {
    return this.#regulars.find(key) ?? this.#newcomers.find(key);
  }

  /** Forgets a key that was used more than once, as it is kept elsewhere from now on. */
  removeRegular(key: string): void {
    this.#regulars.remove(key);
  }

  /** All values that are remembered. */
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
