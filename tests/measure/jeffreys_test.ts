import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { jeffreysInterval } from "../../lib/measure/jeffreys.ts";

Deno.test("Jeffreys interval has the values of the tables", () => {
  const table: [number, number, number, number][] = [
    [3, 10, 0.093, 0.606],
    [30, 100, 0.217, 0.395],
    [300, 1000, 0.272, 0.329],
  ];
  for (const [hits, total, low, high] of table) {
    const interval = jeffreysInterval(hits, total);
    assertAlmostEquals(interval.low, low, 0.0006);
    assertAlmostEquals(interval.high, high, 0.0006);
  }
});

Deno.test("Jeffreys interval ends at 0 and 1 where nothing or everything was hit", () => {
  assertEquals(jeffreysInterval(0, 50).low, 0);
  assertEquals(jeffreysInterval(50, 50).high, 1);
  assertAlmostEquals(jeffreysInterval(0, 50).high, 1 - jeffreysInterval(50, 50).low, 1e-8);
  assert(jeffreysInterval(0, 1_000_000).high < 3e-6);
});
