import { assert, assertEquals } from "@std/assert";
import { seededHash } from "../../lib/tables/seeded_hash.ts";

const PLACES = 1024;

function keysOf(network: number): string[] {
  return Array.from({ length: 65_536 }, (_, i) => `10.${network}.${i >> 8}.${i & 255}:50000`);
}

/** How many keys the fullest place has. */
function fullest(keys: readonly string[], seed: number): number {
  const counts = new Array<number>(PLACES).fill(0);
  for (const key of keys) counts[seededHash(key, seed) % PLACES]!++;
  return Math.max(...counts);
}

Deno.test("any seed spreads keys that differ in a few digits evenly over the places", () => {
  // 64 a place; with chance alone one of 1,024 places has over 110 less than once in 10,000 times.
  for (const seed of [0, 1, 20251125, 2 ** 32 - 1]) {
    assert(fullest(keysOf(1), seed) < 110, `${seed}: ${fullest(keysOf(1), seed)}`);
  }
});

Deno.test("keys that share a place under one seed are spread by another", () => {
  const chosen = keysOf(1).filter((key) => seededHash(key, 1) % PLACES === 7);
  assertEquals(fullest(chosen, 1), chosen.length);
  for (const seed of [0, 2, 3, 4, 5, 12345]) {
    assert(fullest(chosen, seed) < chosen.length / 8, `${seed}: ${fullest(chosen, seed)}`);
  }
});
