import { assertEquals, assertStringIncludes } from "@std/assert";
import { verdictWorth } from "../../lib/detect/verdict_worth.ts";
import { clientLine } from "../../lib/report/client_lines.ts";
import { verdictWorthLines } from "../../lib/report/verdict_worth_lines.ts";
import { DOWN, SUMMARY, TARGET, VIEW, WALL_MS } from "./client_samples.ts";

const WORTH = verdictWorth(
  { limit: 3, newer: 0, rates: { afterReply: 0.3, afterLoss: 0.3 } },
  100,
  1e-4,
);
const RULE =
  "Worth: 3 losses in a row - with a loss of about 30% after a reply and 30% after a loss, " +
  "loss alone does that once in 53 heartbeats, in 86 of 100 runs like this one.";

Deno.test("a verdict says what it is worth", () => {
  const lines = clientLine({ ...DOWN, worth: WORTH }, TARGET, VIEW, WALL_MS)!.split("\n");
  assertEquals(lines, [
    "Server is assumed to have stopped after 3 consecutive timeouts. [2026-11-23 02:56:49 UTC]",
    RULE,
    "The server has really stopped with a probability of 0.512%, if servers stop once in 10,000 " +
    "heartbeats; --max-losses 8 would be right.",
  ]);
  assertEquals(verdictWorthLines(WORTH, "down"), lines.slice(1));
});

Deno.test("the summary of a run that ended alive says what the rule is worth", () => {
  const summary = { type: "summary", ...SUMMARY, worth: WORTH } as const;
  const alive = clientLine(summary, TARGET, VIEW, WALL_MS)!.split("\n");
  assertEquals(alive.slice(-3, -1), [
    RULE,
    "For as few false alarms as wanted, --max-losses 8 would be right.",
  ]);
});

Deno.test("a verdict says how many newer heartbeats went unanswered, too", () => {
  const line = (newer: number) => verdictWorthLines({ ...WORTH, newer }, "down")[0]!;
  assertStringIncludes(
    line(9),
    "Worth: 3 losses in a row, and no reply to the 9 newer ones by then - with a loss of about",
  );
  assertStringIncludes(line(1), "in a row, and no reply to the newer one by then - with");
});

Deno.test("a rule that loss alone never fires says so, and one that nothing mends, too", () => {
  const lines = (worth: Partial<typeof WORTH>) =>
    verdictWorthLines({ ...WORTH, ...worth }, "alive").join("\n");
  assertStringIncludes(lines({ everyHeartbeats: Infinity }), "loss alone never does that.");
  assertStringIncludes(lines({ everyHeartbeats: 2e12 }), "loss alone never does that.");
  assertStringIncludes(lines({ rightLimit: undefined }), "no --max-losses would be right.");
});
