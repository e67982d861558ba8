import { assert, assertEquals } from "@std/assert";
import { PLAIN } from "../../lib/report/palette.ts";
import { CLIENTS_LISTED } from "../../lib/report/server_events.ts";
import { serverLine } from "../../lib/report/server_lines.ts";
import { Network } from "../../lib/wire/network.ts";
import { LISTENING, SERVER_TABLE, SUMMARY } from "./server_samples.ts";

Deno.test("server events have the lines of the contract", () => {
  for (const [event, line] of SERVER_TABLE) assertEquals(serverLine(event, PLAIN), line);
});

/** The lines after the first one of a server that has these settings, too. */
const settings = (changes: Partial<typeof LISTENING>) =>
  serverLine({ ...LISTENING, ...changes }, PLAIN).split("\n").slice(1).map((line) => line.trim());

Deno.test("server says what it does to heartbeats and replies, and how to repeat it", () => {
  const impairment = { delayMs: 50, jitterMs: 1500, duplicateShare: 0.1, reorderShare: 0.05 };
  assertEquals(settings({ meanBurst: 3, impairment }), [
    "drops 30% of heartbeats on purpose, in bursts of 3 on average (seed 7)",
    "delays replies by 50ms, and 1.5s more on average",
    "sends 10% of replies twice",
    "has 5% of replies overtaken",
  ]);
  assertEquals(settings({ lossShare: 0 }), ["drops no heartbeats"]);
  assertEquals(settings({ lossShare: 0, impairment: { ...impairment, jitterMs: 0 } }), [
    "drops no heartbeats",
    "delays replies by 50ms",
    "sends 10% of replies twice (seed 7)",
    "has 5% of replies overtaken (seed 7)",
  ]);
});

Deno.test("server says whom it answers, and how often, where flags say so", () => {
  const last = (changes: Partial<typeof LISTENING>) => settings(changes).slice(1);
  assertEquals(last({ limits: { ratePerPrefix: 5, totalRate: 100, limitLoopback: true } }), [
    "answers at most 5 heartbeats a second per network, 100 in all",
  ]);
  assertEquals(last({ limits: { totalRate: 100, limitLoopback: true } }), [
    "answers at most 100 heartbeats a second in all",
  ]);
  assertEquals(last({ limits: { totalRate: 10_000, limitLoopback: false } }), []);
  assertEquals(last({ allow: [new Network("192.0.2.0", 24)], keyed: true }), [
    "answers only 192.0.2.0/24",
    "answers only heartbeats that are sealed with the key",
  ]);
  const mapped = "answers IPv4, too, but not from this machine itself: use ::1 on it";
  assertEquals(last({ mapsIPv4: true, allow: [new Network("2001:db8::", 32)] }).slice(1), [mapped]);
  assertEquals(last({ mapsIPv4: true, allow: [new Network("192.0.2.0", 24)] }).slice(1), [
    mapped,
    "can't tell IPv4 from IPv6 packets that imitate it: IPv4 networks of --allow",
    "keep nobody out who can send those; a server with --host 0.0.0.0 does",
  ]);
});

Deno.test("no line of the server that is not about one datagram is wider than 80 columns", () => {
  const allow = Array.from({ length: 20 }, (_, i) => new Network(`192.0.2.${i}`));
  const text = serverLine({ ...LISTENING, allow, meanBurst: 3 }, PLAIN) + "\n" +
    SERVER_TABLE.filter(([{ type }]) => type === "summary").map(([, line]) => line).join("\n");
  for (const line of text.split("\n")) assert(line.length <= 80, line);
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
    "10 heartbeats from about 9000 clients: 7 answered, 3 dropped on purpose (30%)",
    "1 malformed datagram ignored",
    "Refused: 2 datagrams from networks that --allow leaves out, 1500 datagrams",
    "over the rate limit",
    "4 delayed replies had not left yet",
    "1 delayed replies were lost: too many were on their way",
    "2 could not be answered by this machine",
    "3 times the socket could not receive",
  ]);
});

Deno.test("server summary lists the busiest clients, and how many more there are", () => {
  const clients = new Array(CLIENTS_LISTED + 3).fill(SUMMARY.clients[0]);
  const lines = serverLine({ ...SUMMARY, clients }, PLAIN).split("\n");
  assertEquals(lines.length, 5 + 4 * CLIENTS_LISTED + 1);
  assertEquals(lines.at(-1), "  ... and 3 more clients");
});

Deno.test("server summary of nothing has no share", () => {
  const nothing = { ...SUMMARY, received: 0, replied: 0, dropped: 0, clients: [], clientsMet: 0 };
  assertEquals(
    serverLine(nothing, PLAIN).split("\n")[1],
    "0 heartbeats from 0 clients: 0 answered, 0 dropped on purpose",
  );
});

Deno.test("a server whose counts contradict each other says so at the end", () => {
  const fault = { contradictions: 1, contradiction: "datagrams 1, but replied 2" };
  assertEquals(serverLine({ ...SUMMARY, ...fault }, PLAIN).split("\n").slice(-2), [
    "This program contradicts itself (1 time; the last: datagrams 1, but replied",
    "2). Don't trust its figures, and please report it.",
  ]);
});
