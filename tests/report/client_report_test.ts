import { assertEquals, assertStringIncludes } from "@std/assert";
import type { MonitorSummary } from "../../lib/heartbeat/monitor.ts";
import { type ClientEvent, clientJson, clientLine } from "../../lib/report/client_report.ts";
import { PLAIN } from "../../lib/report/palette.ts";

const TARGET = { hostname: "127.0.0.1", port: 12000 };
const SERVER = "127.0.0.1:12000";
const WALL_MS = Date.UTC(2026, 10, 23, 2, 56, 49, 123);
const TIME = "2026-11-23T02:56:49.123Z";
const SUMMARY: MonitorSummary = {
  verdict: "alive",
  state: "up",
  sent: 4,
  received: 2,
  lost: 1,
  outstanding: 1,
  late: 1,
  duplicates: 0,
  unexpected: 0,
  sendFailures: 0,
  receiveFailures: 0,
  lossRatio: 1 / 3,
  rttMs: { min: 1, mean: 2, median: 2, p90: 3, p95: 3, p99: 3, max: 3, stddev: 1 },
};

const UNSENT = "3 heartbeats could not be sent: that is this machine's fault, not the server's.";

const TABLE: [ClientEvent, string | undefined, Record<string, unknown> | undefined][] = [
  [
    { type: "start", name: "localhost:12000", count: 100, intervalMs: 0, timeoutMs: 1000 },
    "Checking localhost:12000 (127.0.0.1:12000): 100 heartbeats, one after the other, timeout 1s",
    undefined,
  ],
  [
    { type: "start", name: SERVER, count: 0, intervalMs: 500, timeoutMs: 60_000 },
    "Checking 127.0.0.1:12000: until stopped, every 500ms, timeout 1m",
    undefined,
  ],
  [
    { type: "sent", seq: 1, text: "Heartbeat 1 1763824000.123456" },
    "Sent: Heartbeat 1 1763824000.123456",
    { type: "sent", time: TIME, target: SERVER, seq: 1 },
  ],
  [
    { type: "reply", seq: 1, rttMs: 0.2151, timeDifferenceS: 0.000123 },
    "Reply from 127.0.0.1:12000: Seq: 1, Time Difference: 0.000123 seconds (rtt 0.215 ms)",
    {
      type: "reply",
      time: TIME,
      target: SERVER,
      seq: 1,
      rtt_ms: 0.2151,
      time_difference_s: 0.000123,
    },
  ],
  [
    { type: "timeout", seq: 2, consecutive: 1 },
    "Heartbeat 2: Request timed out",
    { type: "timeout", time: TIME, target: SERVER, seq: 2, consecutive: 1 },
  ],
  [
    { type: "late", seq: 2, rttMs: 1500.5 },
    "Heartbeat 2: late reply after 1500.500 ms; it stays lost",
    { type: "late", time: TIME, target: SERVER, seq: 2, rtt_ms: 1500.5 },
  ],
  [
    { type: "duplicate", seq: 2 },
    "Heartbeat 2: duplicate reply",
    { type: "duplicate", time: TIME, target: SERVER, seq: 2 },
  ],
  [
    {
      type: "unexpected",
      from: { hostname: "::1", port: 5 },
      bytes: 1,
      reason: "not_a_reply",
    },
    "Unexpected 1 byte from [::1]:5: not a reply to a heartbeat",
    { type: "unexpected", time: TIME, from: "[::1]:5", bytes: 1, reason: "not_a_reply" },
  ],
  [
    { type: "send_failed", seq: 3, reason: "Network is unreachable" },
    "Heartbeat 3: could not be sent: Network is unreachable",
    { type: "send_failed", time: TIME, target: SERVER, seq: 3, reason: "Network is unreachable" },
  ],
  [
    { type: "receive_failed", reason: "reset" },
    "Could not receive: reset",
    { type: "receive_failed", time: TIME, target: SERVER, reason: "reset" },
  ],
  [
    { type: "held_back", lines: 12 },
    "... and 12 more lines like these",
    { type: "held_back", time: TIME, target: SERVER, lines: 12 },
  ],
  [
    {
      type: "state",
      from: "up",
      to: "down",
      consecutive: 3,
      heard: true,
      sendFailures: 0,
      lastedMs: 5,
    },
    "Server is assumed to have stopped after 3 consecutive timeouts.",
    { type: "state", time: TIME, target: SERVER, from: "up", to: "down" },
  ],
  [
    {
      type: "state",
      from: "down",
      to: "up",
      consecutive: 0,
      heard: true,
      sendFailures: 0,
      lastedMs: 12_340,
    },
    "Server is answering again, 12.3 s after it was assumed to have stopped.",
    { type: "state", time: TIME, target: SERVER, from: "down", to: "up" },
  ],
  [
    {
      type: "state",
      from: "unknown",
      to: "up",
      consecutive: 0,
      heard: true,
      sendFailures: 0,
      lastedMs: 5,
    },
    undefined,
    { type: "state", time: TIME, target: SERVER, from: "unknown", to: "up" },
  ],
  [
    { type: "summary", ...SUMMARY },
    "--- 127.0.0.1:12000 heartbeat summary ---\n" +
    "4 sent, 2 received, 1 lost (33.333% loss), 1 outstanding, 1 late, 0 duplicates\n" +
    "rtt min/mean/median/p90/p95/p99/max/stddev = " +
    "1.000/2.000/2.000/3.000/3.000/3.000/3.000/1.000 ms\n" +
    "Verdict: the server is alive.",
    {
      type: "summary",
      time: TIME,
      target: SERVER,
      verdict: "alive",
      sent: 4,
      received: 2,
      lost: 1,
      outstanding: 1,
      late: 1,
      duplicates: 0,
      unexpected: 0,
      send_failures: 0,
      receive_failures: 0,
      loss_ratio: 0.333333,
      rtt_ms: { min: 1, mean: 2, median: 2, p90: 3, p95: 3, p99: 3, max: 3, stddev: 1 },
    },
  ],
];

