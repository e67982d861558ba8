import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { lossModel } from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";
import type { Interval } from "../../lib/measure/interval.ts";
import { jeffreysInterval } from "../../lib/measure/jeffreys.ts";
import { lossInterval } from "../../lib/measure/loss_interval.ts";
import { LossPattern } from "../../lib/measure/loss_pattern.ts";
import { lossCoverage } from "../../lib/simulation/loss_coverage.ts";

/** The interval after these fates, `x` a loss, each so many times. */
function after(fates: string, times = 1) {
  const pattern = new LossPattern();
  for (let i = 0; i < times; i++) {
    for (const fate of fates) pattern.add(i, fate === "x", i);
  }
  return lossInterval(pattern.transitions);
}

Deno.test("independent losses have nearly Jeffreys' interval", () => {
  const lose = lossModel({ share: 0.3 }, seededRandom(1));
  const pattern = new LossPattern();
  for (let i = 0; i < 1000; i++) pattern.add(i, lose(), i);
  const { low, high } = lossInterval(pattern.transitions);
  const jeffreys = jeffreysInterval(pattern.transitions.lost, 1000);
  assertAlmostEquals(low, jeffreys.low, 0.006);
  assertAlmostEquals(high, jeffreys.high, 0.006);
});

Deno.test("losses that come in bursts widen the interval", () => {
  const width = ({ low, high }: Interval) => high - low;
  const single = width(after(".........x", 100));
  const triple = width(after("...........................xxx", 33));
  assert(triple > 1.5 * single, `${triple} and ${single}`);
});

Deno.test("the interval holds the truth in 93% of runs at least, also in bursts", () => {
  const runs = 600;
  for (const share of [0.05, 0.3]) {
    for (const meanBurst of [undefined, 3, 10]) {
      const { covered, ifIndependent } = lossCoverage({ share, meanBurst }, 1000, runs);
      // 93%, less three standard deviations of such a count.
      const least = 0.93 - 3 * Math.sqrt(0.93 * 0.07 / runs);
      assert(covered >= least, `${covered} at ${share} in bursts of ${meanBurst}`);
      if (meanBurst !== undefined) assertLess(ifIndependent, 0.8);
    }
  }
});

Deno.test("where nothing or everything was lost, one end is certain and the other is not", () => {
  const none = after(".", 100);
  assertEquals(none.low, 0);
  assert(none.high > jeffreysInterval(0, 100).high && none.high < 0.15, `${none.high}`);
  const all = after("x", 100);
  assertEquals(all.high, 1);
  assert(all.low > 0.2 && all.low < 1, `${all.low}`);
  assertEquals(after("x").high, 1);
  assertEquals(after(".").low, 0);
  assert(after(".").high > 0.8 && after("x").low < 0.2);
});
