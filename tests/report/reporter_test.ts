import { assertEquals } from "@std/assert";
import { MAX_LINES_PER_SECOND } from "../../lib/report/line_limit.ts";
import { CLIENT_LIMITED } from "../../lib/report/client_lines.ts";
import { Reporter } from "../../lib/report/reporter.ts";
import { SERVER_LIMITED } from "../../lib/report/server_report.ts";

interface Event {
  readonly type: "stranger" | "detail" | "summary";
}

const at = (monotonicMs: number) => ({ monotonicMs, wallMs: 0 });

function reporterHiding(...hidden: Event["type"][]) {
  return new Reporter<Event>({
    write: (event) => event.type === "held_back" ? `held back ${event.lines}` : event.type,
    hidden: new Set(hidden),
    limited: new Set<Event["type"]>(["stranger"]),
  });
}

Deno.test("a reporter leaves out what is hidden", () => {
  const reporter = reporterHiding("detail");
  assertEquals(reporter.lines({ type: "detail" }, at(0)), []);
  assertEquals(reporter.lines({ type: "summary" }, at(0)), ["summary"]);
});

Deno.test("a reporter writes ten lines a second of what strangers cause, then a total", () => {
  const reporter = reporterHiding();
  let written = 0;
  for (let i = 0; i < 1000; i++) written += reporter.lines({ type: "stranger" }, at(i / 2)).length;
  assertEquals(written, MAX_LINES_PER_SECOND);
  assertEquals(reporter.lines({ type: "detail" }, at(999)), ["detail"]);
  assertEquals(reporter.lines({ type: "detail" }, at(1000)), ["held back 990", "detail"]);
  assertEquals(reporter.lines({ type: "detail" }, at(1001)), ["detail"]);
});

Deno.test("a flood that goes on is told second by second", () => {
  const reporter = reporterHiding();
  const lines: string[] = [];
  for (let ms = 0; ms < 3000; ms++) lines.push(...reporter.lines({ type: "stranger" }, at(ms)));
  assertEquals(lines.filter((line) => line === "stranger").length, 3 * MAX_LINES_PER_SECOND);
  assertEquals(lines.filter((line) => line === "held back 990").length, 2);
});

Deno.test("what strangers cause of one kind hides nothing of another", () => {
  const reporter = new Reporter<{ type: "garbage" | "news" }>({
    write: (event) => event.type,
    hidden: new Set(),
    limited: new Set(["garbage", "news"] as const),
  });
  for (let i = 0; i < 100; i++) reporter.lines({ type: "garbage" }, at(i));
  assertEquals(reporter.lines({ type: "news" }, at(100)), ["news"]);
});

Deno.test("the summary is preceded by what was held back, however recently", () => {
  const reporter = reporterHiding();
  for (let i = 0; i < 12; i++) reporter.lines({ type: "stranger" }, at(0));
  assertEquals(reporter.lines({ type: "summary" }, at(1)), ["held back 2", "summary"]);
});

Deno.test("all that strangers can cause is limited: of client and server alike", () => {
  assertEquals([...CLIENT_LIMITED].sort(), ["duplicate", "receive_failed", "unexpected"]);
  assertEquals([...SERVER_LIMITED].sort(), [
    "client_state",
    "malformed",
    "receive_failed",
    "send_failed",
  ]);
});
