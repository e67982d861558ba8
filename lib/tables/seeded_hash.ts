/**
 * Hashes of keys that strangers choose.
 *
 * @module
 */

/**
 * Hashes a key to a number from 0 to 2^32 - 1, with the mixing step of MurmurHash2. An attacker who
 * knew the seed could choose keys with the same hash, and make each lookup search all of them.
 *
 * @param seed 0 to 2^32 - 1; secret, if strangers choose the keys
 */
export function seededHash(key: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < key.length; i++) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
