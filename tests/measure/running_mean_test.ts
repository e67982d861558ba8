import { assertAlmostEquals, assertEquals } from "@std/assert";
import { RunningMean } from "../../lib/measure/running_mean.ts";

Deno.test("a running mean is the mean of all values, and undefined before the first", () => {
  const mean = new RunningMean();
  assertEquals(mean.value, undefined);
  for (const [i, value] of [3, 5, 10, -2].entries()) {
    mean.add(value);
    assertAlmostEquals(mean.value!, [3, 4, 6, 4][i]!, 1e-12);
  }
});
