/** Holds lib/report/README.md to the code: types of events, and the fields of each. */

import { assert, assertEquals } from "@std/assert";
import { REFUSAL_REASONS } from "../../lib/admission/refusals.ts";
import { independentLoss } from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";
import { FLEET_TRAITS, type FleetReport } from "../../lib/report/fleet_events.ts";
import { fleetJson } from "../../lib/report/fleet_json.ts";
import { clientJson } from "../../lib/report/client_json.ts";
import { serverJson } from "../../lib/report/server_json.ts";
import { Responder } from "../../lib/responder/responder.ts";
import { leaveAtOnce } from "../../lib/simulation/leave_at_once.ts";
import { listed, runFleetWorld } from "../../lib/simulation/fleet_world.ts";
import { runWorld } from "../../lib/simulation/world.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import { canRead, doc, type Section, sectionsOf } from "../support/documents.ts";

const ignore = !canRead;
const README = "lib/report/README.md";

type ClientEvent = Parameters<typeof clientJson>[0];
type ServerEvent = Parameters<typeof serverJson>[0];

const CLIENT = { hostname: "192.0.2.1", port: 50000 };
const NOBODY = { hostname: "192.0.2.1", port: 0 };
const SERVER = { hostname: "192.0.2.2", port: 12000 };
const BYTES = { bytes: 1, beginning: new Uint8Array(1) };

/** The client's events: an example of each, or "run" where the simulated run makes it. */
const CLIENT_EVENTS: {
  readonly [Type in ClientEvent["type"]]: ClientEvent & { type: Type } | "run";
} = {
  start: {
    type: "start",
    name: "localhost:12000",
    others: [],
    count: 1,
    intervalMs: 0,
    timeoutMs: 1000,
    maxLosses: 3,
    version: "0.1.0",
    transport: "deno",
  },
  serving: { type: "serving", at: SERVER },
  sent: "run",
  reply: "run",
  timeout: "run",
  late: "run",
  duplicate: "run",
  unexpected: { type: "unexpected", from: SERVER, reason: "empty", ...BYTES },
  send_failed: { type: "send_failed", seq: 1, reason: "", hostUnreachable: false },
  receive_failed: { type: "receive_failed", reason: "" },
  state: "run",
  stall: { type: "stall", lateMs: 1000 },
  clock_step: { type: "clock_step", whose: "client", stepMs: 5, sleepMs: 0 },
  address: { type: "address", from: SERVER, to: SERVER, reason: "" },
  report: "run",
  figures_so_far: "run",
  held_back: { type: "held_back", lines: 1 },
  summary: "run",
};

const SERVER_EVENTS: {
  readonly [Type in ServerEvent["type"]]: ServerEvent & { type: Type } | "run";
} = {
  listening: {
    type: "listening",
    local: SERVER,
    mapsIPv4: false,
    transport: "deno",
    lossShare: 0.3,
    meanBurst: undefined,
    seed: 1,
    impairment: { delayMs: 0, jitterMs: 0, duplicateShare: 0, reorderShare: 0 },
    allow: [],
    limits: {},
    keyed: false,
  },
  serving: { type: "serving", at: SERVER },
  replied: "run",
  dropped: "run",
  malformed: "run",
  refused: "run",
  client_state: "run",
  client_moved: { type: "client_moved", client: CLIENT, from: SERVER },
  send_failed: "run",
  receive_failed: "run",
  held_back: { type: "held_back", lines: 1 },
  figures_so_far: "run",
  summary: "run",
};

/** The events of a client whose network is bad in every way, and whose server stops for a while. */
function clientEvents(): ClientEvent[] {
  const events: ClientEvent[] = [];
  runWorld({
    seed: 1,
    monitor: {
      count: 200,
      intervalMs: 1000,
      timeoutMs: 500,
      maxLosses: 3,
      watch: true,
      reportEveryMs: 60_000,
    },
    serverLoss: independentLoss(0.2, seededRandom(1)),
    backward: { duplicateShare: 0.1, reorderShare: 0.1, reorderDelayMs: 700 },
    serverDown: [{ fromMs: 100_000, untilMs: 110_000 }],
    onClientEvent: (event) => {
      events.push(event);
      // What is asked for in mid-run has the fields of the summary.
      if (event.type === "summary") events.push({ ...event, type: "figures_so_far" });
    },
  });
  return events;
}

