import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ClientEvent } from "../../lib/report/client_events.ts";
import { clientLine } from "../../lib/report/client_lines.ts";
import { reportLines, summaryLines } from "../../lib/report/client_summary.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import { CLIENT_TABLE, DOWN, SERVER, SUMMARY, TARGET, VIEW, WALL_MS } from "./client_samples.ts";

Deno.test("client events have the lines of the contract", () => {
  for (const [event, line] of CLIENT_TABLE) {
    assertEquals(clientLine(event, TARGET, VIEW, WALL_MS), line);
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

Deno.test("a server that never answered gets a hint, once", () => {
  const down = { ...DOWN, from: "unknown", heard: false, lastedMs: 3000 } as const;
  const silent: ClientEvent = {
    type: "summary",
    ...SUMMARY,
    verdict: "never_answered",
    state: "down",
  };
  const hint = "Is the server running there? Is a firewall between?";
  const lines = [
    clientLine(down, TARGET, VIEW, WALL_MS)!,
    clientLine(silent, TARGET, VIEW, WALL_MS)!,
  ];
  assertStringIncludes(
    lines[0]!,
    "Server is assumed to have stopped after 3 consecutive timeouts. [2026-11-23 02:56:49 UTC]",
  );
  assertEquals(lines.map((line) => line.includes(hint)), [true, false]);
  const unreachable = { count: 3, reason: "No route to host" };
  assertEquals(
    clientLine({ ...down, unreachable }, TARGET, VIEW, WALL_MS)!.split("\n")[1],
    "3 heartbeats could not be sent to the host: No route to host. They count as lost.",
  );
  const measured = clientLine({ ...silent, state: "unknown" }, TARGET, VIEW, WALL_MS)!;
  assertStringIncludes(measured, hint);
  const hints = [
    [down, "Does it want a key (--key-file), or leave this network out (--allow)?"],
    [
      { ...down, elsewhere: { hostname: "192.0.2.9", port: 12000 } },
      "answers from 192.0.2.9:12000",
    ],
    // Of one that was heard, only a clue is worth a line.
    [{ ...down, heard: true, unauthentic: 1 }, "answers, but not with this key"],
    [{ ...down, keyed: true }, "Has it the same key, and a clock within 60 s of this one?"],
    [{ ...down, keyed: true, unauthentic: 3 }, "answers, but not with this key"],
  ] as const;
  for (const [event, text] of hints) {
    assertStringIncludes(clientLine(event, TARGET, VIEW, WALL_MS)!, text);
  }
  assertEquals(clientLine({ ...down, heard: true }, TARGET, VIEW, WALL_MS)!.split("\n").length, 1);
  assertStringIncludes(
    clientLine({ ...silent, unauthentic: 3 }, TARGET, VIEW, WALL_MS)!,
    "Verdict: the server never answered with this key.",
  );
});

Deno.test("a report and the summary have lines of their own", () => {
  const report = { type: "report", windowMs: 2000, window: SUMMARY, whole: SUMMARY } as const;
  assertEquals(
    clientLine(report, TARGET, VIEW, WALL_MS),
    reportLines(report, SERVER, VIEW.palette),
  );
  assertEquals(
    clientLine({ type: "summary", ...SUMMARY }, TARGET, VIEW, WALL_MS),
    summaryLines(SUMMARY, SERVER, VIEW),
  );
});

Deno.test("a server that was never heard is told as answering, if it was told as unknown", () => {
  const state = { ...DOWN, from: "unknown", to: "up", heard: true } as const;
  const line = (event: ClientEvent) => clientLine(event, TARGET, VIEW, WALL_MS);
  assertEquals(line({ ...state, reason: "answered", reasonBefore: "not_heard" }), undefined);
  assertStringIncludes(
    line({ ...state, reason: "answered", reasonBefore: "unsent", lastKnown: undefined })!,
    "Server is answering. [",
  );
  // That heartbeats leave again shows in their own lines.
  const back = { ...state, to: "unknown", reason: "not_heard", reasonBefore: "unsent" } as const;
  assertEquals(line(back), undefined);
});
