import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { ClockOffset } from "../../lib/measure/clock_offset.ts";

/** A reply over a path with these delays, of a server whose clock is ahead by this, seconds. */
function sample(atS: number, offsetS: number, forwardS: number, backwardS: number, heldS = 0) {
  const timeDifferenceS = Math.round((forwardS + offsetS) * 1e6) / 1e6;
  return { atS, timeDifferenceS, rttS: forwardS + heldS + backwardS, heldS };
}

Deno.test("before the first reply nothing is known of the clock", () => {
  assertEquals(new ClockOffset().figures(0), undefined);
});

Deno.test("one reply bounds the offset by its time difference and its round trip", () => {
  const clock = new ClockOffset();
  clock.add(sample(0, 5, 0.01, 0.03));
  const { lowS, highS, offsetS, driftPpm } = clock.figures(0)!;
  assertAlmostEquals(lowS, 4.97, 2e-5);
  assertAlmostEquals(highS, 5.01, 2e-5);
  assertAlmostEquals(offsetS, 4.99, 2e-5);
  assertEquals(driftPpm, undefined);
});

Deno.test("the time that the server held a heartbeat widens no bound", () => {
  const clock = new ClockOffset();
  clock.add(sample(0, 5, 0.01, 0.03, 10));
  const { lowS, highS } = clock.figures(0)!;
  assertAlmostEquals(highS - lowS, 0.04, 0.003);
});

Deno.test("bounds widen with age, by 100 ppm on either side", () => {
  const clock = new ClockOffset();
  clock.add(sample(0, 5, 0.01, 0.01));
  const young = clock.figures(0)!;
  const old = clock.figures(1000)!;
  assertAlmostEquals(young.lowS - old.lowS, 0.1, 1e-9);
  assertAlmostEquals(old.highS - young.highS, 0.1, 1e-9);
});

Deno.test("the fastest replies of each way narrow the bounds together", () => {
  const clock = new ClockOffset();
  clock.add(sample(0, 5, 0.001, 0.5));
  clock.add(sample(1, 5, 0.5, 0.002));
  const { lowS, highS } = clock.figures(1)!;
  assertAlmostEquals(lowS, 4.998, 3e-4);
  assertAlmostEquals(highS, 5.001, 3e-4);
});

Deno.test("the truth is inside the bounds of every reply, on any path, at any ordinary drift", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seededRandom(seed);
    const exponential = () => -Math.log(1 - random());
    const [forwardS, backwardS] = [random() * 0.05, random() * 0.05];
    const drift = (random() - 0.5) * 180e-6;
    const clock = new ClockOffset();
    for (let atS = 0; atS < 500; atS += 0.1 + 2 * random()) {
      const forward = forwardS + 0.005 * exponential();
      const offsetS = 3 + drift * (atS + forward);
      clock.add(sample(atS, offsetS, forward, backwardS + 0.005 * exponential()));
      const { lowS, highS } = clock.figures(atS)!;
      assert(lowS <= offsetS && offsetS <= highS, `seed ${seed} at ${atS}`);
    }
    assertEquals(clock.figures(500)!.steps, 0);
  }
});

Deno.test("a step larger than the bounds is seen at once, and learnt anew", () => {
  const clock = new ClockOffset();
  for (let atS = 0; atS < 100; atS++) assertEquals(clock.add(sample(atS, 0, 0.01, 0.01)), false);
  assertEquals(clock.add(sample(100, 0.1, 0.01, 0.01)), true);
  for (let atS = 101; atS < 200; atS++) {
    assertEquals(clock.add(sample(atS, 0.1, 0.01, 0.01)), false);
  }
  const { steps, offsetS } = clock.figures(199)!;
  assertEquals(steps, 1);
  assertAlmostEquals(offsetS, 0.1, 1e-4);
});

