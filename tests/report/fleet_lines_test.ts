import { assert, assertEquals } from "@std/assert";
import { Member } from "../../lib/fleet/member.ts";
import { OwnMachine } from "../../lib/machine/own_machine.ts";
import type { FleetReport } from "../../lib/report/fleet_events.ts";
import { fleetLine } from "../../lib/report/fleet_lines.ts";
import { listed } from "../../lib/simulation/fleet_world.ts";
import { stateEvent } from "../support/state_event.ts";
import { VIEW, WALL_MS } from "./client_samples.ts";

const OPTIONS = { count: 0, intervalMs: 1000, timeoutMs: 1000, maxLosses: 3, watch: true };
const MEMBER = new Member(
  { listed: { ...listed(1), name: "web-1" }, address: undefined, startShare: 0 },
  OPTIONS,
  new OwnMachine(),
);
const ENDPOINT = { hostname: "192.0.2.7", port: 12000 };
const START = {
  type: "start",
  targets: 10_000,
  source: "rack.txt",
  count: 0,
  intervalMs: 1000,
  timeoutMs: 1000,
  maxLosses: 3,
  falseAlarmEvery: undefined,
  version: "0.1.0",
  transport: "deno",
} as const;

/** A line without the time of day, which all of these have, and without its breaks. */
function told(event: FleetReport): string | undefined {
  return fleetLine(event, VIEW, WALL_MS)?.replace("2026-11-23 02:56:49 UTC  ", "@ ")
    .replaceAll(/\n {25}/g, " ");
}

const state = (event: Parameters<typeof stateEvent>[0]): FleetReport => ({
  type: "of_target",
  member: MEMBER,
  event: stateEvent(event),
});

Deno.test("the first line says how many servers, at which pace, and what the rule may cost", () => {
  assertEquals(
    told(START),
    "Watching 10000 servers from rack.txt\n  until stopped, every 1s, timeout 1s, 10000 heartbeats a second in all",
  );
  assertEquals(
    told({ ...START, targets: 1, count: 2 }),
    "Watching 1 server from rack.txt\n  2 heartbeats, every 1s, timeout 1s",
  );
  const auto = { ...START, count: 20, intervalMs: 60_000, falseAlarmEvery: 100_000_000 };
  const [, ...lines] = told({ ...auto, transport: "native" })!.split("\n");
  assertEquals(lines, [
    "  20 heartbeats each, every 1m, timeout 1s, 167 heartbeats a second in all",
    "  The rule is set to raise at most 0.14 false alarms a day in all",
    "  (--false-alarms).",
  ]);
});

Deno.test("a fleet's lines say what is known, with the time of day", () => {
  const table: [FleetReport, string | undefined][] = [
    [{ type: "sent" }, undefined],
    [
      { type: "blind", part: "ipv4", targets: 9, reason: "Network is unreachable" },
      "@ The state of all 9 servers of IPv4 is unknown: this machine can't send to any of them: " +
      "Network is unreachable.",
    ],
    [
      { type: "blind", part: "machine", targets: 9, reason: undefined },
      "@ The state of all 9 servers is unknown: this machine slept or stood still again and again.",
    ],
    [
      { type: "sighted", part: "ipv6", targets: 9, lastedMs: 15_000 },
      "@ Servers of IPv6 are asked again, after 15.0 s.",
    ],
    [
      { type: "moved", member: MEMBER, from: { ...ENDPOINT, port: 9 }, to: ENDPOINT },
      "@ Heartbeats to web-1 go to 192.0.2.7:12000 now, and no longer to 192.0.2.7:9.",
    ],
    [
      { type: "moved", member: MEMBER, from: undefined, to: ENDPOINT },
      "@ Heartbeats to web-1 go to 192.0.2.7:12000 now.",
    ],
    [
      { type: "unresolved", member: MEMBER, reason: "no such name" },
      "@ The state of web-1 is unknown: no such name.",
    ],
    [
      { type: "reloaded", added: 1, removed: 2, stayed: 3 },
      "@ The list was read again: 1 added, 2 removed, 3 stay.",
    ],
    [
      { type: "clock_step", whose: "client", stepMs: 3_600_000, sleepMs: 3_600_000 },
      "@ This machine slept for 60 min, or its clock was set forward; the comparison with the " +
      "servers' begins anew.",
    ],
    [
      { type: "stall", lateMs: 5000 },
      "@ This program stood still for at least 5.0 s: what waited for replies then doesn't count " +
      "against any server.",
    ],
  ];
  for (const [event, line] of table) assertEquals(told(event), line);
});

Deno.test("a change of state is one line; what single losses and first replies imply has none", () => {
  const calm = { consecutive: 0, lastedMs: 1 };
  const table: [FleetReport, string | undefined][] = [
    [state({ from: "unknown", to: "up", reasonBefore: "not_heard", ...calm }), undefined],
    [state({ from: "up", to: "suspect", ...calm, consecutive: 1 }), undefined],
    [
      state({ from: "suspect", to: "down", ...calm, consecutive: 1, heard: true }),
      "down after 1 timeout",
    ],
    [
      state({ from: "down", to: "up", ...calm, outageMs: { low: 3210, high: 4321 } }),
      "up again after an outage of 3.2 s to 4.4 s",
    ],
    [
      state({ from: "up", to: "unknown", reason: "unsent", unsent: "Permission denied", ...calm }),
      "unknown: this machine can't send to it: Permission denied",
    ],
    [
      state({ from: "up", to: "unknown", reason: "moved", ...calm }),
      "unknown: its name has got another address",
    ],
    [
      state({ from: "unknown", to: "up", reasonBefore: "unsent", lastKnown: "up", ...calm }),
      "up again",
    ],
  ];
  for (const [event, text] of table) {
    const line = told(event);
    assertEquals(line, text && `@ web-1 (10.0.0.1:12000): ${text}`);
  }
  assert(told(state({ from: "suspect", to: "down", ...calm, consecutive: 3, heard: false }))!
    .endsWith("down after 3 timeouts; nothing was ever heard from it"));
});
