import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { exponentialJitter } from "../../lib/impairment/link.ts";
import { independentLoss } from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";
import {
  CLOCK_TRIAL,
  clockAccuracy,
  countAccuracy,
  type CountTrial,
  measuring,
} from "../../lib/simulation/accuracy.ts";
import { runWorld } from "../../lib/simulation/world.ts";

const RUNS = 60;
const WORST = {
  serverLossShare: 0.2,
  pathLossShare: 0.05,
  duplicateShare: 0.05,
  reorderShare: 0.05,
};

Deno.test("clock offset, 10/10 ms, 50 ppm: within 0.05 ms RMS and 0.5 ppm, bounds always right", () => {
  const { offsetRmsMs, driftErrorPpm, outside } = clockAccuracy(CLOCK_TRIAL, RUNS);
  assertLess(offsetRmsMs, 0.05);
  assertLess(driftErrorPpm, 0.5);
  assertEquals(outside, 0);
});

Deno.test("clock offset, 10/20 ms: half the asymmetry off, as it must be, and inside the bounds", () => {
  const { offsetRmsMs, driftErrorPpm, outside } = clockAccuracy(
    { ...CLOCK_TRIAL, backwardMs: 20 },
    RUNS,
  );
  assertAlmostEquals(offsetRmsMs, 5, 0.05);
  assertLess(driftErrorPpm, 0.5);
  assertEquals(outside, 0);
});

Deno.test("clock steps in mid-run are seen on either side, and the offset is right after them", () => {
  for (const side of ["clientClock", "serverClock"] as const) {
    const steps = [{ atMs: 300_500, byMs: 250 }, { atMs: 600_500, byMs: -80 }];
    const whose: string[] = [];
    const { monitor } = runWorld({
      seed: 1,
      monitor: measuring(1000),
      serverLoss: independentLoss(0.3, seededRandom(1)),
      forward: { delayMs: 10, jitter: exponentialJitter(5, seededRandom(2)) },
      backward: { delayMs: 10, jitter: exponentialJitter(5, seededRandom(3)) },
      [side]: { offsetMs: 10, steps },
      onClientEvent: (event) => {
        if (event.type === "clock_step") whose.push(event.whose);
      },
    });
    const { offsetS, lowS, highS, steps: seen } = monitor.summary().clock!;
    const trueS = (side === "serverClock" ? 1 : -1) * (10 + 250 - 80) / 1000;
    assertEquals([seen, whose], [
      2,
      new Array(2).fill(side === "serverClock" ? "server" : "client"),
    ]);
    assertAlmostEquals(offsetS, trueS, 0.0005);
    assert(lowS <= trueS && trueS <= highS);
  }
});

Deno.test("losses, duplicates, reordering and direction equal what the network did", () => {
  const trials: Omit<CountTrial, "seed" | "heartbeats">[] = [
    { serverLossShare: 0.3, pathLossShare: 0, duplicateShare: 0, reorderShare: 0 },
    { serverLossShare: 0, pathLossShare: 0.1, duplicateShare: 0, reorderShare: 0 },
    { serverLossShare: 0.1, pathLossShare: 0.05, duplicateShare: 0.2, reorderShare: 0 },
    { serverLossShare: 0, pathLossShare: 0, duplicateShare: 0, reorderShare: 0.1 },
    { serverLossShare: 0.2, pathLossShare: 0.05, duplicateShare: 0.05, reorderShare: 0.05 },
    { ...WORST, clientRestarts: 3 },
    { ...WORST, serverRestarts: 3 },
    { ...WORST, clientMoves: 3 },
    { ...WORST, clientRestarts: 1, serverRestarts: 1 },
  ];
  for (const [i, trial] of trials.entries()) {
    const truth = countAccuracy({ seed: i + 1, heartbeats: 3000, ...trial });
    const { lost, duplicates, reordering, direction, received } = truth.summary;
    assertEquals(
      [lost, duplicates, reordering.reordered, direction?.forward, direction?.backward],
      [truth.lost, truth.duplicates, truth.reordered, truth.forward, truth.backward],
      `trial ${i + 1}`,
    );
    assertEquals(received + lost, 3000);
    const { forward, backward, late, unknown } = direction!;
    assertEquals(forward + backward + late + unknown, lost);
    // Only the tail behind the last answer can be unknown, and what a restart of the server hid.
    assertLess(unknown, 20 + 40 * (trial.serverRestarts ?? 0) + 10 * (trial.clientMoves ?? 0));
  }
});

Deno.test("percentiles are exact below 100,000 samples", () => {
  const { summary, rttsMs } = countAccuracy({
    seed: 7,
    heartbeats: 5000,
    serverLossShare: 0.3,
    pathLossShare: 0,
    duplicateShare: 0,
    reorderShare: 0.1,
  });
  const exact = (share: number) => rttsMs[Math.ceil(share * rttsMs.length) - 1];
  const { p90, p95, p99, p999, max } = summary.rttMs!;
  assertEquals([p90, p95, p99, p999, max], [0.9, 0.95, 0.99, 0.999, 1].map(exact));
});

Deno.test("a server that restarts in mid-run doesn't falsify the direction of loss", () => {
  const accepted = new Set<number>();
  const answered = new Set<number>();
  const { monitor } = runWorld({
    seed: 3,
    monitor: measuring(600),
    forward: { delayMs: 10, loss: independentLoss(0.1, seededRandom(4)), duplicateShare: 0.1 },
    backward: { delayMs: 10, loss: independentLoss(0.1, seededRandom(5)), duplicateShare: 0.1 },
    serverDown: [{ fromMs: 200_000, untilMs: 230_000 }],
    onServerEvent: (event) => event.type === "replied" && accepted.add(event.seq),
    onClientEvent: (event) => event.type === "reply" && answered.add(event.seq),
  });
  const { lost, direction } = monitor.summary();
  const { forward, backward, late, unknown } = direction!;
  const lostSeqs = Array.from({ length: 600 }, (_, i) => i + 1).filter((seq) => !answered.has(seq));
  assertEquals([forward + backward + late + unknown, late], [lost, 0]);
  // What is told is certain; what the restart hid is unknown, and not more than that and the tail.
  assert(forward <= lostSeqs.filter((seq) => !accepted.has(seq)).length);
  assert(backward <= lostSeqs.filter((seq) => accepted.has(seq)).length);
  assert(forward > 40 && backward > 30 && unknown >= 30 && unknown < 45, JSON.stringify(direction));
});

const { gc } = globalThis as { gc?: () => void };

Deno.test({
  name: "the books of a million heartbeats hold less than 10 MB more than those of a thousand",
  // Needs --v8-flags=--expose-gc, as `deno task test` has it, to tell what is held from what is
  // garbage.
  ignore: gc === undefined,
  fn() {
    const held = (heartbeats: number) => {
      gc!();
      const before = Deno.memoryUsage();
      const { monitor } = runWorld({
        seed: 1,
        monitor: measuring(heartbeats),
        forward: { delayMs: 10 },
      });
      gc!();
      const after = Deno.memoryUsage();
      assertEquals(monitor.summary().received, heartbeats);
      return after.heapUsed + after.external - before.heapUsed - before.external;
    };
    assertLess(held(1_000_000) - held(1000), 10 * 2 ** 20);
  },
});