Deno.test("client events have the lines of the contract", () => {
  for (const [event, line] of TABLE) assertEquals(clientLine(event, TARGET, PLAIN), line);
});

Deno.test("client events have the JSON of the contract", () => {
  for (const [event, , json] of TABLE) {
    const line = clientJson(event, TARGET, WALL_MS);
    assertEquals(line === undefined ? undefined : JSON.parse(line), json);
  }
});

Deno.test("figures that are undefined are null in JSON, and left out for people", () => {
  const { lossRatio: _, rttMs: __, ...counts } = SUMMARY;
  const summary: ClientEvent = {
    type: "summary",
    ...counts,
    lossRatio: undefined,
    rttMs: undefined,
  };
  const json = JSON.parse(clientJson(summary, TARGET, WALL_MS)!);
  assertEquals(json.loss_ratio, null);
  assertEquals(Object.values(json.rtt_ms), new Array(8).fill(null));
  assertEquals(clientLine(summary, TARGET, PLAIN)!.split("\n").length, 3);
});

Deno.test("a reply from elsewhere says from where, and what mends it", () => {
  const from = { hostname: "192.0.2.9", port: 12000 };
  const line = clientLine(
    { type: "unexpected", from, bytes: 41, reason: "wrong_source" },
    TARGET,
    PLAIN,
  )!;
  assertStringIncludes(line, "Unexpected 41 bytes from 192.0.2.9:12000");
  assertStringIncludes(line, SERVER);
  assertStringIncludes(line, "--host");
});

Deno.test("a server that never answered gets a hint, once", () => {
  const down: ClientEvent = {
    type: "state",
    from: "unknown",
    to: "down",
    consecutive: 3,
    heard: false,
    sendFailures: 0,
    lastedMs: 3000,
  };
  const silent: ClientEvent = {
    type: "summary",
    ...SUMMARY,
    verdict: "never_answered",
    state: "down",
  };
  const hint = "Is the server running there? Is a firewall between?";
  const lines = [clientLine(down, TARGET, PLAIN)!, clientLine(silent, TARGET, PLAIN)!];
  assertStringIncludes(
    lines[0]!,
    "Server is assumed to have stopped after 3 consecutive timeouts.",
  );
  assertEquals(lines.map((line) => line.includes(hint)), [true, false]);
  const unsent = clientLine({ ...down, sendFailures: 3 }, TARGET, PLAIN)!;
  assertEquals(unsent.split("\n")[1], UNSENT);
  const measured = clientLine({ ...silent, state: "unknown" }, TARGET, PLAIN)!;
  assertStringIncludes(measured, hint);
});

Deno.test("a summary says which failures are this machine's own", () => {
  const line = clientLine(
    { type: "summary", ...SUMMARY, sendFailures: 2, receiveFailures: 1, unexpected: 3 },
    TARGET,
    PLAIN,
  )!;
  assertStringIncludes(line, "2 heartbeats could not be sent: that is this machine's fault");
  assertStringIncludes(line, "1 times the socket could not receive");
  assertStringIncludes(line, "3 unexpected datagrams ignored");
});
