/**
 * A table of fixed size that forgets the least recently used key first.
 *
 * A Map keeps the order of insertion, and would do but for floods. It keeps deleted entries until
 * it rehashes, and the old tables then pin their keys until a full garbage collection. With
 * thousands of new keys per second that took ten times the memory of the entries.
 *
 * @module
 */

import { seededHash } from "./seeded_hash.ts";

/** A least-recently-used table of values by their keys. */
export class Lru<Value> {
  readonly #places: number;
  readonly #hashSeed: number;
  /** The number of places ever used; they are the first ones. */
  #opened = 0;
  #size = 0;
  // The key and value in each place. Place 0 has none.
  readonly #keys: (string | undefined)[] = [undefined];
  readonly #values: (Value | undefined)[] = [undefined];
  // The places in order of use, as a ring through place 0. After place 0 comes the least recently
  // used place, before it the most recently used. Places that became empty count as the least
  // recently used.
  readonly #newer: Int32Array;
  readonly #older: Int32Array;
  // For each hash, the first place with a key of that hash; for each place, the next one of its
  // hash. Place 0 ends a chain.
  readonly #firstOfHash: Int32Array;
  readonly #nextOfHash: Int32Array;

  /**
   * Makes an empty table.
   *
   * @param places the most keys it holds, 1 or more
   * @param hashSeed 0 to 2^32 - 1; unknown to strangers, if they choose the keys
   */
  constructor(places: number, hashSeed: number) {
    this.#places = places;
    this.#hashSeed = hashSeed;
    this.#newer = new Int32Array(places + 1);
    this.#older = new Int32Array(places + 1);
    this.#firstOfHash = new Int32Array(places);
    this.#nextOfHash = new Int32Array(places + 1);
  }

  /** The number of keys held. */
  get size(): number {
    return this.#size;
  }

  /** The least recently used value; `undefined` while there is room. Reading it is no use. */
  get oldest(): Value | undefined {
    return this.#size < this.#places ? undefined : this.#values[this.#newer[0]!];
  }

  /** The value of a key, without using it; `undefined` where there is none. */
  find(key: string): Value | undefined {
    return this.#values[this.#placeOf(key)];
  }

  /** Uses a key and returns its value; `undefined` where there is none. */
  use(key: string): Value | undefined {
    const place = this.#placeOf(key);
    if (place !== 0) this.#moveAfter(this.#older[0]!, place);
    return this.#values[place];
  }

  /** Makes room for one more key; returns the value removed for that, if any. */
  makeRoom(): Value | undefined {
    return this.#size < this.#places ? undefined : this.#empty(this.#newer[0]!);
  }

  /** Adds a new key, for which there must be room. */
  add(key: string, value: Value): void {
    const place = this.#emptyPlace();
    const hash = this.#hashOf(key);
    this.#keys[place] = key;
    this.#values[place] = value;
    this.#nextOfHash[place] = this.#firstOfHash[hash]!;
    this.#firstOfHash[hash] = place;
    this.#size++;
    this.#moveAfter(this.#older[0]!, place);
  }

  /** Removes a key and returns its value; `undefined` where there is none. */
  remove(key: string): Value | undefined {
    const place = this.#placeOf(key);
    if (place === 0) return undefined;
    this.#moveAfter(0, place);
    return this.#empty(place);
  }

  /** All values, the least recently used first. */
  *[Symbol.iterator](): Generator<Value> {
    for (let place = this.#newer[0]!; place !== 0; place = this.#newer[place]!) {
      if (this.#keys[place] !== undefined) yield this.#values[place]!;
    }
  }

  /** The place of a key; 0 where it has none. */
  #placeOf(key: string): number {
    let place = this.#firstOfHash[this.#hashOf(key)]!;
    while (place !== 0 && this.#keys[place] !== key) place = this.#nextOfHash[place]!;
    return place;
  }

  #emptyPlace(): number {
    const oldest = this.#newer[0]!;
    if (oldest !== 0 && this.#keys[oldest] === undefined) return oldest;
    const place = ++this.#opened;
    this.#newer[place] = place;
    this.#older[place] = place;
    return place;
  }

  /** Empties a place and returns its value. */
  #empty(place: number): Value {
    const value = this.#values[place]!;
    const hash = this.#hashOf(this.#keys[place]!);
    const next = this.#nextOfHash[place]!;
    let before = this.#firstOfHash[hash]!;
    if (before === place) {
      this.#firstOfHash[hash] = next;
    } else {
      while (this.#nextOfHash[before] !== place) before = this.#nextOfHash[before]!;
      this.#nextOfHash[before] = next;
    }
    this.#keys[place] = undefined;
    this.#values[place] = undefined;
    this.#size--;
    return value;
  }

  /** Moves a place within the order of use, to follow the place `older`. */
  #moveAfter(older: number, place: number): void {
    if (older === place) return;
    this.#newer[this.#older[place]!] = this.#newer[place]!;
    this.#older[this.#newer[place]!] = this.#older[place]!;
    const newer = this.#newer[older]!;
    this.#newer[older] = place;
    this.#older[place] = older;
    this.#newer[place] = newer;
    this.#older[newer] = place;
  }

  #hashOf(key: string): number {
    return seededHash(key, this.#hashSeed) % this.#places;
  }
}
