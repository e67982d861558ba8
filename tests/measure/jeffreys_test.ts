import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { betaDistribution, jeffreysInterval } from "../../lib/measure/jeffreys.ts";

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

Deno.test("the Beta distribution equals its density summed up", () => {
  for (const [a, b] of [[0.5, 0.5], [3.5, 7.5], [30.5, 70.5], [2, 200.5]] as const) {
    const density = (x: number) => x ** (a - 1) * (1 - x) ** (b - 1);
    const steps = 400_000;
    // The substitution x = sin(u)^2 takes the poles at both ends away.
    const terms = Array.from({ length: steps }, (_, i) => {
      const u = (i + 0.5) / steps * Math.PI / 2;
      const x = Math.sin(u) ** 2;
      return { x, mass: density(x) * 2 * Math.sin(u) * Math.cos(u) };
    });
    const whole = terms.reduce((sum, { mass }) => sum + mass, 0);
    for (const x of [0.05, 0.3, 0.5, 0.9]) {
      const below = terms.reduce((sum, term) => term.x <= x ? sum + term.mass : sum, 0);
      assertAlmostEquals(betaDistribution(x, a, b), below / whole, 2e-5);
    }
  }
});
