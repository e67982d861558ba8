import { assertAlmostEquals, assertEquals } from "@std/assert";
import { BucketCounts } from "../../lib/measure/bucket_counts.ts";

Deno.test("values are counted up to each bound, which takes in its own, and beyond the last", () => {
  const counts = new BucketCounts([1, 2, 5]);
  for (const value of [0, 1, 1.5, 2, 5, 5.1, 100]) counts.add(value);
  assertEquals(counts.read().cumulative, [2, 4, 5, 7]);
  assertAlmostEquals(counts.read().sum, 114.6, 1e-9);
});

Deno.test("counts begin at 0, with as many as there are bounds, and one for all", () => {
  assertEquals(new BucketCounts([1, 2]).read().cumulative, [0, 0, 0]);
  assertEquals(new BucketCounts().read().cumulative.length, 18);
});
