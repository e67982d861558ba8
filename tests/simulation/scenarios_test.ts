/**
 * The shipped monitor and responder in bad networks, each scenario named by what the network does.
 */

import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import type { MonitorOptions } from "../../lib/monitor/options.ts";
import type { MonitorEvent } from "../../lib/monitor/events.ts";
import type { ResponderEvent } from "../../lib/responder/events.ts";
import { gilbertLoss, independentLoss } from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";
import { runWorld, type WorldOptions } from "../../lib/simulation/world.ts";

// Replays every scenario; printed with each failure by the test's own name.
const SEED = 20251122;
const PATH = { delayMs: 10 };
const LOCK_STEP = { count: 100, intervalMs: 0, timeoutMs: 1000, maxLosses: 3, watch: false };
const EVERY_SECOND = { ...LOCK_STEP, count: 1000, intervalMs: 1000, maxLosses: 0 };

interface Told<Event> {
  readonly atMs: number;
  readonly event: Event;
}

function run(monitor: MonitorOptions | typeof LOCK_STEP, rest: Partial<WorldOptions> = {}) {
  const client: Told<MonitorEvent>[] = [];
  const server: Told<ResponderEvent>[] = [];
  const { monitor: finished, truth } = runWorld({
    seed: SEED,
    forward: PATH,
    backward: PATH,
    ...rest,
    monitor,
    onClientEvent: (event, atMs) => client.push({ event, atMs }),
    onServerEvent: (event, atMs) => server.push({ event, atMs }),
  });
  const summary = finished.summary();
  assertEquals(summary.sent, summary.received + summary.lost + summary.outstanding);
  const states = client.flatMap(({ event, atMs }) =>
    event.type === "state" ? [{ from: event.from, to: event.to, atMs }] : []
  );
  return { client, server, summary, states, truth };
}

function count(told: Told<{ readonly type: string }>[], type: string): number {
  return told.filter(({ event }) => event.type === type).length;
}

Deno.test("clean path: every heartbeat is answered, and the round trip is the path's", () => {
  const { summary, states } = run(LOCK_STEP);
  const { verdict, received, lost, rttMs } = summary;
  assertEquals([verdict, received, lost], ["alive", 100, 0]);
  assertAlmostEquals(rttMs!.min, 20, 1e-6);
  assertAlmostEquals(rttMs!.max, 20, 1e-6);
  assertEquals(states.map(({ to }) => to), ["up"]);
});

Deno.test("30% loss: the share is lost, and what the server dropped is what the client misses", () => {
  const serverLoss = independentLoss(0.3, seededRandom(SEED));
  const { summary, server } = run({ ...EVERY_SECOND, count: 10_000 }, { serverLoss });
  assertAlmostEquals(summary.lossRatio!, 0.3, 4 * Math.sqrt(0.21 / 10_000));
  assertEquals(summary.lost, count(server, "dropped"));
  assertEquals(summary.received, count(server, "replied"));
});

Deno.test("30% loss: most runs of 100 end in a false verdict, as the theory says", () => {
  const runs = 2000;
  let stopped = 0;
  for (let seed = 0; seed < runs; seed++) {
    const serverLoss = independentLoss(0.3, seededRandom(seed));
    if (runWorld({ seed, monitor: LOCK_STEP, serverLoss }).monitor.summary().state === "down") {
      stopped++;
    }
  }
  // S(n) = S(n-1) - (1-p) p^k S(n-k-1): 0.8639 of all runs have three losses in a row.
  assertAlmostEquals(stopped / runs, 0.8639, 4 * Math.sqrt(0.8639 * 0.1361 / runs));
});

Deno.test("burst loss: losses come in runs of the mean length that the model has", () => {
  const serverLoss = gilbertLoss(0.3, 5, seededRandom(SEED));
  const { summary, client } = run({ ...EVERY_SECOND, count: 20_000 }, { serverLoss });
  assertAlmostEquals(summary.lossRatio!, 0.3, 0.03);
  let runs = 0;
  for (const { event } of client) if (event.type === "timeout" && event.consecutive === 1) runs++;
  assertAlmostEquals(summary.lost / runs, 5, 0.4);
});

