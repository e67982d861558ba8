import { assertAlmostEquals, assertEquals } from "@std/assert";
import { EndedRuns } from "../../lib/detect/ended_runs.ts";
import { LossEstimate } from "../../lib/detect/loss_estimate.ts";

Deno.test("losses are learnt when a reply ends their run, and never from a server that stopped", () => {
  const runs = new EndedRuns();
  const estimate = new LossEstimate();
  const add = (lost: boolean) => lost ? runs.lost() : estimate.answered(runs.answered());
  assertEquals(estimate.rates, undefined);
  for (const fate of "..x.xx....") add(fate === "x");
  // After replies: 6 heartbeats, 2 of them lost; after losses: 3, of which 1 lost.
  const { afterReply, afterLoss } = estimate.rates!;
  assertAlmostEquals(afterReply, 2.5 / 7, 1e-12);
  assertAlmostEquals(afterLoss, (1 + 2 * afterReply) / 5, 1e-12);
  for (let i = 0; i < 1000; i++) add(true);
  assertEquals(estimate.rates, { afterReply, afterLoss });
  estimate.forget(runs.losses);
  add(false);
  assertAlmostEquals(estimate.rates!.afterLoss, (1 + 2 * 2.5 / 8) / 5, 1e-12);
});

Deno.test("losses after a run that is forgotten count again", () => {
  const estimate = new LossEstimate();
  estimate.answered(undefined);
  estimate.answered(0);
  estimate.forget(10);
  estimate.answered(12);
  // After replies: 2 heartbeats, 1 of them lost; after losses: 2, of which 1 lost.
  assertAlmostEquals(estimate.rates!.afterReply, 1.5 / 3, 1e-12);
  assertAlmostEquals(estimate.rates!.afterLoss, (1 + 2 * 0.5) / 4, 1e-12);
});
