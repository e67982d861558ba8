import { assertEquals } from "@std/assert";
import { MAX_LINES_PER_SECOND } from "../../lib/report/line_limit.ts";
import { Reporter } from "../../lib/report/reporter.ts";

interface Event {
  readonly type: "stranger" | "detail" | "summary";
}

const at = (monotonicMs: number) => ({ monotonicMs, wallMs: 0 });

const TRAITS = {
  stranger: { limited: true },
  detail: { detail: true },
  summary: { kept: true },
} as const;

/** Reports events, and returns the lines that are printed; "!" marks those that are kept. */
function reporter({ quiet = false } = {}) {
  const printed: string[] = [];
  const reporter = new Reporter<Event>({
    traits: TRAITS,
    quiet,
    write: (event) => event.type === "held_back" ? `held back ${event.lines}` : event.type,
    print: (line, kept) => printed.push(kept ? `${line}!` : line),
  });
  const linesAt = (type: Event["type"], atMs: number) => {
    reporter.report({ type }, at(atMs));
    return printed.splice(0);
  };
  return { linesAt };
}

Deno.test("a quiet reporter leaves out details", () => {
  const { linesAt } = reporter({ quiet: true });
  assertEquals(linesAt("detail", 0), []);
  assertEquals(linesAt("summary", 0), ["summary!"]);
});

Deno.test("a reporter writes ten lines a second of what strangers cause, then a total", () => {
  const { linesAt } = reporter();
  let written = 0;
  for (let i = 0; i < 1000; i++) written += linesAt("stranger", i / 2).length;
  assertEquals(written, MAX_LINES_PER_SECOND);
  assertEquals(linesAt("detail", 999), ["detail"]);
  assertEquals(linesAt("detail", 1000), ["held back 990", "detail"]);
  assertEquals(linesAt("detail", 1001), ["detail"]);
});

Deno.test("a flood that goes on is reported second by second", () => {
  const { linesAt } = reporter();
  const lines: string[] = [];
  for (let ms = 0; ms < 3000; ms++) lines.push(...linesAt("stranger", ms));
  assertEquals(lines.filter((line) => line === "stranger").length, 3 * MAX_LINES_PER_SECOND);
  assertEquals(lines.filter((line) => line === "held back 990").length, 2);
});

Deno.test("what strangers cause of one kind hides nothing of another", () => {
  const printed: string[] = [];
  const reporter = new Reporter<{ type: "garbage" | "news" }>({
    traits: { garbage: { limited: true }, news: { limited: true } },
    quiet: false,
    write: (event) => event.type,
    print: (line) => printed.push(line),
  });
  for (let i = 0; i < 100; i++) reporter.report({ type: "garbage" }, at(i));
  reporter.report({ type: "news" }, at(100));
  assertEquals(printed.at(-1), "news");
});

Deno.test("the summary is preceded by what was held back, however recently", () => {
  const { linesAt } = reporter();
  for (let i = 0; i < 12; i++) linesAt("stranger", 0);
  assertEquals(linesAt("summary", 1), ["held back 2!", "summary!"]);
});

Deno.test("a line is written with the moment of its event, to the microsecond", () => {
  const moments: number[] = [];
  const reporter = new Reporter<Event>({
    traits: TRAITS,
    quiet: false,
    write: (_event, now) => void moments.push(now.wallMs),
    print: () => {},
  });
  reporter.report({ type: "detail" }, { monotonicMs: 5, wallMs: 1_763_824_000_123.456 });
  assertEquals(moments, [1_763_824_000_123.456]);
});