Deno.test("reply later than the timeout: each is late, none answers a newer heartbeat", () => {
  const slow = { forward: { delayMs: 600 }, backward: { delayMs: 600 } };
  const { summary, client, states } = run({ ...LOCK_STEP, count: 20 }, slow);
  const { received, lost, late, lossRatio, verdict } = summary;
  // The last heartbeat's reply would come after the end.
  assertEquals([received, lost, late, lossRatio], [0, 20, 19, 1]);
  for (const { event } of client) {
    if (event.type === "late") assertAlmostEquals(event.rttMs, 1200, 1e-6);
  }
  // Late as they are, they prove that the server lives.
  assertEquals(verdict, "alive");
  assert(states.every(({ to }) => to !== "down"));
});

Deno.test("duplicates: they are counted, and change no other figure", () => {
  const twice = { delayMs: 10, duplicateShare: 0.2 };
  const { summary, truth } = run(EVERY_SECOND, { forward: twice, backward: twice });
  assertEquals([summary.received, summary.lost], [1000, 0]);
  assertEquals(summary.duplicates, truth.forwardDuplicated + truth.backwardDuplicated);
  assert(summary.duplicates > 300);
});

Deno.test("reordering: replies out of order are all counted, and no loss is seen", () => {
  const shuffled = { delayMs: 10, reorderShare: 0.3, reorderDelayMs: 250 };
  const { summary, client } = run(
    { ...EVERY_SECOND, intervalMs: 100, maxLosses: 3 },
    { forward: shuffled },
  );
  assertEquals([summary.received, summary.lost, summary.unexpected], [1000, 0, 0]);
  const seqs = client.flatMap(({ event }) => event.type === "reply" ? [event.seq] : []);
  const overtaken = seqs.filter((seq, i) => i > 0 && seq < seqs[i - 1]!).length;
  assert(overtaken > 150, `only ${overtaken} overtaken`);
});

Deno.test("partition and healing: the server goes down, and up again with the second reply", () => {
  const monitor = { ...EVERY_SECOND, count: 60, maxLosses: 3, watch: true };
  const { states, summary } = run(monitor, {
    partitions: [{ fromMs: 19_500, untilMs: 40_500 }],
  });
  assertEquals(states.map(({ from, to }) => `${from} -> ${to}`), [
    "unknown -> up",
    "up -> suspect",
    "suspect -> down",
    "down -> up",
  ]);
  // Heartbeat 21 leaves at 20 s and is the first to be lost; 42 leaves at 41 s and is answered.
  assertAlmostEquals(states[2]!.atMs, 23_000, 1e-6);
  assertAlmostEquals(states[3]!.atMs, 42_020, 1e-6);
  assertEquals([summary.lost, summary.verdict], [21, "alive"]);
});

Deno.test("server stops for good: the verdict comes after exactly three timeouts", () => {
  const { states, client, summary } = run({ ...LOCK_STEP, timeoutMs: 1000 }, {
    serverDown: [{ fromMs: 500 }],
  });
  const firstUnanswered = client.findLast(({ event }) => event.type === "reply")!.atMs;
  const down = states.at(-1)!;
  assertEquals([down.to, summary.verdict, summary.lost], ["down", "stopped", 3]);
  // In lock-step the heartbeat after the last reply leaves at once.
  assertAlmostEquals(down.atMs - firstUnanswered, 3000, 1e-6);
});

Deno.test("server crashes and restarts: watched, it is seen to come back", () => {
  const monitor = { ...EVERY_SECOND, count: 30, maxLosses: 3, watch: true };
  const { states, summary } = run(monitor, { serverDown: [{ fromMs: 9_500, untilMs: 15_500 }] });
  assertEquals(states.at(-1)!.to, "up");
  assertEquals([summary.received, summary.lost], [24, 6]);
});

