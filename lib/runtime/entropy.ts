/**
 * Randomness that no seed repeats.
 *
 * @module
 */

import { MAX_SEED } from "../impairment/random.ts";

/**
 * Draws a seed for a run, 0 to {@linkcode MAX_SEED}.
 *
 * It is no secret: programs print it, so that anyone can repeat the run.
 */
export function randomSeed(): number {
  return Math.floor(Math.random() * (MAX_SEED + 1));
}

/** Draws a seed that nobody can guess, 0 to 2^32 - 1, for hash tables that strangers fill. */
export function secretSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

/**
 * Draws a name for a run, which no other client of the server is likely to have.
 *
 * @param digits the length of the name in hexadecimal digits; even
 */
export function randomRun(digits: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(digits / 2));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
