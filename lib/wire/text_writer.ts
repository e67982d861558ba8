/**
 * Writing text as bytes, in place.
 *
 * @module
 */

const [MINUS, DOT, ZERO] = [0x2d, 0x2e, 0x30];
const MICROS = 1_000_000;
const MAX_INT32 = 2 ** 31 - 1;

/**
 * Writes ASCII text into a buffer that is used again and again. The server writes every reply with it: making a
 * string and encoding it took four times as long.
 */
export class TextWriter {
  readonly #buffer: Uint8Array<ArrayBuffer>;
  /** A view of each length that was asked for, at the place of that length. */
  readonly #views: (Uint8Array<ArrayBuffer> | undefined)[];
  #length = 0;

  /** Makes a writer for texts of at most so many bytes. */
  constructor(capacity: number) {
    this.#buffer = new Uint8Array(capacity);
    this.#views = new Array<undefined>(capacity + 1).fill(undefined);
  }

  /** How many bytes are written. */
  get length(): number {
    return this.#length;
  }

  /** What is written: a view, overwritten when the writer is used again. */
  get bytes(): Uint8Array<ArrayBuffer> {
    // Most replies have one of a few lengths, and making a view costs as much as writing what it shows.
    return this.#views[this.#length] ??= this.#buffer.subarray(0, this.#length);
  }

  /** Takes back what was written after the first so many bytes. */
  cut(length: number): void {
    this.#length = length;
  }

  /** Writes these bytes. */
  word(bytes: Uint8Array): void {
    this.copy(bytes, 0, bytes.length);
  }

  /** Writes the bytes from `from` to `to`. */
  copy(bytes: Uint8Array, from: number, to: number): void {
    const buffer = this.#buffer;
    let length = this.#length;
    for (let at = from; at < to; at++) buffer[length++] = bytes[at]!;
    this.#length = length;
  }

  /** Writes a whole number from 0 on. */
  whole(value: number): void {
    let places = 1;
    for (let limit = 10; limit <= value; limit *= 10) places++;
    this.#digits(value, places);
  }

  /** Writes seconds to the microsecond, as {@linkcode secondsText} does. */
  seconds(seconds: number): void {
    const { negative, whole, micros } = split(seconds);
    if (negative) this.#buffer[this.#length++] = MINUS;
    this.whole(whole);
    this.#buffer[this.#length++] = DOT;
    this.#digits(micros, 6);
  }

  #digits(value: number, places: number): void {
    const buffer = this.#buffer;
    this.#length += places;
    for (let at = this.#length - 1; places > 0; at--, places--) {
      // Most values fit into 32 bits, whose division by a constant is a multiplication.
      const rest = value <= MAX_INT32 ? value / 10 | 0 : Math.floor(value / 10);
      buffer[at] = ZERO + value - rest * 10;
      value = rest;
    }
  }
}

/** Writes seconds to the microsecond: `0.000123`, `-5.100000`; what rounds to nothing has no sign. */
export function secondsText(seconds: number): string {
  const { negative, whole, micros } = split(seconds);
  return `${negative ? "-" : ""}${whole}.${String(micros).padStart(6, "0")}`;
}

function split(seconds: number): { negative: boolean; whole: number; micros: number } {
  const size = Math.abs(seconds);
  // Whole seconds apart, so that the largest time that the grammar has loses none of its digits.
  let whole = Math.floor(size);
  let micros = Math.round((size - whole) * MICROS);
  if (micros === MICROS) [whole, micros] = [whole + 1, 0];
  return { negative: seconds < 0 && whole + micros > 0, whole, micros };
}