/** The events of a server that answers, drops and refuses heartbeats, then loses its client. */
function serverEvents(): ServerEvent[] {
  let heartbeats = 0;
  const server = new Responder({ loss: () => heartbeats++ > 1 });
  const at = (seconds: number) => ({
    monotonicMs: seconds * 1000,
    wallMs: 1.7e12 + seconds * 1000,
  });
  const receive = (text: string, seconds: number) =>
    server.receive(bytesOf(text), CLIENT, at(seconds));
  const transmit = { type: "transmit", to: CLIENT, bytes: new Uint8Array(), seq: 1 } as const;
  const outputs = [
    ...receive("Heartbeat 1 1700000000.123456", 0),
    ...receive("Heartbeat 2 1700000001.123456", 1),
    ...receive("Heartbeat 3 1700000002.123456", 2),
    ...receive("Hello", 3),
    ...server.receive(bytesOf("Heartbeat 1 1700000003.123456"), NOBODY, at(3)),
    ...server.sendFailed(transmit, { reason: "", hostUnreachable: false }),
    ...server.receiveFailed(""),
    ...server.advance(at(60)),
    { type: "figures_so_far", ...server.summary(60_000) } as const,
    ...server.stop(at(61)),
  ];
  return leaveAtOnce(outputs, at(61)).filter((output) => output.type !== "transmit");
}

/** The fields of each type of event as they are written; a field of an object as `object.field`. */
function writtenFields<Event extends { readonly type: string }>(
  table: Readonly<Record<string, Event | "run">>,
  run: readonly Event[],
  write: (event: Event) => string | undefined,
): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const [type, example] of Object.entries(table)) {
    const events = example === "run" ? run.filter((event) => event.type === type) : [example];
    assert(events.length > 0, `no run has made the event ${type}`);
    const paths = events.flatMap((event) => {
      const line = write(event);
      return line === undefined ? [] : pathsOf(JSON.parse(line));
    });
    // Some events have no JSON.
    if (paths.length === 0) continue;
    // Where a value is sometimes null and sometimes an object, only the object's fields count.
    const leaves = [...new Set(paths)].filter((path) =>
      !paths.some((other) => other.startsWith(`${path}.`))
    );
    fields.set(type, leaves.filter((path) => path !== "type" && path !== "time").toSorted());
  }
  return fields;
}

function pathsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(pathsOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    name,
    ...pathsOf(member).map((path) => `${name}.${path}`),
  ]);
}

/**
 * The fields that a section lists, one a line: "- `name`: ...". Those of an object stand below it,
 * or in the section that its line links to; "- all [...](#...)" takes in those of another section.
 */
