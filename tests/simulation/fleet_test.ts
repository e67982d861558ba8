import { assert, assertEquals } from "@std/assert";
import type { FleetEvent } from "../../lib/fleet/events.ts";
import type { Fleet } from "../../lib/fleet/fleet.ts";
import { targetKey } from "../../lib/fleet/target_list.ts";
import { independentLoss } from "../../lib/impairment/loss.ts";
import { derivedRandom } from "../../lib/impairment/random.ts";
import type { MonitorSummary } from "../../lib/monitor/events.ts";
import {
  addressOf,
  type FleetWorldOptions,
  listed,
  runFleetWorld,
} from "../../lib/simulation/fleet_world.ts";
import type { HostOptions } from "../../lib/simulation/host.ts";

const MEMBER = {
  count: 0,
  intervalMs: 1000,
  timeoutMs: 1000,
  maxLosses: 3,
  watch: true,
  exactValues: 32,
} as const;

const PATH = { delayMs: 5 };
const HOST: HostOptions = { forward: PATH, backward: PATH };

interface Ran {
  readonly fleet: Fleet;
  /** What was told, but replies' first states: `3 host-4 up -> suspect`. */
  readonly told: string[];
  readonly summaries: Map<string, MonitorSummary>;
}

/** Runs a fleet, and writes its events down by the second of true time. */
function ran(options: Partial<FleetWorldOptions> & Pick<FleetWorldOptions, "hosts">): Ran {
  const told: string[] = [];
  const summaries = new Map<string, MonitorSummary>();
  const tell = (event: FleetEvent, atMs: number) => {
    const text = textOf(event);
    if (text !== undefined) told.push(`${Math.floor(atMs / 1000)} ${text}`);
    if (event.type !== "of_target" || event.event.type !== "summary") return;
    summaries.set(event.member.listed.name, event.event);
  };
  const fleet = runFleetWorld({
    seed: 1,
    stopAtMs: 60_000,
    fleet: { member: MEMBER },
    onEvent: tell,
    ...options,
  });
  return { fleet, told, summaries };
}

function textOf(event: FleetEvent): string | undefined {
  switch (event.type) {
    case "of_target": {
      const { member: { listed: { name } }, event: told } = event;
      if (told.type !== "state" || told.from === "unknown" && told.lastKnown === undefined) return;
      return `${name} ${told.from} -> ${told.to}`;
    }
    case "blind":
    case "sighted":
      return `${event.type} ${event.part} ${event.targets}`;
    case "stall":
    case "clock_step":
      return event.type;
    case "moved":
      return `${event.member.listed.name} moved to ${event.to.hostname}`;
    case "unresolved":
      return `${event.member.listed.name} unresolved: ${event.reason}`;
    case "reloaded":
      return `reloaded +${event.added} -${event.removed} =${event.stayed}`;
  }
}

const many = (count: number, host = HOST) => Array.from({ length: count }, () => host);

Deno.test("a fleet on a good path asks all its servers, and has nothing to tell", () => {
  const { fleet, told, summaries } = ran({
    hosts: many(30),
    fleet: { member: { ...MEMBER, count: 20 } },
  });
  assertEquals(told, []);
  assertEquals(summaries.size, 30);
  for (const { sent, received, verdict, rttMs } of summaries.values()) {
    assertEquals([sent, received, verdict, Math.round(rttMs!.max)], [20, 20, "alive", 10]);
  }
  const { sent, received, lost, rttMs, scheduleErrorMs, strays, pauses } = fleet.figures();
  assertEquals([sent, received, lost, strays, pauses], [600, 600, 0, 0, 0]);
  assertEquals([Math.round(rttMs!.median), scheduleErrorMs!.max <= 1], [10, true]);
});

Deno.test("a tenth of the fleet stops at once: just these servers go down, each once", () => {
  const stopped: HostOptions = { ...HOST, serverDown: [{ fromMs: 20_000 }] };
  const hosts = many(100).map((host, i) => i % 10 === 3 ? stopped : host);
  const { told, summaries } = ran({ hosts });
  const down = told.filter((line) => line.endsWith("-> down"));
  assertEquals(down.length, 10);
  assertEquals(new Set(told.map((line) => line.split(" ")[1])).size, 10);
  for (const line of down) assert(/^2[234] host-\d*3 suspect -> down$/.test(line), line);
  const verdicts = [...summaries.values()].map(({ verdict }) => verdict);
  assertEquals(verdicts.filter((verdict) => verdict === "stopped").length, 10);
  assertEquals(verdicts.filter((verdict) => verdict === "alive").length, 90);
});

