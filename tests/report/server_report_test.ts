import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Limits } from "../../lib/admission/admission.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import { PLAIN } from "../../lib/report/palette.ts";
import {
  CLIENTS_LISTED,
  SERVER_DETAILS,
  type ServerEvent,
  serverJson,
  serverLine,
} from "../../lib/report/server_report.ts";

const CLIENT = { hostname: "127.0.0.1", port: 50554 };
const WALL_MS = Date.UTC(2026, 10, 23, 2, 56, 49, 123);
const TIME = "2026-11-23T02:56:49.123000Z";
const NONE_REFUSED = {
  unanswerable: 0,
  not_allowed: 0,
  unauthenticated: 0,
  bad_mac: 0,
  stale: 0,
  replayed: 0,
  limited: 0,
};
const SUMMARY: ServerEvent & { type: "summary" } = {
  type: "summary",
  received: 10,
  replied: 7,
  dropped: 3,
  malformed: 1,
  refused: { ...NONE_REFUSED, not_allowed: 2, limited: 1500 },
  waiting: 0,
  overflowed: 0,
  sendFailures: 0,
  receiveFailures: 0,
  clientsMet: 1,
  clientsForgotten: 0,
  clients: [{
    client: CLIENT,
    stopped: true,
    silentMs: 6040,
    received: 10,
    unique: 9,
    duplicates: 1,
    reordered: 2,
    lost: 4,
    dropped: 3,
    limited: 5,
    restarts: 1,
    jitterMs: 0.0764,
  }],
};
const NO_IMPAIRMENT = { delayMs: 0, jitterMs: 0, duplicateShare: 0, reorderShare: 0 };

const TABLE: [ServerEvent, string, Record<string, unknown>][] = [
  [
    {
      type: "listening",
      local: { hostname: "0.0.0.0", port: 12000 },
      lossShare: 0.3,
      meanBurst: undefined,
      seed: 7,
      impairment: NO_IMPAIRMENT,
      allow: [],
      limits: { ratePerPrefix: 5000, totalRate: 10_000, limitLoopback: false },
      keyed: false,
    },
    "UDP Heartbeat Server is running... on 0.0.0.0:12000, dropping 30% of heartbeats (seed 7)",
    {
      type: "listening",
      time: TIME,
      address: "0.0.0.0",
      port: 12000,
      loss: 0.3,
      burst: null,
      seed: 7,
      delay_ms: 0,
      jitter_ms: 0,
      duplicate: 0,
      reorder: 0,
      allow: [],
      rate: 5000,
      total_rate: 10_000,
      keyed: false,
    },
  ],
  [
    { type: "replied", client: CLIENT, seq: 12, timeDifferenceS: 0.000123 },
    "Responded to 127.0.0.1:50554 with Seq: 12, Time Difference: 0.000123 seconds",
    {
      type: "replied",
      time: TIME,
      client: "127.0.0.1:50554",
      seq: 12,
      time_difference_s: 0.000123,
    },
  ],
  [
    { type: "dropped", client: CLIENT, seq: 9007199254740991 },
    "Simulating packet loss for message from 127.0.0.1:50554 (Heartbeat 9007199254740991)",
    { type: "dropped", time: TIME, client: "127.0.0.1:50554", seq: 9007199254740991 },
  ],
  [
    {
      type: "malformed",
      client: CLIENT,
      bytes: 50,
      beginning: bytesOf("\x1b[2Jhello\r\n"),
      reason: "not_a_heartbeat",
    },
    'Ignored 50 bytes from 127.0.0.1:50554: not a heartbeat: "\\x1b[2Jhello\\x0d\\x0a"...',
    {
      type: "malformed",
      time: TIME,
      client: "127.0.0.1:50554",
      bytes: 50,
      reason: "not_a_heartbeat",
      beginning: '"\\x1b[2Jhello\\x0d\\x0a"...',
    },
  ],
  [
    {
      type: "refused",
      counts: { ...NONE_REFUSED, bad_mac: 1, limited: 12_345 },
      last: CLIENT,
    },
    "Refused 1 datagram with a code of another key, or changed on the way, 12345 datagrams over the rate limit; " +
    "the last from 127.0.0.1:50554",
    {
      type: "refused",
      time: TIME,
      ...NONE_REFUSED,
      bad_mac: 1,
      limited: 12_345,
      last: "127.0.0.1:50554",
    },
  ],
  [
    { type: "client_state", client: CLIENT, to: "down", silentMs: 5040 },
    "Client 127.0.0.1:50554 is assumed to have stopped: silent for 5.0 s.",
    { type: "client_state", time: TIME, client: "127.0.0.1:50554", to: "down", silent_s: 5.04 },
  ],
  [
    { type: "client_state", client: CLIENT, to: "up", silentMs: 65_040 },
    "Client 127.0.0.1:50554 is heard again after 65.0 s.",
    { type: "client_state", time: TIME, client: "127.0.0.1:50554", to: "up", silent_s: 65.04 },
  ],
  [
    { type: "send_failed", client: CLIENT, seq: 1, reason: "Network is unreachable" },
    "Could not answer heartbeat 1 of 127.0.0.1:50554: Network is unreachable",
    {
      type: "send_failed",
      time: TIME,
      client: "127.0.0.1:50554",
      seq: 1,
      reason: "Network is unreachable",
    },
  ],
  [
    { type: "receive_failed", reason: "reset" },
    "Could not receive: reset",
    { type: "receive_failed", time: TIME, reason: "reset" },
  ],
  [
    { type: "held_back", lines: 1 },
    "... left out: 1 more line about datagrams that went wrong (10 a second are shown)",
    { type: "held_back", time: TIME, lines: 1 },
  ],
  [
    SUMMARY,
    "--- heartbeat server summary ---\n" +
    "10 heartbeats received from 1 client, 7 answered, 3 dropped on purpose (30.000%)\n" +
    "1 malformed datagram ignored\n" +
    "Refused: 2 datagrams from networks that --allow leaves out, 1500 datagrams over the rate limit\n" +
    "  127.0.0.1:50554: 10 received, 4 lost on the way here, 3 dropped, 1 duplicate, 2 reordered, " +
    "jitter 0.076 ms, 5 over the rate limit, started anew 1 time, last heard 6.0 s ago, stopped",
    {
      type: "summary",
      time: TIME,
      received: 10,
      replied: 7,
      dropped: 3,
      malformed: 1,
      ...NONE_REFUSED,
      not_allowed: 2,
      limited: 1500,
      clients: 1,
      clients_forgotten: 0,
      waiting: 0,
      overflowed: 0,
      send_failures: 0,
      receive_failures: 0,
      busiest: [{
        client: "127.0.0.1:50554",
        received: 10,
        unique: 9,
        duplicates: 1,
        reordered: 2,
        lost: 4,
        dropped: 3,
        limited: 5,
        restarts: 1,
        jitter_ms: 0.0764,
        last_heard_s_ago: 6.04,
        stopped: true,
      }],
    },
  ],
];

