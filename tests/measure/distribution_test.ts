import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { Distribution, EXACT_VALUES } from "../../lib/measure/distribution.ts";
import { HISTOGRAM_ERROR } from "../../lib/measure/log_histogram.ts";

function distributionOf(values: Iterable<number>, exactValues?: number): Distribution {
  const distribution = new Distribution(exactValues);
  for (const value of values) distribution.add(value);
  return distribution;
}

Deno.test("a distribution without values has no figures", () => {
  assertEquals(new Distribution().spread(), undefined);
  assertEquals(new Distribution().percentile(0.5), undefined);
});

Deno.test("a distribution of one value is that value, without percentiles", () => {
  const { min, mean, median, max, stddev } = distributionOf([7]).spread()!;
  assertEquals([min, mean, median, max, stddev], [7, 7, 7, 7, 0]);
});

Deno.test("a percentile needs a value beyond it", () => {
  const known = (count: number) => {
    const { p90, p95, p99, p999 } = distributionOf(Array(count).fill(1)).spread()!;
    return [p90, p95, p99, p999].filter((value) => value !== undefined).length;
  };
  const table = [[9, 0], [10, 1], [19, 1], [20, 2], [99, 2], [100, 3], [999, 3], [1000, 4]];
  for (const [count, percentiles] of table) assertEquals(known(count!), percentiles, `${count}`);
  // Lost heartbeats count: with them, the ninth of ten is finite.
  assertEquals(distributionOf(Array(9).fill(1)).percentile(0.9, 1), 1);
  assertEquals(distributionOf(Array(8).fill(1)).percentile(0.9, 2), undefined);
});

Deno.test("a distribution gives the figures worked out by hand", () => {
  // 1..10: mean 5.5, deviation sqrt(8.25); 90% of ten values are no larger than the ninth.
  const spread = distributionOf([10, 3, 1, 7, 5, 2, 9, 4, 8, 6]).spread()!;
  assertEquals(spread.min, 1);
  assertEquals(spread.mean, 5.5);
  assertEquals(spread.median, 5.5);
  assertEquals(spread.p90, 9);
  assertEquals(spread.max, 10);
  assertAlmostEquals(spread.stddev, Math.sqrt(8.25), 1e-12);
  assertEquals(distributionOf([3, 1, 2]).spread()!.median, 2);
});

Deno.test("percentiles equal those of a sorted list, whenever they are asked for", () => {
  const random = seededRandom(1);
  const distribution = new Distribution();
  const values: number[] = [];
  for (let i = 0; i < 2000; i++) {
    const value = Math.floor(random() * 1000) / 10;
    distribution.add(value);
    values.push(value);
    if (i % 97 !== 0) continue;
    const sorted = values.toSorted((a, b) => a - b);
    for (const share of [0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1]) {
      const tooFew = share > 0.5 && share < 1 && sorted.length < Math.round(1 / (1 - share));
      const slow = tooFew
        ? undefined
        : sorted.find((_, place) => (place + 1) / sorted.length >= share - 1e-12);
      assertEquals(distribution.percentile(share), slow);
    }
  }
});

Deno.test("deviation survives values that differ in their last digits only", () => {
  const spread = distributionOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]).spread()!;
  assertAlmostEquals(spread.stddev, Math.sqrt(22.5), 1e-6);
});

Deno.test("percentiles of very many values stay within the error that is stated", () => {
  const random = seededRandom(2);
  const values = Array.from({ length: 3 * EXACT_VALUES }, () => 0.05 * 1e5 ** random());
  const distribution = distributionOf(values);
  const sorted = values.toSorted((a, b) => a - b);
  for (const share of [0.001, 0.1, 0.5, 0.9, 0.99, 0.999]) {
    const exact = sorted[Math.ceil(share * sorted.length) - 1]!;
    const error = Math.abs(distribution.percentile(share)! - exact) / exact;
    assert(error <= HISTOGRAM_ERROR * 1.001, `${error} at ${share}`);
  }
  const spread = distribution.spread()!;
  assertEquals(spread.min, sorted[0]);
  assertEquals(spread.max, sorted.at(-1));
  assertEquals(distribution.count, values.length);
});

Deno.test("zero is a value like others, before and after the change to the histogram", () => {
  const distribution = distributionOf([0, 0, 0]);
  assertEquals(distribution.spread()!.median, 0);
  for (let i = 0; i < EXACT_VALUES; i++) distribution.add(0);
  assertEquals(distribution.spread()!.p99, 0);
});

Deno.test("the owner of a distribution chooses how many values it keeps exactly", () => {
  const values = Array.from({ length: 1000 }, (_, i) => i + 1);
  for (const exactValues of [1000, 5000]) {
    assertEquals(distributionOf(values, exactValues).percentile(0.5), 500);
  }
  for (const exactValues of [0, 1, 64, 999]) {
    const distribution = distributionOf(values, exactValues);
    const median = distribution.percentile(0.5)!;
    assert(median !== 500, `with ${exactValues} exact values`);
    assertAlmostEquals(median / 500, 1, HISTOGRAM_ERROR * 1.001);
    assertEquals(distribution.countBetween(0, 1e9), 1000);
  }
});

Deno.test("all figures but the percentiles are the same with a histogram, to the last bit", () => {
  const random = seededRandom(3);
  const values = Array.from({ length: 5000 }, () => 20 * random() ** 3);
  const exact = distributionOf(values).spread()!;
  const counted = distributionOf(values, 0).spread()!;
  for (const figure of ["min", "mean", "max", "stddev"] as const) {
    assertEquals(counted[figure], exact[figure]);
  }
});
