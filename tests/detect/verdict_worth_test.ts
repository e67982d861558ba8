import { assertAlmostEquals, assertEquals } from "@std/assert";
import { verdictWorth } from "../../lib/detect/verdict_worth.ts";

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
