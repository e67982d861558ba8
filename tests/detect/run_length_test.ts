import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type LossRates,
  lossShare,
  probabilityOfRun,
  probabilityOfStop,
  rightLimit,
  runsPerHeartbeat,
} from "../../lib/detect/run_length.ts";

const independent = (share: number): LossRates => ({ afterReply: share, afterLoss: share });
/** Gilbert's model with this share and mean burst. */
const bursty = (share: number, burst: number): LossRates => ({
  afterReply: share / burst / (1 - share),
  afterLoss: 1 - 1 / burst,
});

Deno.test("the share of all lost follows from the two shares", () => {
  assertAlmostEquals(lossShare(independent(0.3)), 0.3, 1e-12);
  assertAlmostEquals(lossShare(bursty(0.3, 3)), 0.3, 1e-12);
  assertEquals(lossShare(independent(0)), 0);
});

Deno.test("the probability of a run in 100 heartbeats has the values of the tables", () => {
  const table: [LossRates, number, number, number][] = [
    [independent(0.3), 3, 0.8639, 5e-5],
    [independent(0.3), 5, 0.1526, 5e-5],
    [independent(0.3), 8, 4.283e-3, 5e-7],
    [independent(4 / 11), 4, 0.6812, 5e-5],
    [independent(0.05), 3, 1.158e-2, 5e-6],
    [bursty(0.3, 3), 5, 0.894, 5e-4],
    [bursty(0.3, 5), 12, 0.404, 5e-4],
  ];
  for (const [rates, length, probability, tolerance] of table) {
    assertAlmostEquals(probabilityOfRun(rates, length, 100), probability, tolerance);
  }
});

Deno.test("the probability of a run equals counting all histories", () => {
  const rates = { afterReply: 0.3, afterLoss: 0.6 };
  const share = lossShare(rates);
  for (const length of [1, 2, 3, 4]) {
    let probability = 0;
    for (let history = 0; history < 2 ** 10; history++) {
      const fates = Array.from({ length: 10 }, (_, i) => (history >> i & 1) === 1);
      let weight = 1;
      for (const [i, lost] of fates.entries()) {
        const p = i === 0 ? share : fates[i - 1] ? rates.afterLoss : rates.afterReply;
        weight *= lost ? p : 1 - p;
      }
      const pattern = fates.map((lost) => lost ? "x" : ".").join("");
      if (pattern.includes("x".repeat(length))) probability += weight;
    }
    assertAlmostEquals(probabilityOfRun(rates, length, 10), probability, 1e-12);
  }
  assertEquals(probabilityOfRun(rates, 11, 10), 0);
});

Deno.test("long stretches join on to short ones", () => {
  const rates = independent(0.3);
  const exact = probabilityOfRun(rates, 10, 5000);
  const formula = probabilityOfRun(rates, 10, 5001);
  assertAlmostEquals(formula / exact, 1, 0.005);
  assert(probabilityOfRun(rates, 3, 1e9) > 0.999999);
});

Deno.test("runs per heartbeat are (1 - p) p^k where losses are independent", () => {
  assertAlmostEquals(runsPerHeartbeat(independent(0.3), 3) * 10_000, 189, 1e-9);
});

Deno.test("the right limit has the values of the tables for a false alarm in 10,000 heartbeats", () => {
  const table: [LossRates, number | undefined][] = [
    [independent(0.05), 4],
    [independent(0.1), 4],
    [independent(0.2), 6],
    [independent(0.3), 8],
    [independent(0.5), 13],
    [bursty(0.3, 3), 19],
    [{ afterReply: 0.1, afterLoss: 1 }, undefined],
    [{ afterReply: 0.1, afterLoss: 0 }, 2],
    [independent(0), 1],
  ];
  for (const [rates, limit] of table) {
    assertEquals(rightLimit(rates, 1e-4), limit);
    if (limit === undefined) continue;
    assert(runsPerHeartbeat(rates, limit) <= 1e-4);
    if (limit > 2) assert(runsPerHeartbeat(rates, limit - 1) > 1e-4);
  }
});

Deno.test("the probability of a stop has the values of the tables", () => {
  const table: [number, number, number, number, number][] = [
    [0.3, 3, 1e-4, 0.005, 5e-4],
    [0.3, 8, 1e-3, 0.956, 5e-4],
    [0.3, 10, 1e-4, 0.96, 5e-4],
    [0.05, 3, 1e-4, 0.457, 5e-4],
  ];
  for (const [share, losses, prior, probability, tolerance] of table) {
    assertAlmostEquals(
      probabilityOfStop(independent(share), losses, prior),
      probability,
      tolerance,
    );
  }
  assertEquals(probabilityOfStop(independent(0), 3, 1e-4), 1);
  assertEquals(probabilityOfStop(independent(0.3), 0, 1e-4), 0);
});
