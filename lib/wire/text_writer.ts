/**
 * Writing numbers and words as ASCII bytes, in place.
 *
 * @module
 */

const [MINUS, DOT, ZERO] = [0x2d, 0x2e, 0x30];
const DECIMALS = 6;
const MICROS = 1_000_000;
const MAX_INT32 = 2 ** 31 - 1;

/**
 * Writes ASCII text into a buffer that it reuses.
 *
 * The server writes every reply with it: making a string and encoding it took four times as long.
 */
export class TextWriter {
  readonly #buffer: Uint8Array<ArrayBuffer>;
  /** The views that were handed out, each at the index of its length. */
  readonly #views: (Uint8Array<ArrayBuffer> | undefined)[];
  #length = 0;

  /** Makes a writer for texts of at most `capacity` bytes. */
  constructor(capacity: number) {
    this.#buffer = new Uint8Array(capacity);
    this.#views = new Array<undefined>(capacity + 1).fill(undefined);
  }

  /** The number of bytes written. */
  get length(): number {
    return this.#length;
  }

  /** The bytes written: a view, which the next text overwrites. */
  get bytes(): Uint8Array<ArrayBuffer> {
    // Most replies have one of a few lengths, and making a view costs as much as writing its bytes.
    return this.#views[this.#length] ??= this.#buffer.subarray(0, this.#length);
  }

  /** Keeps the first `length` bytes and discards the rest. */
  cut(length: number): void {
    this.#length = length;
  }

  /** Writes all of these bytes. */
  word(bytes: Uint8Array): void {
    this.copy(bytes, 0, bytes.length);
  }

  /** Writes the bytes from index `from` up to, but not including, index `to`. */
  copy(bytes: Uint8Array, from: number, to: number): void {
    const buffer = this.#buffer;
    let length = this.#length;
    for (let at = from; at < to; at++) buffer[length++] = bytes[at]!;
    this.#length = length;
  }

  /** Writes a whole number, 0 to 2^53 - 1. */
  whole(value: number): void {
    this.#digits(value, wholeLength(value));
  }

  /** Writes seconds to the microsecond, with the same digits as {@linkcode secondsText}. */
  seconds(seconds: number): void {
    const { negative, whole, micros } = split(seconds);
    if (negative) this.#buffer[this.#length++] = MINUS;
    this.whole(whole);
    this.#buffer[this.#length++] = DOT;
    this.#digits(micros, DECIMALS);
  }

  #digits(value: number, places: number): void {
    const buffer = this.#buffer;
    this.#length += places;
    for (let at = this.#length - 1; places > 0; at--, places--) {
      // Most values fit into 32 bits. V8 divides those by a constant with a multiplication.
      const rest = value <= MAX_INT32 ? value / 10 | 0 : Math.floor(value / 10);
      // The digit first: ZERO + value can be more than 2^53, where numbers lose their last digit.
      buffer[at] = ZERO + (value - rest * 10);
      value = rest;
    }
  }
}

/** Writes seconds to the microsecond: `0.000123`, `-5.100000`; a rounded zero has no sign. */
export function secondsText(seconds: number): string {
  const { negative, whole, micros } = split(seconds);
  return `${negative ? "-" : ""}${whole}.${String(micros).padStart(DECIMALS, "0")}`;
}

/** The length of {@linkcode secondsText}, which needn't be written for it. */
export function secondsLength(seconds: number): number {
  const { negative, whole } = split(seconds);
  return (negative ? 1 : 0) + wholeLength(whole) + 1 + DECIMALS;
}

function wholeLength(value: number): number {
  let places = 1;
  for (let limit = 10; limit <= value; limit *= 10) places++;
  return places;
}

function split(seconds: number): { negative: boolean; whole: number; micros: number } {
  const size = Math.abs(seconds);
  // Whole seconds are split off first, so that the largest time keeps all its digits.
  let whole = Math.floor(size);
  let micros = Math.round((size - whole) * MICROS);
  if (micros === MICROS) [whole, micros] = [whole + 1, 0];
  return { negative: seconds < 0 && whole + micros > 0, whole, micros };
}
