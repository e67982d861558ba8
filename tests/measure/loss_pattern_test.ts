import { assertAlmostEquals, assertEquals } from "@std/assert";
import { gilbertLoss } from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";
import { LossPattern, WORST_RUNS } from "../../lib/measure/loss_pattern.ts";

/** Takes fates as a picture: x is a loss, a dot a reply; numbers start at 1. */
function patternOf(picture: string): LossPattern {
  const pattern = new LossPattern();
  for (const [i, fate] of [...picture].entries()) pattern.add(i + 1, fate === "x", i * 10);
  return pattern;
}

Deno.test("loss distances and periods follow the definitions of RFC 3357, worked by hand", () => {
  // Losses at 3, 5, 8, 9, 10 and 15 of 16: distances 2, 3, 1, 1, 5; periods of 1, 1, 3 and 1; gaps
  // 1, 2, 4.
  const { lost, runs, meanRun, longestRun, worstRuns, meanLossDistance, meanGap } = patternOf(
    "..x.x..xxx....x.",
  ).figures();
  assertEquals([lost, runs, meanRun, longestRun], [6, 4, 1.5, 3]);
  assertEquals(worstRuns, [
    { firstSeq: 8, sentAtMs: 70, length: 3 },
    { firstSeq: 3, sentAtMs: 20, length: 1 },
    { firstSeq: 5, sentAtMs: 40, length: 1 },
  ]);
  assertEquals(meanLossDistance, 12 / 5);
  assertEquals(meanGap, 7 / 3);
});

Deno.test("without losses, and without heartbeats, figures that can't be known are undefined", () => {
  const none = patternOf("").figures();
  assertEquals([none.lossAfterReply, none.lossAfterLoss, none.meanRun], [
    undefined,
    undefined,
    undefined,
  ]);
  const good = patternOf("....").figures();
  assertEquals([good.lossAfterReply, good.lossAfterLoss, good.meanLossDistance], [
    0,
    undefined,
    undefined,
  ]);
});

Deno.test("a run that is still going on counts as long as it is", () => {
  const { runs, longestRun, meanRun } = patternOf(".xxx").figures();
  assertEquals([runs, longestRun, meanRun], [1, 3, 3]);
});

Deno.test("the pattern equals a slow count over the whole history", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const lose = gilbertLoss(0.3, 1 + seed % 5, seededRandom(seed));
    const picture = Array.from({ length: 300 }, () => lose() ? "x" : ".").join("");
    const figures = patternOf(picture).figures();
    const runs = [...picture.matchAll(/x+/g)];
    const gaps = [...picture.matchAll(/(?<=x)\.+(?=x)/g)].map(([gap]) => gap.length);
    const places = [...picture.matchAll(/x/g)].map(({ index }) => index);
    const distances = places.slice(1).map((place, i) => place - places[i]!);
    const pairs = (pair: string) =>
      [...picture].filter((_, i) => picture.startsWith(pair, i)).length;
    const mean = (values: number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    assertEquals(figures.lost, places.length);
    assertEquals(figures.runs, runs.length);
    assertEquals(figures.longestRun, Math.max(...runs.map(([run]) => run.length)));
    assertEquals(
      figures.worstRuns,
      runs.map(({ 0: run, index }) => ({
        firstSeq: index + 1,
        sentAtMs: index * 10,
        length: run.length,
      }))
        .sort((a, b) => b.length - a.length).slice(0, WORST_RUNS),
    );
    assertAlmostEquals(figures.meanGap!, mean(gaps), 1e-9);
    assertAlmostEquals(figures.meanLossDistance!, mean(distances), 1e-9);
    assertAlmostEquals(figures.lossAfterLoss!, pairs("xx") / (pairs("xx") + pairs("x.")), 1e-12);
    assertAlmostEquals(figures.lossAfterReply!, pairs(".x") / (pairs(".x") + pairs("..")), 1e-12);
  }
});