Deno.test("server events have the lines of the contract", () => {
  for (const [event, line] of TABLE) assertEquals(serverLine(event, PLAIN), line);
});

Deno.test("server events have the JSON of the contract", () => {
  for (const [event, , json] of TABLE) assertEquals(JSON.parse(serverJson(event, WALL_MS)), json);
});

Deno.test("server says what it does to its replies", () => {
  const listening = TABLE[0]![0] as ServerEvent & { type: "listening" };
  const impairment = { delayMs: 50, jitterMs: 1500, duplicateShare: 0.1, reorderShare: 0.05 };
  const line = serverLine({ ...listening, meanBurst: 3, impairment }, PLAIN);
  assertStringIncludes(
    line,
    "dropping 30% of heartbeats in bursts of 3 on average, delaying replies by 50ms + 1.5s of jitter, " +
      "doubling 10% of them, reordering 5% of them (seed 7)",
  );
});

Deno.test("server says which limits it was given", () => {
  const listening = TABLE[0]![0] as ServerEvent & { type: "listening" };
  const table: [Limits, string][] = [
    [
      { ratePerPrefix: 5, totalRate: 100, limitLoopback: true },
      "answering at most 5 for each network and 100 in all a second (seed 7)",
    ],
    [
      { totalRate: 100, limitLoopback: true },
      "heartbeats, answering at most 100 in all a second (seed 7)",
    ],
    [{ totalRate: 10_000, limitLoopback: false }, "dropping 30% of heartbeats (seed 7)"],
  ];
  for (const [limits, text] of table) {
    assertStringIncludes(serverLine({ ...listening, limits }, PLAIN), text);
  }
  const { rate, total_rate } = JSON.parse(
    serverJson({ ...listening, limits: { totalRate: 7 } }, 0),
  );
  assertEquals([rate, total_rate], [null, 7]);
});

Deno.test("server summary tells what went wrong on this machine, and when it lost count", () => {
  const bad = {
    ...SUMMARY,
    waiting: 4,
    overflowed: 1,
    sendFailures: 2,
    receiveFailures: 3,
    clientsForgotten: 5,
  };
  const lines = serverLine({ ...bad, clients: [], clientsMet: 9000 }, PLAIN).split("\n");
  assertEquals(lines.slice(1), [
    "10 heartbeats received from about 9000 clients, 7 answered, 3 dropped on purpose (30.000%)",
    "1 malformed datagram ignored",
    "Refused: 2 datagrams from networks that --allow leaves out, 1500 datagrams over the rate limit",
    "4 delayed replies had not left yet",
    "1 delayed replies were lost: too many were on their way",
    "2 could not be answered by this machine",
    "3 times the socket could not receive",
  ]);
});

Deno.test("server summary lists the busiest clients, and how many more there are", () => {
  const clients = new Array(CLIENTS_LISTED + 3).fill(SUMMARY.clients[0]);
  const lines = serverLine({ ...SUMMARY, clients }, PLAIN).split("\n");
  assertEquals(lines.length, 4 + CLIENTS_LISTED + 1);
  assertEquals(lines.at(-1), "  ... and 3 more clients");
  const json = JSON.parse(serverJson({ ...SUMMARY, clients }, 0));
  assertEquals(json.busiest.length, CLIENTS_LISTED);
});

Deno.test("quiet leaves out all but the start, the clients' changes of state and the summary", () => {
  assertEquals([...SERVER_DETAILS].sort(), [
    ...["dropped", "malformed", "receive_failed", "refused", "replied", "send_failed"],
  ]);
});

Deno.test("server summary of nothing has no share", () => {
  const nothing = { ...SUMMARY, received: 0, replied: 0, dropped: 0, clients: [], clientsMet: 0 };
  assertEquals(
    serverLine(nothing, PLAIN).split("\n")[1],
    "0 heartbeats received from 0 clients, 0 answered, 0 dropped on purpose",
  );
});