function listedFields(sections: readonly Section[], { body }: Section): string[] {
  const items = [...body.matchAll(/^( *)- (.*(?:\n(?! *- )(?= +\S).*)*)/gm)].map((
    [, indent, text],
  ) => ({
    depth: indent!.length / 2,
    name: /^`(\w+)`/.exec(text!)?.[1],
    all: text!.startsWith("all ["),
    linked: [...text!.matchAll(/\]\(#([\w-]+)\)/g)].flatMap(([, anchor]) =>
      listedFields(sections, sections.find((section) => section.anchor === anchor)!)
    ),
  }));
  const parents: string[] = [];
  const paths: string[] = [];
  for (const { depth, name, all, linked } of items) {
    if (all) paths.push(...linked);
    if (name === undefined) continue;
    parents.length = depth;
    parents[depth] = name;
    const path = parents.join(".");
    paths.push(path, ...linked.map((field) => `${path}.${field}`));
  }
  return paths.filter((path) => !paths.some((other) => other.startsWith(`${path}.`))).toSorted();
}

/** Compares the events below a heading of the README, and their fields, with the code's. */
function assertEvents(heading: string, written: ReadonlyMap<string, readonly string[]>): void {
  const sections = sectionsOf(doc(README));
  const start = sections.findIndex(({ title }) => title === heading);
  const end = sections.findIndex(({ level }, i) => i > start && level <= sections[start]!.level);
  const events = sections.slice(start + 1, end);
  const types = events.map(({ title }) => title.replaceAll("`", ""));
  assertEquals(types.toSorted(), [...written.keys()].toSorted());
  for (const [i, type] of types.entries()) {
    assertEquals(listedFields(sections, events[i]!), written.get(type), `the fields of ${type}`);
  }
}

Deno.test({
  name: "the server's events and their fields stand in lib/report/README.md as they are written",
  ignore,
  fn() {
    const write = (event: ServerEvent) => serverJson(event, 0);
    assertEvents("Events of the server", writtenFields(SERVER_EVENTS, serverEvents(), write));
    const { prose } = doc(README);
    for (const reason of REFUSAL_REASONS) {
      assert(prose.includes(`- \`${reason}\`: `), `no word on ${reason}`);
    }
  },
});

Deno.test({
  name: "the client's events and their fields stand in lib/report/README.md as they are written",
  ignore,
  fn() {
    const write = (event: ClientEvent) => clientJson(event, SERVER, 0);
    assertEvents("Events of the client", writtenFields(CLIENT_EVENTS, clientEvents(), write));
  },
});

const FLEET_MEMBER = {
  count: 30,
  intervalMs: 1000,
  timeoutMs: 500,
  maxLosses: 3,
  watch: true,
};

/** The events of a fleet whose network goes, whose machine stands still, and whose list changes. */
function fleetEvents(): FleetReport[] {
  const events: FleetReport[] = [];
  const fleet = runFleetWorld({
    seed: 1,
    hosts: [{}, {}, {}],
    fleet: {
      member: FLEET_MEMBER,
      targets: [listed(0), listed(1), { ...listed(9), host: "x.test" }],
      reportEveryMs: 5000,
    },
    unsent: [{ fromMs: 10_000, untilMs: 15_000 }],
    standstills: [{ fromMs: 20_000, untilMs: 22_000 }],
    acts: [
      { atMs: 1000, act: (fleet) => fleet.unresolved("x.test 12000", "no such name") },
      { atMs: 2000, act: (fleet) => fleet.resolved("x.test 12000", "10.0.0.2") },
      { atMs: 3000, act: (fleet) => fleet.reload({ targets: [listed(0), listed(1), listed(2)] }) },
    ],
    onEvent: (event) => events.push(event),
  });
  const datagram = { from: SERVER, reason: "wrong_source", ...BYTES } as const;
  return [
    ...events,
    {
      type: "start",
      targets: 2,
      source: "rack.txt",
      count: 0,
      intervalMs: 1000,
      timeoutMs: 1000,
      maxLosses: "auto",
      falseAlarmEvery: 20_000,
      version: "0.1.0",
      transport: "deno",
    },
    { type: "clock_step", whose: "client", stepMs: 5, sleepMs: 0 },
    { type: "receive_failed", reason: "" },
    { type: "stray", datagram },
    { type: "held_back", lines: 1 },
    { type: "figures_so_far", ...fleet.figures() },
    { type: "serving", at: SERVER },
  ];
}

Deno.test({
  name: "a fleet's events and their fields stand in lib/report/README.md as they are written",
  ignore,
  fn() {
    const told = Object.keys(FLEET_TRAITS).filter((type) => !["of_target", "sent"].includes(type));
    const table = Object.fromEntries(told.map((type) => [type, "run" as const]));
    const write = (event: FleetReport) => fleetJson(event, 0);
    const written = writtenFields<FleetReport>(table, fleetEvents(), write);
    assertEvents("Events of a client of several servers", written);
  },
});
