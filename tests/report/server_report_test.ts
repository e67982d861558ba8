import { assertEquals } from "@std/assert";
import { PLAIN } from "../../lib/report/palette.ts";
import { type ServerEvent, serverJson, serverLine } from "../../lib/report/server_report.ts";

const CLIENT = { hostname: "127.0.0.1", port: 50554 };
const WALL_MS = Date.UTC(2026, 10, 23, 2, 56, 49, 123);
const TIME = "2026-11-23T02:56:49.123Z";
const SUMMARY: ServerEvent = {
  type: "summary",
  received: 10,
  replied: 7,
  dropped: 3,
  malformed: 1,
  sendFailures: 0,
  receiveFailures: 0,
  clients: 1,
  moreClients: false,
};

const TABLE: [ServerEvent, string, Record<string, unknown>][] = [
  [
    {
      type: "listening",
      local: { hostname: "0.0.0.0", port: 12000 },
      lossShare: 0.3,
      meanBurst: undefined,
      seed: 7,
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
    { type: "malformed", client: CLIENT, bytes: 5, reason: "not_a_heartbeat" },
    "Ignored 5 bytes from 127.0.0.1:50554: not a heartbeat",
    {
      type: "malformed",
      time: TIME,
      client: "127.0.0.1:50554",
      bytes: 5,
      reason: "not_a_heartbeat",
    },
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
    "... and 1 more line like these",
    { type: "held_back", time: TIME, lines: 1 },
  ],
  [
    SUMMARY,
    "--- heartbeat server summary ---\n" +
    "10 heartbeats received from 1 client, 7 answered, 3 dropped on purpose (30.000%)\n" +
    "1 malformed datagram ignored",
    {
      type: "summary",
      time: TIME,
      received: 10,
      replied: 7,
      dropped: 3,
      malformed: 1,
      clients: 1,
      clients_more: false,
      send_failures: 0,
      receive_failures: 0,
    },
  ],
];

Deno.test("server events have the lines of the contract", () => {
  for (const [event, line] of TABLE) assertEquals(serverLine(event, PLAIN), line);
});

Deno.test("server events have the JSON of the contract", () => {
  for (const [event, , json] of TABLE) assertEquals(JSON.parse(serverJson(event, WALL_MS)), json);
});

Deno.test("server summary tells what went wrong on this machine, and when it lost count", () => {
  const bad = { ...SUMMARY, sendFailures: 2, receiveFailures: 3, clients: 4096, moreClients: true };
  assertEquals(serverLine(bad, PLAIN).split("\n").slice(1), [
    "10 heartbeats received from more than 4096 clients, 7 answered, 3 dropped on purpose (30.000%)",
    "1 malformed datagram ignored",
    "2 could not be answered by this machine",
    "3 times the socket could not receive",
  ]);
});

Deno.test("server summary of nothing has no share", () => {
  const nothing = { ...SUMMARY, received: 0, replied: 0, dropped: 0, clients: 0 };
  assertEquals(
    serverLine(nothing, PLAIN).split("\n")[1],
    "0 heartbeats received from 0 clients, 0 answered, 0 dropped on purpose",
  );
});
