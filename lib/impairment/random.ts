/**
 * Random numbers that a seed repeats.
 *
 * Loss, jitter and all other impairments draw from a {@linkcode Random} that they are given, so
 * that one printed seed replays a whole run, on the wire and in the simulator.
 *
 * @module
 */

/** Draws numbers in [0, 1) with 32 random bits each: like `Math.random`, but repeatable. */
export type Random = () => number;

/** The largest seed: 2^32 - 1. */
export const MAX_SEED = 0xffffffff;

/**
 * Makes xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021).
 * splitmix32 fills its state from the seed, so that close seeds give unrelated streams.
 *
 * @param seed whole number, 0 to 2^32 - 1
 */
export function seededRandom(seed: number): Random {
  const nextWord = splitmix32(seed);
  let a = nextWord();
  let b = nextWord();
  let c = nextWord();
  let d = nextWord();
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result / 0x100000000;
  };
}

/** Makes a source for one part of a run; what it draws doesn't change the draws of other parts. */
export function derivedRandom(seed: number, part: number): Random {
  const nextWord = splitmix32(seed);
  return seededRandom((nextWord() ^ splitmix32(part)()) >>> 0);
}

function splitmix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let word = state;
    word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
