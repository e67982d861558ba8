import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { independentLoss } from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";
import { closingLines, type DemoSettings, openingLines } from "../../lib/tasks/demo_texts.ts";

const PLAIN: DemoSettings = { lossShare: 0.3, seed: 1, count: 100, maxLosses: 3, plain: true };
const opening = (changes: Partial<DemoSettings> = {}) =>
  openingLines({ ...PLAIN, ...changes }).join(" ");

Deno.test("the demo says what happens, and why with this seed", () => {
  assertEquals(openingLines(PLAIN), [
    "A server (S) drops 30% of heartbeats on purpose, drawn with seed 1, and a",
    "client (C) sends 100 heartbeats and counts the replies. It gives the server up",
    "after 3 losses in a row. With this seed no three in a row are dropped; with",
    "86% of all seeds three are, and the run ends early.",
  ]);
  const other = opening({ plain: false, lossShare: 0, count: 0, maxLosses: 0 });
  assertEquals(
    other,
    "A server (S) drops no heartbeats, and a client (C) sends heartbeats until Ctrl-C and counts " +
      "the replies. It only measures.",
  );
  assertStringIncludes(opening({ plain: false, count: 1, maxLosses: 1 }), "after 1 loss.");
});

Deno.test("what the demo says about seeds is true", () => {
  const longestRun = (seed: number) => {
    const lose = independentLoss(0.3, seededRandom(seed));
    let [run, longest] = [0, 0];
    for (let i = 0; i < 100; i++) {
      run = lose() ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  };
  assert(longestRun(1) < 3);
  let ended = 0;
  for (let seed = 0; seed < 20_000; seed++) if (longestRun(seed) >= 3) ended++;
  assertEquals(Math.round(ended / 200), 86);
});

Deno.test("the demo says what to try next, and what was true when the server was given up", () => {
  const [title, ...tries] = closingLines(PLAIN, false);
  assertEquals(title, "Try next:");
  assertEquals(tries.length, 4);
  assertEquals(closingLines({ ...PLAIN, plain: false, maxLosses: "auto" }, false).length, 3);
  const told = closingLines(PLAIN, true).join(" ");
  assertStringIncludes(told, "In truth the server was running to the end");
  for (const line of [...openingLines(PLAIN), ...closingLines(PLAIN, true)]) {
    assert(line.length <= 80, line);
  }
});
