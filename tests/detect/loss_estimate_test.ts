import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import type { EndedRun } from "../../lib/detect/ended_runs.ts";
import { LossEstimate } from "../../lib/detect/loss_estimate.ts";

const run = (losses: number): EndedRun => ({ losses, lastedMs: losses * 1000, alarmed: false });

Deno.test("how losses cluster is unknown until a run of them was seen to end", () => {
  const estimate = new LossEstimate();
  assertEquals(estimate.rates, undefined);
  for (let i = 0; i < 1000; i++) estimate.ended(run(0));
  assertEquals([estimate.rates, estimate.losses, estimate.heartbeats], [undefined, 0, 1000]);
  estimate.ended(run(3));
  // After replies: 1,001 heartbeats, 1 of them lost; after losses: 3, of which 2 lost.
  assertAlmostEquals(estimate.rates!.afterReply, 1.5 / 1002, 1e-12);
  assertAlmostEquals(estimate.rates!.afterLoss, 2.5 / 4, 1e-12);
  assertEquals([estimate.losses, estimate.heartbeats], [3, 1004]);
});

Deno.test("an outage says nothing about the path", () => {
  const estimate = new LossEstimate();
  estimate.ended({ losses: 60, lastedMs: 60_000, alarmed: true });
  assertEquals([estimate.rates, estimate.heartbeats], [undefined, 0]);
  estimate.ended({ losses: 5, lastedMs: 5000, alarmed: true });
  assertEquals(estimate.losses, 5);
});

Deno.test("plausible shares spread widely after one loss, and close in as losses are seen", () => {
  const estimate = new LossEstimate();
  const spread = () => {
    const shares = estimate.plausible().map(({ afterLoss }) => afterLoss).sort((a, b) => a - b);
    assertEquals(shares.length, 400);
    return [shares[20]!, shares[379]!] as const;
  };
  estimate.ended(run(1));
  // The middle 90% of Beta(1/2, 3/2), in twentieths: the quantiles at 0.075 and 0.925.
  const [low, high] = spread();
  assertLess(low, 0.005);
  assertAlmostEquals(high, 0.70, 0.03);
  for (let i = 0; i < 700; i++) estimate.ended(run(0));
  for (let i = 0; i < 300; i++) estimate.ended(run(i % 10 < 7 ? 1 : 2));
  const [least, most] = spread();
  assertLess(most - least, 0.09);
  assertAlmostEquals((least + most) / 2, 90 / 391, 0.02);
});
