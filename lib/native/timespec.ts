/**
 * Times as the kernel gives them.
 *
 * @module
 */

/** A `struct timespec` of 64-bit Linux, as Unix milliseconds; to a quarter of a microsecond. */
export function timespecMs(words: Uint32Array, at: number): number {
  return (words[at]! + words[at + 1]! * 2 ** 32) * 1000 + words[at + 2]! / 1e6;
}
