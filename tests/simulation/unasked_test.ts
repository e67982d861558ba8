/** What a client says of a server that it could not ask: unsent, asleep, or standing still. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import type { MonitorEvent } from "../../lib/monitor/events.ts";
import { runWorld, type WorldOptions } from "../../lib/simulation/world.ts";

const HOUR_MS = 3_600_000;
const PATH = { delayMs: 10 };

/** Asks once a second, and watches. */
const WATCH = { count: 0, intervalMs: 1000, timeoutMs: 1000, maxLosses: 3, watch: true };

function run(options: Partial<WorldOptions> & Pick<WorldOptions, "stopAtMs">) {
  const changes: (MonitorEvent & { type: "state" })[] = [];
  const { monitor } = runWorld({
    seed: 1,
    monitor: { ...WATCH, recover: 1 },
    forward: PATH,
    backward: PATH,
    ...options,
    onClientEvent: (event) => {
      if (event.type === "state" && event.to !== "suspect") changes.push(event);
    },
  });
  const states = changes.map(({ to, reason }) => to === "unknown" ? `unknown: ${reason}` : to);
  const outageMs = changes.findLast((change) => change.outageMs !== undefined)?.outageMs;
  return { summary: monitor.summary(), states, outageMs };
}

Deno.test("a day of 'Host is down' is an outage: the path to the host is gone", () => {
  const unsent = [{ fromMs: 10_500, hostUnreachable: true }];
  const { summary, states } = run({ unsent, stopAtMs: 24 * HOUR_MS });
  assertEquals(states, ["up", "down"]);
  const { verdict, outages, excused, unreachable, availability, durationMs } = summary;
  assertEquals([verdict, outages, excused], ["stopped", 1, 0]);
  assertEquals(unreachable.reason, "No route to host");
  assert(unreachable.count > 86_000);
  assertAlmostEquals(availability!.low, 10_000 / durationMs, 1e-9);
  assertAlmostEquals(availability!.high, 11_000 / durationMs, 3e-5);
});

Deno.test("a day without a network says nothing: neither alive, nor stopped, nor available", () => {
  const { summary, states } = run({ unsent: [{ fromMs: 10_500 }], stopAtMs: 24 * HOUR_MS });
  assertEquals(states, ["up", "unknown: unsent"]);
  const { verdict, outages, lost, excused, consecutive, availability } = summary;
  assertEquals([verdict, outages, consecutive, excused], ["unknown", 0, 0, lost]);
  assertAlmostEquals(availability!.low, 11_000 / (24 * HOUR_MS), 1e-9);
  assertEquals(availability!.high, 1);
});

Deno.test("an outage after heartbeats that were not sent lasted at least from loss to loss", () => {
  // 1 to 3 are answered, 4 to 13 can't be sent, 14 to 16 are lost, 17 is answered.
  const { summary, states, outageMs } = run({
    unsent: [{ fromMs: 2500, untilMs: 12_500 }],
    serverDown: [{ fromMs: 12_600, untilMs: 15_100 }],
    stopAtMs: 20_500,
  });
  assertEquals(states, ["up", "unknown: unsent", "down", "up"]);
  assertEquals(outageMs!.low, 2000);
  // At most from heartbeat 3, which left at 2 s, to the reply to the one that came after 15.1 s.
  assert(outageMs!.high > 13_000 && outageMs!.high < 15_100, `${outageMs!.high}`);
  const { availability, durationMs } = summary;
  assertEquals(availability!.high, 1 - 2000 / durationMs);
});

Deno.test("a sleep belongs into the upper bound of an outage, and into no lower one", () => {
  const night = { fromMs: 22_500, untilMs: 22_500 + 8 * HOUR_MS };
  const { summary, states, outageMs } = run({
    serverDown: [{ fromMs: 20_500, untilMs: night.untilMs + 2600 }],
    clientClock: { sleeps: [night] },
    stopAtMs: night.untilMs + 10_000,
  });
  // The losses before the night and the one after it are one run.
  assertEquals(states, ["up", "down", "up"]);
  const outageS = 8 * HOUR_MS / 1000 + 4.6;
  assert(outageMs!.high / 1000 > outageS && outageMs!.high / 1000 < outageS + 3);
  assert(outageMs!.low <= 2000, `${outageMs!.low}`);
  const { durationMs, asleepMs, availability } = summary;
  assertAlmostEquals(durationMs, night.untilMs + 10_000, 1);
  assertAlmostEquals(asleepMs, 8 * HOUR_MS, 1);
  assert(availability!.low < 0.002 && availability!.high > 0.9999, JSON.stringify(availability));
});