Deno.test("drift is told from jitter", () => {
  const random = seededRandom(9);
  const clock = new ClockOffset();
  for (let atS = 0; atS < 1000; atS++) {
    const jitter = () => -0.005 * Math.log(1 - random());
    clock.add(sample(atS, 0.01 + 50e-6 * atS, 0.01 + jitter(), 0.01 + jitter()));
  }
  const { driftPpm, offsetS, forwardS, backwardS } = clock.figures(1000)!;
  assertAlmostEquals(driftPpm!, 50, 0.5);
  assertAlmostEquals(offsetS, 0.06, 0.0002);
  assertAlmostEquals(forwardS, 0.01, 0.0003);
  assertAlmostEquals(backwardS, 0.01, 0.0003);
});

Deno.test("a smallest delay is bounded by what both ways take, however they share it", () => {
  for (const [forwardS, backwardS] of [[0.02, 0], [0, 0.02], [0.01, 0.01]] as const) {
    const clock = new ClockOffset();
    clock.add(sample(0, 5, forwardS, backwardS));
    const { mostOneWayS, forwardS: out, backwardS: back } = clock.figures(0)!;
    assertAlmostEquals(mostOneWayS, 0.02, 5e-5);
    // If both ways are alike, each takes half.
    assertAlmostEquals(out, 0.01, 5e-5);
    assertAlmostEquals(back, 0.01, 5e-5);
  }
  const clock = new ClockOffset();
  clock.add(sample(0, 5, 0.01, 0.01));
  // The clocks may drift apart, but no delay grows by that.
  assertAlmostEquals(clock.figures(1000)!.mostOneWayS, 0.02, 5e-5);
});

Deno.test("drift, offset and delays stay inside their bounds on random paths", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seededRandom(seed);
    const exponential = () => -Math.log(1 - random());
    const [forwardS, backwardS] = [random() ** 3 * 0.3, random() ** 3 * 0.3];
    const [jitterS, heldS] = [random() ** 3 * 0.1, random() < 0.5 ? 0 : 0.2 * random()];
    const drift = (random() - 0.5) * 180e-6;
    const clock = new ClockOffset();
    const untilS = 70 + 300 * random();
    let [leastForwardS, leastBackwardS] = [Infinity, Infinity];
    for (let atS = 0; atS < untilS; atS += 0.2 + random()) {
      const forward = forwardS + jitterS * exponential();
      const backward = backwardS + jitterS * exponential();
      const offsetS = 3 + drift * (atS + forward);
      clock.add(sample(atS, offsetS, forward, backward, heldS));
      leastForwardS = Math.min(leastForwardS, forward);
      leastBackwardS = Math.min(leastBackwardS, backward);
    }
    const { driftPpm, driftBoundsPpm, mostOneWayS } = clock.figures(untilS)!;
    const { low, high } = driftBoundsPpm!;
    assert(low <= drift * 1e6 && drift * 1e6 <= high, `seed ${seed}: ${low} to ${high}`);
    assert(low <= driftPpm! && driftPpm! <= high, `seed ${seed}`);
    assert(Math.max(leastForwardS, leastBackwardS) <= mostOneWayS, `seed ${seed}`);
  }
});

Deno.test("the bounds of the drift close in with time", () => {
  const width = (untilS: number) => {
    const clock = new ClockOffset();
    for (let atS = 0; atS < untilS; atS++) clock.add(sample(atS, 50e-6 * atS, 0.01, 0.01));
    const { low, high } = clock.figures(untilS)!.driftBoundsPpm!;
    return high - low;
  };
  // Twice 20 ms of delay over the time, and the slack of the readings.
  assertAlmostEquals(width(1000), 40, 0.2);
  assertAlmostEquals(width(10_000), 4, 0.02);
});

Deno.test("clocks whose drift changes have no bounds of it", () => {
  const clock = new ClockOffset();
  for (let atS = 0; atS < 20_000; atS++) {
    clock.add(sample(atS, 30e-6 * Math.abs(atS - 10_000), 0.001, 0.001));
  }
  assertEquals(clock.figures(20_000)!.driftBoundsPpm, undefined);
});
