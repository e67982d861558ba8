import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Limits } from "../../lib/admission/admission.ts";
import { PLAIN } from "../../lib/report/palette.ts";
import { CLIENTS_LISTED } from "../../lib/report/server_events.ts";
import { serverLine } from "../../lib/report/server_lines.ts";
import { LISTENING, SERVER_TABLE, SUMMARY } from "./server_samples.ts";

Deno.test("server events have the lines of the contract", () => {
  for (const [event, line] of SERVER_TABLE) assertEquals(serverLine(event, PLAIN), line);
});

Deno.test("server says what it does to its replies", () => {
  const impairment = { delayMs: 50, jitterMs: 1500, duplicateShare: 0.1, reorderShare: 0.05 };
  const line = serverLine({ ...LISTENING, meanBurst: 3, impairment }, PLAIN);
  assertStringIncludes(
    line,
    "dropping 30% of heartbeats in bursts of 3 on average, " +
      "delaying replies by 50ms + 1.5s of jitter, " +
      "doubling 10% of them, reordering 5% of them (seed 7)",
  );
});

Deno.test("server says which limits it was given", () => {
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
    assertStringIncludes(serverLine({ ...LISTENING, limits }, PLAIN), text);
  }
});

Deno.test("server summary names the failures of this machine, and the forgotten clients", () => {
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
    "Refused: 2 datagrams from networks that --allow leaves out, " +
    "1500 datagrams over the rate limit",
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
});

Deno.test("server summary of nothing has no share", () => {
  const nothing = { ...SUMMARY, received: 0, replied: 0, dropped: 0, clients: [], clientsMet: 0 };
  assertEquals(
    serverLine(nothing, PLAIN).split("\n")[1],
    "0 heartbeats received from 0 clients, 0 answered, 0 dropped on purpose",
  );
});
