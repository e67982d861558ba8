import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  gilbertLoss,
  independentLoss,
  type LossModel,
  lossModel,
  shortestMeanBurst,
} from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";

const TRIALS = 400_000;

/** Counts losses, the lengths of their runs, and losses that follow a loss. */
function observe(lose: LossModel) {
  const runs = new Map<number, number>();
  let losses = 0;
  let run = 0;
  let afterLoss = 0;
  for (let i = 0; i < TRIALS; i++) {
    if (lose()) {
      losses++;
      if (run > 0) afterLoss++;
      run++;
    } else if (run > 0) {
      runs.set(run, (runs.get(run) ?? 0) + 1);
      run = 0;
    }
  }
  const runCount = [...runs.values()].reduce((sum, count) => sum + count, 0);
  return {
    share: losses / TRIALS,
    meanRun: losses / runCount,
    afterLoss: afterLoss / losses,
    runs,
  };
}

Deno.test("independent loss loses its share, whatever was lost before", () => {
  for (const share of [0.05, 0.3, 0.5, 0.9]) {
    const seen = observe(independentLoss(share, seededRandom(1)));
    // Four standard errors.
    const tolerance = 4 * Math.sqrt(share * (1 - share) / TRIALS);
    assertAlmostEquals(seen.share, share, tolerance);
    assertAlmostEquals(seen.afterLoss, share, tolerance / Math.sqrt(share));
    assertAlmostEquals(seen.meanRun * (1 - share), 1, 0.02);
  }
});

Deno.test("independent loss has geometric runs, which go on with its own probability", () => {
  const { runs } = observe(independentLoss(0.3, seededRandom(2)));
  for (const length of [1, 2, 3, 4]) {
    assertAlmostEquals(runs.get(length + 1)! / runs.get(length)!, 0.3, 0.03);
  }
});

Deno.test("Gilbert loss has the share and the mean burst that it is made for", () => {
  const table: [number, number][] = [[0.3, 3], [0.3, 1.5], [0.05, 5], [0.5, 10], [0.75, 4]];
  for (const [share, meanBurst] of table) {
    const seen = observe(gilbertLoss(share, meanBurst, seededRandom(3)));
    assertAlmostEquals(seen.share / share, 1, 0.04);
    assertAlmostEquals(seen.meanRun / meanBurst, 1, 0.03);
    assertAlmostEquals(seen.afterLoss, 1 - 1 / meanBurst, 0.01);
  }
});

Deno.test("Gilbert loss has geometric bursts: each goes on with probability 1 - 1 / mean", () => {
  const { runs } = observe(gilbertLoss(0.3, 3, seededRandom(4)));
  for (const length of [1, 2, 3, 4]) {
    assertAlmostEquals(runs.get(length + 1)! / runs.get(length)!, 2 / 3, 0.04);
  }
});

Deno.test("Gilbert loss with independent loss's mean burst is independent loss", () => {
  const seen = observe(gilbertLoss(0.3, 1 / 0.7, seededRandom(5)));
  assertAlmostEquals(seen.afterLoss, 0.3, 0.01);
  assertAlmostEquals(seen.share, 0.3, 0.005);
});

Deno.test("Gilbert loss begins in its long-run state", () => {
  let lostFirst = 0;
  for (let seed = 0; seed < 20_000; seed++) {
    if (gilbertLoss(0.3, 10, seededRandom(seed))()) lostFirst++;
  }
  assertAlmostEquals(lostFirst / 20_000, 0.3, 0.015);
});

Deno.test("loss of 0 loses nothing and loss of 1 everything", () => {
  assertEquals(observe(independentLoss(0, seededRandom(6))).share, 0);
  assertEquals(observe(independentLoss(1, seededRandom(6))).share, 1);
  assertEquals(observe(gilbertLoss(0, 3, seededRandom(6))).share, 0);
});

Deno.test("gilbertLoss() refuses bursts that are too short for the share", () => {
  assertEquals(shortestMeanBurst(0.3), 1);
  assertAlmostEquals(shortestMeanBurst(0.8), 4, 1e-9);
  assertThrows(() => gilbertLoss(0.8, 3.9, seededRandom(1)), RangeError, "shortest mean burst");
  assertThrows(() => gilbertLoss(1, 10, seededRandom(1)), RangeError, "shortest mean burst");
  assertThrows(() => gilbertLoss(0.3, NaN, seededRandom(1)), RangeError, "shortest mean burst");
});

Deno.test("loss models draw once for each datagram, so shares can be compared seed by seed", () => {
  for (const meanBurst of [undefined, 3]) {
    let draws = 0;
    const random = seededRandom(1);
    const lose = lossModel({ share: 0.3, meanBurst }, () => {
      draws++;
      return random();
    });
    for (let i = 0; i < 100; i++) lose();
    assertEquals(draws, 100);
  }
});
