import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { HISTOGRAM_ERROR, LogHistogram } from "../../lib/measure/log_histogram.ts";

function histogramOf(values: Iterable<number>): LogHistogram {
  const histogram = new LogHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

Deno.test("the value of each rank is within 1% of the exact one, in whatever order values come", () => {
  const random = seededRandom(1);
  for (let round = 0; round < 20; round++) {
    // From a hundredth of a microsecond to a day, in milliseconds.
    const values = Array.from({ length: 300 }, () => 1e-5 * 1e13 ** random());
    const histogram = histogramOf(values);
    for (const [i, exact] of values.toSorted((a, b) => a - b).entries()) {
      const error = Math.abs(histogram.ranked(i + 1) - exact) / exact;
      assert(error <= HISTOGRAM_ERROR * 1.001, `${error} at ${exact}`);
    }
  }
});

Deno.test("values below a nanosecond, zero among them, are in the lowest bin", () => {
  const histogram = histogramOf([5, 0, 1e-9, 7, 0]);
  assertEquals(histogram.countBetween(0, 1.1e-6), 3);
  assertEquals(histogram.ranked(3), histogram.ranked(1));
  assert(histogram.ranked(3) < 1.1e-6 && histogram.ranked(4) > 4.9);
});

Deno.test("a rank beyond all values is infinite", () => {
  assertEquals([histogramOf([]).ranked(1), histogramOf([3]).ranked(2)], [Infinity, Infinity]);
});

Deno.test("counts go on where 16 bits end, and no other bin changes", () => {
  const histogram = histogramOf([1, 1, 900]);
  for (let i = 0; i < 200_000; i++) histogram.add(30);
  const counts = () =>
    [[0, 10], [10, 100], [100, 1000]].map(([low, high]) => histogram.countBetween(low!, high!));
  assertEquals(counts(), [2, 200_000, 1]);
  // A bin outside the array makes it grow once more.
  histogram.add(1e6);
  assertEquals([counts(), histogram.countBetween(1000, Infinity)], [[2, 200_000, 1], 1]);
});
