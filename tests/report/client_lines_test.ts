import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ClientEvent } from "../../lib/report/client_events.ts";
import { clientLine } from "../../lib/report/client_lines.ts";
import { summaryLines } from "../../lib/report/client_summary.ts";
import { reportLines } from "../../lib/report/interim_report.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import {
  CLIENT_TABLE,
  DOWN,
  NO_REPLIES,
  SERVER,
  SUMMARY,
  TARGET,
  VIEW,
  WALL_MS,
} from "./client_samples.ts";

Deno.test("client events have the lines of the contract", () => {
  for (const [event, line] of CLIENT_TABLE) {
    assertEquals(clientLine(event, TARGET, VIEW, WALL_MS), line);
  }
});

Deno.test("a name's other addresses stand in the first line, three of them", () => {
  const others = ["192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6", "192.0.2.7"];
  const [event] = CLIENT_TABLE[0]!;
  const line = clientLine({ ...event, others } as ClientEvent, TARGET, VIEW, WALL_MS)!;
  assertEquals(line.split("\n").slice(1), [
    "  100 heartbeats, one after the other, timeout 1s",
    "  the name has other addresses, too: 192.0.2.3, 192.0.2.4, 192.0.2.5 and 2",
    "  more",
  ]);
});

Deno.test("a single heartbeat has no pace", () => {
  const [event] = CLIENT_TABLE[0]!;
  for (const intervalMs of [0, 1000]) {
    const one = { ...event, count: 1, intervalMs } as ClientEvent;
    const [, second] = clientLine(one, TARGET, VIEW, WALL_MS)!.split("\n");
    assertEquals(second, "  1 heartbeat, timeout 1s");
  }
});

Deno.test("a reply from elsewhere says from where, and what mends it", () => {
  const from = { hostname: "192.0.2.9", port: 12000 };
  const line = clientLine(
    { type: "unexpected", from, bytes: 41, beginning: bytesOf("hello"), reason: "wrong_source" },
    TARGET,
    VIEW,
    WALL_MS,
  )!;
  assertStringIncludes(line, "Unexpected 41 bytes from 192.0.2.9:12000");
  assertStringIncludes(line, SERVER);
  assertStringIncludes(line, "--host");
  const otherPort: ClientEvent = {
    type: "unexpected",
    from: { ...TARGET, port: 5 },
    bytes: 41,
    beginning: bytesOf("hello"),
    reason: "wrong_source",
  };
  const text = clientLine(otherPort, TARGET, VIEW, WALL_MS)!;
  assertStringIncludes(text, `heartbeats go to ${SERVER}, and replies count only from there`);
  assert(!text.includes("--host"), text);
});

Deno.test("a server that did not answer gets a hint, once", () => {
  const down = { ...DOWN, from: "unknown", heard: false, lastedMs: 3000 } as const;
  const silent: ClientEvent = {
    type: "summary",
    ...SUMMARY,
    ...NO_REPLIES,
    verdict: "never_answered",
    state: "down",
  };
  const line = (event: ClientEvent) => clientLine(event, TARGET, VIEW, WALL_MS)!;
  assertEquals(line(down).split("\n"), [
    "Server is assumed to have stopped after 3 consecutive timeouts.",
    "  127.0.0.1:12000, 2026-11-23 02:56:49 UTC",
    "  Nothing was heard from 127.0.0.1:12000. Is the server running there? Is a",
    "  firewall in between? Does it need a key (--key-file)? Does its --allow leave",
    "  this address out? From here, all of these look the same.",
  ]);
  assert(!line(silent).includes("firewall"));
  const measured = line({ ...silent, state: "unknown" });
  assertStringIncludes(measured, "Nothing was heard from 127.0.0.1:12000.");
  assertStringIncludes(measured, "\nVerdict: the server did not answer.");
  assertStringIncludes(line({ ...silent, unauthentic: 3 }), "did not answer with this key.");
  const unreachable = { count: 3, reason: "No route to host" };
  assertEquals(line({ ...down, unreachable }).split("\n").slice(2), [
    "  3 heartbeats could not be sent to the host: No route to host. They count as",
    "  lost.",
  ]);
});

Deno.test("a report and the summary have lines of their own", () => {
  const report = { type: "report", windowMs: 2000, window: SUMMARY, whole: SUMMARY } as const;
  assertEquals(
    clientLine(report, TARGET, VIEW, WALL_MS),
    reportLines(report, SERVER, VIEW.palette, WALL_MS),
  );
  assertEquals(
    clientLine({ type: "summary", ...SUMMARY }, TARGET, VIEW, WALL_MS),
    summaryLines(SUMMARY, TARGET, VIEW),
  );
});

Deno.test("a server that was never heard is told as answering, if it was told as unknown", () => {
  const state = { ...DOWN, from: "unknown", to: "up", heard: true } as const;
  const line = (event: ClientEvent) => clientLine(event, TARGET, VIEW, WALL_MS);
  assertEquals(line({ ...state, reason: "answered", reasonBefore: "not_heard" }), undefined);
  assertStringIncludes(
    line({ ...state, reason: "answered", reasonBefore: "unsent", lastKnown: undefined })!,
    "Server is answering.\n  127.0.0.1:12000, ",
  );
  // That heartbeats leave again shows in their own lines.
  const back = { ...state, to: "unknown", reason: "not_heard", reasonBefore: "unsent" } as const;
  assertEquals(line(back), undefined);
});
