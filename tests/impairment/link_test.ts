import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { exponentialJitter, Link, lognormalJitter } from "../../lib/impairment/link.ts";
import { independentLoss } from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";

Deno.test("a link without faults delivers each datagram once, after its delay", () => {
  const link = new Link({ delayMs: 10 }, seededRandom(1));
  assertEquals(link.carry(5), [{ atMs: 15 }]);
  assertEquals(new Link({}, seededRandom(1)).carry(5), [{ atMs: 5 }]);
});

Deno.test("a link loses, duplicates, reorders and corrupts its shares", () => {
  const random = seededRandom(2);
  const link = new Link({
    loss: independentLoss(0.2, random),
    delayMs: 10,
    duplicateShare: 0.1,
    reorderShare: 0.05,
    reorderDelayMs: 30,
    corruptShare: 0.02,
  }, random);
  const datagrams = 100_000;
  let [lost, duplicated, late, corrupted, arrived] = [0, 0, 0, 0, 0];
  for (let i = 0; i < datagrams; i++) {
    const arrivals = link.carry(i * 100);
    if (arrivals.length === 0) lost++;
    if (arrivals.length === 2) duplicated++;
    for (const arrival of arrivals) {
      arrived++;
      if (arrival.atMs > i * 100 + 10) late++;
      if (arrival.corrupted) corrupted++;
    }
  }
  assertAlmostEquals(lost / datagrams, 0.2, 0.006);
  assertAlmostEquals(duplicated / (datagrams - lost), 0.1, 0.005);
  assertAlmostEquals(late / arrived, 0.05, 0.004);
  assertAlmostEquals(corrupted / arrived, 0.02, 0.003);
});

Deno.test("a link keeps datagrams in order when it delays them, but not when it reorders", () => {
  const random = seededRandom(3);
  const jittery = new Link({ delayMs: 10, jitter: exponentialJitter(50, random) }, random);
  let lastMs = 0;
  for (let i = 0; i < 10_000; i++) {
    const [arrival] = jittery.carry(i);
    assert(arrival!.atMs >= lastMs);
    lastMs = arrival!.atMs;
  }
  const reordering = new Link({ delayMs: 10, reorderShare: 1, reorderDelayMs: 5 }, random);
  assertEquals(reordering.carry(0), [{ atMs: 15 }]);
});

Deno.test("corruption always changes a byte", () => {
  const link = new Link({ corruptShare: 1 }, seededRandom(4));
  for (let i = 0; i < 10_000; i++) {
    const { position, by } = link.carry(i)[0]!.corrupted!;
    assert(position >= 0 && position < 1 && by >= 1 && by <= 255 && Number.isInteger(by));
  }
});

Deno.test("jitter has the mean or the median that it is made for", () => {
  const count = 100_000;
  const exponential = exponentialJitter(5, seededRandom(5));
  const sum = Array.from({ length: count }, exponential).reduce((a, b) => a + b, 0);
  assertAlmostEquals(sum / count, 5, 0.08);
  const lognormal = lognormalJitter(20, 0.5, seededRandom(6));
  const sorted = Array.from({ length: count }, lognormal).sort((a, b) => a - b);
  assertAlmostEquals(sorted[count / 2]!, 20, 0.2);
  // One standard deviation above the median of the logarithm: 84.13% of all.
  assertAlmostEquals(sorted[Math.floor(count * 0.8413)]!, 20 * Math.exp(0.5), 0.5);
});
