import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { Distribution, EXACT_VALUES } from "../../lib/measure/distribution.ts";
import { BARS, FEWEST_VALUES, histogramLines } from "../../lib/report/histogram.ts";

function distributionOf(values: Iterable<number>): Distribution {
  const distribution = new Distribution();
  for (const value of values) distribution.add(value);
  return distribution;
}

Deno.test("a histogram counts every value once, in bars that fit the width", () => {
  const random = seededRandom(1);
  for (const count of [50, 5000, EXACT_VALUES + 1000]) {
    const values = Array.from({ length: count }, () => 0.05 * 1000 ** random());
    for (const columns of [40, 80, 200]) {
      const [title, ...lines] = histogramLines(distributionOf(values), columns);
      assertStringIncludes(title!, "ms");
      assertEquals(lines.length, BARS);
      const counts = lines.map((line) => Number(/ (\d+)( #+)?$/.exec(line)![1]));
      assertEquals(counts.reduce((sum, bar) => sum + bar, 0), count);
      assert(lines.every((line) => line.length <= columns));
      assert(lines.some((line) => line.length > columns - 4));
    }
  }
});

Deno.test("there is no picture of too few values, or of values that are all alike", () => {
  assertEquals(histogramLines(new Distribution(), 80), []);
  assertEquals(
    histogramLines(distributionOf(new Array(FEWEST_VALUES - 1).fill(1).map((v, i) => v + i)), 80),
    [],
  );
  assertEquals(histogramLines(distributionOf(new Array(100).fill(7)), 80), []);
});