Deno.test("a laptop that slept a night, and then finds its network in three seconds, saw no outage", () => {
  const night = { fromMs: 100_500, untilMs: 100_500 + 8 * HOUR_MS };
  const { summary, states } = run({
    clientClock: { sleeps: [night] },
    unsent: [{ fromMs: night.untilMs, untilMs: night.untilMs + 3400 }],
    stopAtMs: night.untilMs + 100_000,
  });
  assertEquals(states, ["up", "unknown: unsent", "up"]);
  const { verdict, outages, availability } = summary;
  assertEquals([verdict, outages, availability!.high], ["alive", 0, 1]);
  // A hundred seconds on either side of the night were observed, but for three and some.
  const observed = availability!.low * summary.durationMs;
  assert(observed > 190_000 && observed <= 197_100, `${observed}`);
});

Deno.test("half a minute in which this machine stood still was not observed", () => {
  const standstill = { fromMs: 10_400, untilMs: 40_400 };
  const { summary, states } = run({ standstills: [standstill], stopAtMs: 44_400 });
  // What was in flight at 10.4 s had been answered; nothing that was in flight is excused.
  assertEquals(states, ["up"]);
  const { stalls, availability } = summary;
  assertEquals([stalls, availability!.high], [1, 1]);
  assertAlmostEquals(availability!.low, 14 / 44, 0.03);
});

Deno.test("heartbeats in flight when the machine stands still leave the state unknown, no more", () => {
  // Ten are in flight at any time; those that wait in the socket are read after their timeouts.
  const { summary, states } = run({
    monitor: { ...WATCH, intervalMs: 100 },
    forward: { delayMs: 450 },
    backward: { delayMs: 450 },
    standstills: [{ fromMs: 10_050, untilMs: 30_050 }],
    stopAtMs: 40_000,
  });
  assertEquals(states, ["up", "unknown: asleep", "up"]);
  assertEquals([summary.verdict, summary.outages, summary.state], ["alive", 0, "up"]);
});

Deno.test("a server whose machine slept doesn't say that its clients were silent", () => {
  const silent: string[] = [];
  const night = { fromMs: 20_500, untilMs: 20_500 + 8 * HOUR_MS };
  runWorld({
    seed: 1,
    monitor: { ...WATCH, maxLosses: 0, watch: false },
    serverClock: { sleeps: [night] },
    stopAtMs: night.untilMs + 60_000,
    onServerEvent: (event) => event.type === "client_state" && silent.push(event.to),
  });
  assertEquals(silent, []);
});

Deno.test("whatever keeps a client from asking, its bounds hold the true outage, and its share", () => {
  let outagesSeen = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const random = seededRandom(seed);
    const lengthMs = 120_000;
    const period = (mostMs: number) => {
      const fromMs = 5000 + random() * 80_000;
      return { fromMs, untilMs: fromMs + 100 + random() * mostMs };
    };
    const some = (mostMs: number) => random() < 0.5 ? [] : [period(mostMs)];
    // A shorter sleep can't be told from a clock that is being corrected.
    const longEnough = ({ fromMs, untilMs }: ReturnType<typeof period>) => untilMs - fromMs > 1100;
    const down = period(30_000);
    const { summary, outageMs } = run({
      monitor: {
        ...WATCH,
        intervalMs: 300 + random() * 1000,
        timeoutMs: random() < 0.7 ? 1000 : 300 + random() * 3000,
        recover: 1 + Math.floor(random() * 3),
        probeFast: random() < 0.3,
      },
      serverDown: [down],
      unsent: some(20_000),
      standstills: some(10_000),
      clientClock: { sleeps: some(15_000).filter(longEnough) },
      stopAtMs: lengthMs,
    });
    const downMs = down.untilMs - down.fromMs;
    const { availability, outages } = summary;
    const label = `seed ${seed}: ${JSON.stringify({ down, availability, outageMs, outages })}`;
    const trueShare = 1 - downMs / summary.durationMs;
    assertAlmostEquals(summary.durationMs, lengthMs, 2);
    assert(availability!.high >= trueShare - 1e-3, label);
    assert(availability!.low <= availability!.high, label);
    assert(outages <= 1, label);
    // An outage that is too short for the rule, and that nothing hides, is no outage by the rule.
    // Three intervals and a timeout show three losses before the first reply.
    if (outages === 0 && downMs < 3 * 1300 + 3300) continue;
    assert(availability!.low <= trueShare + 1e-3, label);
    if (outageMs === undefined) continue;
    outagesSeen++;
    assert(outageMs.low <= downMs && downMs <= outageMs.high, label);
  }
  assert(outagesSeen > 200, `${outagesSeen}`);
});
