/**
 * A bounded memory that a flood can't wash out.
 *
 * @module
 */

/**
 * A segmented least-recently-used table (Karedla, Love and Wherry, "Caching strategies to improve disk system
 * performance", 1994). A flood of invented keys, each used once, only ever fills the newcomers' places, a
 * quarter of all: a key that was used twice before keeps its own.
 */
export class RecentlyUsed<Value> {
  // A Map keeps the order of insertion: the least recently used comes first.
  readonly #newcomers = new Map<string, Value>();
  readonly #regulars = new Map<string, Value>();
  readonly #newcomersPlaces: number;
  readonly #regularsPlaces: number;
  #added = 0;
  #forgotten = 0;

  /** Makes a table with so many places. */
  constructor(places: number) {
    this.#newcomersPlaces = Math.floor(places / 4);
    this.#regularsPlaces = places - this.#newcomersPlaces;
  }

  /** Keys that were added; one that was forgotten and came back counts twice. */
  get added(): number {
    return this.#added;
  }

  /** Keys that had to make room for others. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** The value of a key, which is thereby used; made anew for one that isn't remembered. */
  use(key: string, make: () => Value): { readonly value: Value; readonly regular: boolean } {
    const regular = this.#regulars.get(key);
    if (regular !== undefined) {
      this.#regulars.delete(key);
      this.#regulars.set(key, regular);
      return { value: regular, regular: true };
    }
    const newcomer = this.#newcomers.get(key);
    if (newcomer !== undefined) {
      this.#newcomers.delete(key);
      this.#regulars.set(key, newcomer);
      this.#makeRoom(this.#regulars, this.#regularsPlaces);
      return { value: newcomer, regular: true };
    }
    const value = make();
    this.#added++;
    this.#newcomers.set(key, value);
    this.#makeRoom(this.#newcomers, this.#newcomersPlaces);
    return { value, regular: false };
  }

  /** The value of a key that is remembered, which isn't used thereby. */
  find(key: string): Value | undefined {
    return this.#regulars.get(key) ?? this.#newcomers.get(key);
  }

  /** All values that are remembered. */
  *[Symbol.iterator](): Generator<Value> {
    yield* this.#regulars.values();
    yield* this.#newcomers.values();
  }

  #makeRoom(values: Map<string, Value>, places: number): void {
    if (values.size <= places) return;
    values.delete(values.keys().next().value!);
    this.#forgotten++;
  }
}