Deno.test("clocks stepped by an hour, forward and back, on each side: nothing changes", () => {
  const steps = [{ atMs: 20_000, byMs: 3_600_000 }, { atMs: 60_000, byMs: -3_600_000 }];
  const serverLoss = () => independentLoss(0.3, seededRandom(SEED));
  const monitor = { ...EVERY_SECOND, count: 100, maxLosses: 6 };
  const calm = run(monitor, { serverLoss: serverLoss() });
  for (const clocks of [{ clientClock: { steps } }, { serverClock: { steps } }]) {
    const stepped = run(monitor, { ...clocks, serverLoss: serverLoss() });
    const { received, lost, late, rttMs, verdict } = stepped.summary;
    assertEquals([received, lost, late, verdict], [
      calm.summary.received,
      calm.summary.lost,
      calm.summary.late,
      calm.summary.verdict,
    ]);
    assertAlmostEquals(rttMs!.max, calm.summary.rttMs!.max, 1e-6);
    assertEquals(stepped.summary.clock!.steps, 2);
    assertEquals(count(stepped.client, "clock_step"), 2);
    // A leap forward looks like a machine that slept, so a loss may go uncounted; a verdict never
    // comes of it.
    assert(stepped.states.every(({ to }) => to !== "down"));
    const differences = stepped.client.flatMap(({ event }) =>
      event.type === "reply" ? [event.timeDifferenceS] : []
    );
    assert(differences.some((difference) => Math.abs(difference!) > 3500));
  }
});

Deno.test("clocks that are off and drift: timeouts and round trips are the client's own", () => {
  const { summary } = run(EVERY_SECOND, {
    clientClock: { offsetMs: -5000, driftPpm: 200 },
    serverClock: { offsetMs: 5000, driftPpm: -200 },
  });
  assertEquals([summary.received, summary.lost], [1000, 0]);
  assertAlmostEquals(summary.rttMs!.mean, 20 * 1.0002, 1e-6);
});

Deno.test("1% corrupted each way: damaged requests are malformed or answered, nothing is fatal", () => {
  const damaged = { delayMs: 10, corruptShare: 0.01 };
  const { summary, server, truth } = run({ ...EVERY_SECOND, count: 20_000 }, {
    forward: damaged,
    backward: damaged,
  });
  const malformed = count(server, "malformed");
  assertEquals(malformed + count(server, "replied"), truth.forwardSent);
  assert(malformed > 100, `only ${malformed} malformed`);
  assert(summary.unexpected > 50, `only ${summary.unexpected} unexpected`);
  assertLess(summary.lossRatio!, 0.03);
  assertEquals(summary.verdict, "alive");
});

Deno.test("stopped by its user: heartbeats on their way are outstanding", () => {
  const { summary, truth } = run({ ...EVERY_SECOND, intervalMs: 4 }, { stopAtMs: 501 });
  assertEquals([summary.outstanding, summary.lost], [5, 0]);
  assertEquals(truth.endedAtMs, 501);
});

Deno.test("the same seed repeats a run, and another seed doesn't", () => {
  const bad = (seed: number) =>
    run(EVERY_SECOND, {
      seed,
      forward: { delayMs: 10, duplicateShare: 0.1, reorderShare: 0.1, corruptShare: 0.1 },
    }).client;
  assertEquals(bad(1), bad(1));
  assert(JSON.stringify(bad(1)) !== JSON.stringify(bad(2)));
});

Deno.test("a day at one heartbeat a second, with loss: all of it is accounted for", () => {
  const serverLoss = independentLoss(0.3, seededRandom(SEED));
  const monitor = { ...EVERY_SECOND, count: 86_400 };
  const { summary, truth } = run(monitor, { serverLoss });
  assertEquals(summary.sent, 86_400);
  assertAlmostEquals(summary.lossRatio!, 0.3, 0.01);
  assertAlmostEquals(truth.endedAtMs, 86_399_000, 1001);
});