Deno.test("the watcher's own network goes: one event, no server is blamed, no state flaps", () => {
  for (const maxLosses of [1, 3, "auto"] as const) {
    const { told, summaries, fleet } = ran({
      hosts: many(50),
      unsent: [{ fromMs: 20_000, untilMs: 35_000 }],
      fleet: { member: { ...MEMBER, maxLosses } },
    });
    assertEquals(told.map((line) => line.replace(/^\d+ /, "")), [
      "blind ipv4 50",
      "sighted ipv4 50",
    ]);
    // All have failed once within an interval, and the first that leaves again is known to have
    // left by its reply.
    assertEquals(told.map((line) => Number(line.split(" ")[0])), [20, 35]);
    assertEquals(fleet.figures().blind, []);
    for (const { verdict, outages, excused } of summaries.values()) {
      assertEquals([verdict, outages, excused], ["alive", 0, 15]);
    }
  }
});

Deno.test("a run that ends while nothing can be sent knows nothing of any server", () => {
  const { told, summaries, fleet } = ran({ hosts: many(20), unsent: [{ fromMs: 20_000 }] });
  assertEquals(told, ["20 blind ipv4 20"]);
  assertEquals(fleet.figures().members.map(({ monitor: { finished } }) => finished).length, 20);
  for (const { verdict, state } of summaries.values()) {
    assertEquals([verdict, state], ["unknown", "unknown"]);
  }
});

Deno.test("what one prefix can't be sent to is its own targets' matter", () => {
  const isConcerned = ({ hostname }: { hostname: string }) =>
    [addressOf(3), addressOf(4)].includes(hostname);
  for (const maxLosses of [1, 3]) {
    const { told } = ran({
      hosts: many(20),
      unsent: [{ fromMs: 20_000, untilMs: 40_000, concerns: isConcerned }],
      fleet: { member: { ...MEMBER, maxLosses } },
    });
    assertEquals(told.map((line) => line.replace(/^\d+ /, "")).toSorted(), [
      "host-3 unknown -> up",
      "host-3 up -> unknown",
      "host-4 unknown -> up",
      "host-4 up -> unknown",
    ]);
  }
});

Deno.test("a prefix that stays out of reach after the whole family was is told then", () => {
  const isConcerned = ({ hostname }: { hostname: string }) => hostname === addressOf(3);
  const { told } = ran({
    hosts: many(20),
    unsent: [
      { fromMs: 20_000, untilMs: 30_000 },
      { fromMs: 30_000, untilMs: 50_000, concerns: isConcerned },
    ],
  });
  assertEquals(told.map((line) => line.replace(/^\d+ /, "")), [
    "blind ipv4 20",
    "sighted ipv4 20",
    "host-3 up -> unknown",
    "host-3 unknown -> up",
  ]);
});

Deno.test("a server that stops while nothing can be sent is told when it can be asked", () => {
  const stopped: HostOptions = { ...HOST, serverDown: [{ fromMs: 25_000 }] };
  const { told } = ran({
    hosts: [...many(20), stopped],
    unsent: [{ fromMs: 20_000, untilMs: 35_000 }],
  });
  assertEquals(told.map((line) => line.replace(/^\d+ /, "")), [
    "blind ipv4 21",
    "sighted ipv4 21",
    "host-20 unknown -> suspect",
    "host-20 suspect -> down",
  ]);
});

Deno.test("the watcher sleeps: its clock's leap is told once, and no server is blamed", () => {
  const { told, summaries } = ran({
    hosts: many(50),
    clientClock: { sleeps: [{ fromMs: 20_000, untilMs: 3_620_000 }] },
    stopAtMs: 3_660_000,
  });
  assertEquals(told, ["3620 clock_step"]);
  for (const { outages, verdict, asleepMs } of summaries.values()) {
    assertEquals([outages, verdict, Math.round(asleepMs / 1000)], [0, "alive", 3600]);
  }
});

Deno.test("the watcher stands still: that is told once, and counted as a pause", () => {
  const { told, summaries, fleet } = ran({
    hosts: many(50),
    standstills: [{ fromMs: 20_000, untilMs: 26_000 }],
  });
  assertEquals(told, ["26 stall"]);
  const { stalls, pauses, longestPauseMs } = fleet.figures();
  assertEquals([stalls, pauses, longestPauseMs > 5900], [1, 1, true]);
  for (const { outages, verdict } of summaries.values()) {
    assertEquals([outages, verdict], [0, "alive"]);
  }
});

Deno.test("a watcher that stands still again and again is blind, which is one state of the fleet", () => {
  // Whatever leaves in between has no reply, and its timeout passes while nobody looks.
  const standstills = [0, 1, 2, 3].map((i) => ({
    fromMs: 20_000 + 2000 * i,
    untilMs: 21_900 + 2000 * i,
  }));
  const cut: HostOptions = { ...HOST, partitions: [{ fromMs: 20_000, untilMs: 28_000 }] };
  const { told, summaries } = ran({ hosts: many(50, cut), standstills });
  const others = told.filter((line) => !/ stall$| suspect$| suspect -> up$/.test(line));
  assertEquals(others.map((line) => line.replace(/^\d+ /, "")), [
    "blind machine 50",
    "sighted machine 50",
  ]);
  for (const { outages, verdict } of summaries.values()) {
    assertEquals([outages, verdict], [0, "alive"]);
  }
});

