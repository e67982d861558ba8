/**
 * A memory of fixed size that forgets what was unused for longest.
 *
 * A Map, which keeps the order of insertion, would do, if it weren't for floods: what is deleted stays in a Map's
 * table until that is built anew, and a discarded table that has grown old keeps all that it points to, be it only
 * the keys, alive until the next full collection. With thousands of newcomers a second that was ten times the
 * memory of what is remembered.
 *
 * @module
 */

import { seededHash } from "./seeded_hash.ts";

/** Remembers values by their keys. */
export class Lru<Value> {
  readonly #places: number;
  readonly #hashSeed: number;
  /** How many places, from the first on, were ever used. */
  #opened = 0;
  #size = 0;
  // What stands in each place; none in place 0.
  readonly #keys: (string | undefined)[] = [undefined];
  readonly #values: (Value | undefined)[] = [undefined];
  // The places in the order of their use, a ring that place 0 closes: its neighbours are the place that was used
  // longest ago, and the one that was used last. Places that are empty again are the oldest.
  readonly #newer: Int32Array;
  readonly #older: Int32Array;
  // For each hash the place of a key that has it, for each place the next one of the same hash; place 0 ends them.
  readonly #firstOfHash: Int32Array;
  readonly #nextOfHash: Int32Array;

  /**
   * Makes an empty memory.
   *
   * @param places how many keys it remembers, 1 or more
   * @param hashSeed a number from 0 to 2^32 - 1; where strangers choose the keys, one that they can't guess
   */
  constructor(places: number, hashSeed: number) {
    this.#places = places;
    this.#hashSeed = hashSeed;
    this.#newer = new Int32Array(places + 1);
    this.#older = new Int32Array(places + 1);
    this.#firstOfHash = new Int32Array(places);
    this.#nextOfHash = new Int32Array(places + 1);
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#size;
  }

  /** The value that was unused for longest, which isn't used thereby; `undefined` while there is room for more. */
  get oldest(): Value | undefined {
    return this.#size < this.#places ? undefined : this.#values[this.#newer[0]!];
  }

  /** The value of a key, which isn't used thereby; `undefined` where it isn't remembered. */
  find(key: string): Value | undefined {
    return this.#values[this.#placeOf(key)];
  }

  /** The value of a key, which is thereby used. */
  use(key: string): Value | undefined {
    const place = this.#placeOf(key);
    if (place !== 0) this.#moveAfter(this.#older[0]!, place);
    return this.#values[place];
  }

  /** Makes room for one more key; returns the value that had to go, if one had to. */
  makeRoom(): Value | undefined {
    return this.#size < this.#places ? undefined : this.#empty(this.#newer[0]!);
  }

  /** Adds a key that isn't remembered, for which there must be room. */
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

  /** Forgets a key; returns its value. */
  remove(key: string): Value | undefined {
    const place = this.#placeOf(key);
    if (place === 0) return undefined;
    this.#moveAfter(0, place);
    return this.#empty(place);
  }

  /** All values, the one that was unused for longest first. */
  *[Symbol.iterator](): Generator<Value> {
    for (let place = this.#newer[0]!; place !== 0; place = this.#newer[place]!) {
      if (this.#keys[place] !== undefined) yield this.#values[place]!;
    }
  }

  /** The place of a key; 0 where it isn't remembered. */
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

  /** Empties a place; returns what stood there. */
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

  /** Takes a place out of the order of use, and puts it in again after another one. */
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
