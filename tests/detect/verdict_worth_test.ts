import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { LossEstimate } from "../../lib/detect/loss_estimate.ts";
import { RAREST_EVERY, verdictWorth } from "../../lib/detect/verdict_worth.ts";
import { lossModel, type LossOptions } from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";

const RULE = { limit: 3, newer: 0, heartbeats: 100, falseAlarms: 1e-4 };

/** What is known after some heartbeats on such a path, to a server that lives. */
function seen(loss: LossOptions, seed: number, heartbeats: number): LossEstimate {
  const lose = lossModel(loss, seededRandom(seed));
  const estimate = new LossEstimate();
  let losses: number | undefined;
  for (let i = 0; i < heartbeats; i++) {
    if (lose()) {
      if (losses !== undefined) losses++;
    } else {
      if (losses !== undefined) estimate.ended({ losses, lastedMs: losses * 10, alarmed: false });
      losses = 0;
    }
  }
  return estimate;
}

Deno.test("a rule has no worth until a run of losses was seen to end", () => {
  assertEquals(verdictWorth(RULE, new LossEstimate()), undefined);
  assertEquals(verdictWorth(RULE, seen({ share: 0 }, 1, 1000)), undefined);
});

Deno.test("the rule of the source document is worth little at its own server's loss", () => {
  const worth = verdictWorth(RULE, seen({ share: 0.3 }, 1, 400_000))!;
  for (const value of Object.values(worth.everyHeartbeats)) {
    assertAlmostEquals(value / (1 / (0.7 * 0.027)), 1, 0.04);
  }
  assertAlmostEquals(worth.shareOfRuns.low, 0.8639, 0.01);
  assertAlmostEquals(worth.shareOfRuns.high, 0.8639, 0.01);
  assertAlmostEquals(worth.stopProbability, 0.005, 5e-4);
  assertEquals(worth.rightLimit, 8);
});

Deno.test("the range holds the truth in nine of ten runs, also in bursts", () => {
  for (
    const [loss, heartbeats] of [
      [{ share: 0.3 }, 100],
      [{ share: 0.3 }, 1000],
      [{ share: 0.3, meanBurst: 3 }, 300],
      [{ share: 0.05, meanBurst: 3 }, 2000],
    ] as const
  ) {
    const afterLoss = "meanBurst" in loss ? 1 - 1 / loss.meanBurst : loss.share;
    const truth = 1 / ((1 - loss.share) * loss.share * (1 - afterLoss) / (1 - loss.share)) /
      afterLoss ** 2;
    let held = 0;
    const runs = 400;
    for (let seed = 1; seed <= runs; seed++) {
      const { low, high } = verdictWorth(RULE, seen(loss, seed, heartbeats))!.everyHeartbeats;
      if (low <= truth && truth <= high) held++;
    }
    // The middle nine tenths, less four standard deviations of such a count.
    assert(held / runs > 0.84, `${held} of ${runs} at ${JSON.stringify(loss)}`);
    assert(held / runs < 0.97, `${held} of ${runs} at ${JSON.stringify(loss)}`);
  }
});

Deno.test("little that was seen makes a wide range, and nothing is rarer than the cap", () => {
  const one = new LossEstimate();
  for (let i = 0; i < 30; i++) {
    one.ended({ losses: i === 9 ? 1 : 0, lastedMs: 0, alarmed: false });
  }
  const { everyHeartbeats, stopProbability, rightLimit, losses } = verdictWorth(RULE, one)!;
  assertLess(everyHeartbeats.low, 200);
  assertEquals(everyHeartbeats.high, RAREST_EVERY);
  assertLess(stopProbability, 0.99);
  assertEquals([losses, rightLimit], [1, undefined]);
  const long = verdictWorth({ ...RULE, limit: 200 }, one)!;
  assertEquals(long.everyHeartbeats, { low: RAREST_EVERY, high: RAREST_EVERY });
  assertEquals(long.stopProbability, 0.99);
});

Deno.test("heartbeats that waited in vain, too, make an alarm rarer", () => {
  const estimate = seen({ share: 0.3 }, 2, 10_000);
  const newer = verdictWorth({ ...RULE, newer: 5 }, estimate)!;
  const longer = verdictWorth({ ...RULE, limit: 8 }, estimate)!;
  assertEquals(newer.everyHeartbeats, longer.everyHeartbeats);
  assertEquals(newer.rightLimit, 3);
});

Deno.test("advice needs a thousand heartbeats and ten losses, and never goes below the rule", () => {
  const advice = (share: number, heartbeats: number, limit = 3) =>
    verdictWorth({ ...RULE, limit }, seen({ share }, 3, heartbeats))?.rightLimit;
  assertEquals(advice(0.3, 900), undefined);
  assertEquals(advice(0.005, 1100), undefined);
  assertEquals(advice(0.3, 10_000), 8);
  assertEquals(advice(0.3, 10_000, 20), 20);
  assertEquals(advice(0.01, 10_000), 3);
});