Deno.test("a list that is read again in mid-outage keeps the state of those that stay", () => {
  const stopped: HostOptions = { ...HOST, serverDown: [{ fromMs: 20_000, untilMs: 40_000 }] };
  const first = [0, 1, 2].map(listed);
  const { told, summaries } = ran({
    hosts: [stopped, HOST, HOST, stopped],
    fleet: { member: MEMBER, targets: first },
    acts: [{
      atMs: 30_000,
      act: (fleet) =>
        fleet.reload({ targets: [listed(3), { ...listed(0), name: "web" }, listed(2)] }),
    }],
  });
  assertEquals(told.map((line) => line.replace(/^\d+ /, "")), [
    "host-0 up -> suspect",
    "host-0 suspect -> down",
    "reloaded +1 -1 =2",
    // It was never heard before.
    "host-3 down -> up",
    "web down -> up",
  ]);
  const { outages, sent } = summaries.get("web")!;
  // 20 s at one a second, three to go down and 20 more: it was never begun anew.
  assertEquals([outages, sent >= 58], [1, true]);
  assertEquals(summaries.get("host-1")!.sent, 30);
});

Deno.test("heartbeats in flight to an old address say nothing about the new one", () => {
  const silent: HostOptions = { ...HOST, serverDown: [{ fromMs: 0 }] };
  const named = { ...listed(9), host: "web.test", name: "web" };
  const key = targetKey(named);
  const { told, summaries } = ran({
    hosts: [silent, HOST],
    fleet: { member: MEMBER, targets: [named] },
    acts: [
      { atMs: 5000, act: (fleet) => fleet.unresolved(key, "no such name") },
      { atMs: 10_000, act: (fleet) => fleet.resolved(key, addressOf(0)) },
      // Two of three losses have been seen by then, and the third waits for its timeout.
      { atMs: 12_900, act: (fleet) => fleet.resolved(key, addressOf(1)) },
    ],
  });
  assertEquals(told, [
    "5 web unresolved: no such name",
    "10 web moved to 10.0.0.0",
    "12 web moved to 10.0.0.1",
  ]);
  const { verdict, outages, unsent } = summaries.get("web")!;
  assertEquals([verdict, outages, unsent.reason, unsent.count >= 4], [
    "alive",
    0,
    "no such name",
    true,
  ]);
});

Deno.test("two names at one address: the second keeps what it had, or has none", () => {
  const names = ["a.test", "b.test"].map((host, i) => ({ ...listed(9 + i), host, name: host }));
  const { told } = ran({
    hosts: many(2),
    fleet: { member: MEMBER, targets: names },
    acts: [0, 1].map((i) => ({
      atMs: 1000 + i,
      act: (fleet: Fleet) => fleet.resolved(targetKey(names[i]!), addressOf(0)),
    })),
  });
  assertEquals(told.map((line) => line.replace(/^\d+ /, "")), [
    "a.test moved to 10.0.0.0",
    "b.test unresolved: 10.0.0.0 is the address of a.test, too",
  ]);
});

Deno.test("heartbeats of a fleet are spread evenly over the interval, from a random start", () => {
  const tenths = new Array<number>(10).fill(0);
  const leaving: number[] = [];
  runFleetWorld({
    seed: 1,
    hosts: many(1000, { plain: true }),
    fleet: { member: { ...MEMBER, count: 1 } },
    onEvent: (event, atMs) => {
      if (event.type === "sent") leaving.push(atMs);
    },
  });
  for (const atMs of leaving) tenths[Math.floor(atMs / 100)]!++;
  assertEquals(leaving.length, 1000);
  for (const count of tenths) assert(count >= 98 && count <= 102, `${tenths}`);
});

Deno.test("losses at 30%, auto: a fleet has no more false alarms than it promises", () => {
  const seed = 20261127;
  const hosts = Array.from({ length: 40 }, (_, i) => ({
    plain: true,
    serverLoss: independentLoss(0.3, derivedRandom(seed, i)),
  }));
  let alarms = 0;
  const fleet = runFleetWorld({
    seed,
    hosts,
    stopAtMs: 3_600_000,
    fleet: { member: { ...MEMBER, maxLosses: "auto", falseAlarmEvery: 10_000 * 40 } },
    onEvent: (event) => {
      if (event.type !== "of_target" || event.event.type !== "state") return;
      if (event.event.to === "down") alarms++;
    },
  });
  // 144,000 heartbeats, and at most one alarm in 400,000.
  assertEquals(fleet.figures().sent, 144_000);
  assertEquals(alarms, 0);
});
