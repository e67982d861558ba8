import { assertAlmostEquals, assertEquals } from "@std/assert";
import { SeenLosses, verdictWorth } from "../../lib/detect/verdict_worth.ts";

Deno.test("the rule of the source document is worth little at its own server's loss", () => {
  const rates = { afterReply: 0.3, afterLoss: 0.3 };
  const worth = verdictWorth({ limit: 3, newer: 0, rates }, 100, 1e-4);
  assertAlmostEquals(worth.everyHeartbeats, 1 / (0.7 * 0.027), 1e-9);
  assertAlmostEquals(worth.shareOfRuns, 0.8639, 5e-5);
  assertAlmostEquals(worth.stopProbability, 0.005, 5e-4);
  assertEquals(worth.rightLimit, 8);
});

Deno.test("heartbeats that leave while the last one waits make the rule stricter than it looks", () => {
  const rates = { afterReply: 0.3, afterLoss: 0.3 };
  const strict = verdictWorth({ limit: 3, newer: 5, rates }, 100, 1e-4);
  const plain = verdictWorth({ limit: 8, newer: 0, rates }, 100, 1e-4);
  assertEquals(strict, { ...plain, limit: 3, newer: 5, rightLimit: 3 });
  assertEquals(verdictWorth({ limit: 3, newer: 99, rates }, 100, 1e-4).rightLimit, 1);
});

Deno.test("losses are learnt when a reply ends their run, and never from a server that stopped", () => {
  const seen = new SeenLosses();
  assertEquals(seen.rates, undefined);
  for (const fate of "..x.xx....") seen.add(fate === "x");
  // After replies: 6 heartbeats, 2 of them lost; after losses: 3, of which 1 lost.
  const { afterReply, afterLoss } = seen.rates!;
  assertAlmostEquals(afterReply, 2.5 / 7, 1e-12);
  assertAlmostEquals(afterLoss, (1 + 2 * afterReply) / 5, 1e-12);
  for (let i = 0; i < 1000; i++) seen.add(true);
  assertEquals(seen.rates, { afterReply, afterLoss });
  seen.forgetRun();
  seen.add(false);
  assertAlmostEquals(seen.rates!.afterLoss, (1 + 2 * 2.5 / 8) / 5, 1e-12);
});
