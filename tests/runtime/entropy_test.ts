import { assert, assertEquals, assertMatch } from "@std/assert";
import { MAX_SEED } from "../../lib/impairment/random.ts";
import { randomRun, randomSeed, secretSeed } from "../../lib/runtime/entropy.ts";
import { KEYED_RUN_DIGITS } from "../../lib/wire/grammar.ts";

const DRAWS = 200;

Deno.test("seeds are whole numbers within their range, and differ", () => {
  for (const draw of [randomSeed, secretSeed]) {
    const seeds = Array.from({ length: DRAWS }, draw);
    assert(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED));
    // Two of 200 draws are the same once in 200,000 runs of this test; ten pairs never.
    assert(new Set(seeds).size > DRAWS - 10);
    assert(Math.max(...seeds) > MAX_SEED / 2 && Math.min(...seeds) < MAX_SEED / 2);
  }
});

Deno.test("a run's name has the digits that were asked for, and no other run has it", () => {
  for (const digits of [8, KEYED_RUN_DIGITS]) {
    const names = Array.from({ length: DRAWS }, () => randomRun(digits));
    for (const name of names) assertMatch(name, new RegExp(`^[0-9a-f]{${digits}}$`));
    assert(new Set(names).size > DRAWS - 10);
  }
  assertEquals(randomRun(0), "");
});
