import { assertAlmostEquals } from "@std/assert";
import { betaDistribution, betaMiddles, betaQuantile } from "../../lib/measure/beta.ts";

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

Deno.test("quantiles of the Beta distribution are where it reaches their probability", () => {
  const parameters = [0.5, 1.5, 3.5, 100.5, 30_000.5];
  for (const a of parameters) {
    for (const b of parameters) {
      for (const probability of [0.001, 0.025, 0.5, 0.975, 0.999]) {
        const quantile = betaQuantile(probability, a, b);
        let [low, high] = [0, 1];
        for (let halving = 0; halving < 60; halving++) {
          const middle = (low + high) / 2;
          if (betaDistribution(middle, a, b) < probability) low = middle;
          else high = middle;
        }
        assertAlmostEquals(quantile, low, 1e-9, `${probability} of Beta(${a}, ${b})`);
      }
    }
  }
});

Deno.test("the middles of the steps are the quantiles of their middles", () => {
  const parameters = [0.5, 1.5, 3.5, 100.5, 30_000.5, 1e7];
  for (const a of parameters) {
    for (const b of parameters) {
      betaMiddles(40, a, b).forEach((middle, i) => {
        const quantile = betaQuantile((i + 0.5) / 40, a, b);
        assertAlmostEquals(middle, quantile, 2e-9, `step ${i} of Beta(${a}, ${b})`);
      });
    }
  }
});
