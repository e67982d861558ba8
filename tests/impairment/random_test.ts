import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { derivedRandom, MAX_SEED, seededRandom } from "../../lib/impairment/random.ts";

const draws = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

Deno.test("seededRandom() repeats itself for a seed, and differs between seeds", () => {
  assertEquals(draws(42, 100), draws(42, 100));
  assertNotEquals(draws(42, 100), draws(43, 100));
  assertNotEquals(draws(0, 10), draws(MAX_SEED, 10));
});

Deno.test("seededRandom() keeps its numbers from release to release", () => {
  assertEquals(draws(1, 4).map((draw) => draw * 2 ** 32), GOLDEN);
});

Deno.test("seededRandom() is uniform in [0, 1), and its draws are independent", () => {
  for (const seed of [1, 2, 3]) {
    const numbers = draws(seed, 200_000);
    assert(numbers.every((number) => number >= 0 && number < 1));
    // Ten bins of 20,000 expected each: chi-square with 9 degrees of freedom < 27.9 in 99.9%.
    const bins = new Array<number>(10).fill(0);
    for (const number of numbers) bins[Math.floor(number * 10)]!++;
    const chiSquare = bins.reduce((sum, bin) => sum + (bin - 20_000) ** 2 / 20_000, 0);
    assert(chiSquare < 27.9, `chi-square ${chiSquare} for seed ${seed}`);
    const lagged = numbers.slice(1).reduce(
      (sum, number, i) => sum + (number - 0.5) * (numbers[i]! - 0.5),
      0,
    );
    assertAlmostEquals(lagged / numbers.length * 12, 0, 0.01);
  }
});

Deno.test("derivedRandom() gives each part of a run numbers of its own", () => {
  const first = (part: number) => derivedRandom(7, part)();
  assertEquals(first(1), first(1));
  assertNotEquals(first(1), first(2));
  assertNotEquals(derivedRandom(8, 1)(), first(1));
});

// Computed with a C program: splitmix32 from 1 fills the state, the authors' xoshiro128** draws.
const GOLDEN = [393288148, 2174103013, 3814759091, 2092745082];
