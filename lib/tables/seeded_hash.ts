/**
 * Hashes of keys that strangers choose.
 *
 * @module
 */

/**
 * A number from 0 to 2^32 - 1 for a key, by the mixing of MurmurHash2. Whoever knew the seed could choose keys that
 * all have the same, and have each one looked for among all others.
 *
 * @param seed a number from 0 to 2^32 - 1; a secret, where the table is to withstand strangers
 */
export function seededHash(key: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < key.length; i++) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
