import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { HullLine, type Line, MAX_CORNERS } from "../../lib/measure/hull_line.ts";

type Points = [number, number][];

function lineOf(points: Points): Line | undefined {
  const hull = new HullLine();
  for (const [x, y] of points) hull.add(x, y);
  return hull.line();
}

Deno.test("a line needs two points", () => {
  assertEquals(lineOf([]), undefined);
  assertEquals(lineOf([[1, 1]]), undefined);
  assertEquals(lineOf([[1, 1], [1, 0]]), undefined);
  assertEquals(lineOf([[1, 1], [3, 5]]), { slope: 2, intercept: -1 });
});

Deno.test("the line lies below all points and closer to them than any other such line", () => {
  const random = seededRandom(1);
  for (let round = 0; round < 200; round++) {
    const points: Points = Array.from({ length: 40 }, (_, i) => [i + random(), random() * 10]);
    const { slope, intercept } = lineOf(points)!;
    const sum = (line: Line) =>
      points.reduce((s, [x, y]) => s + y - line.slope * x - line.intercept, 0);
    for (const [x, y] of points) assert(slope * x + intercept <= y + 1e-9);
    // Slow: the best of all lines through two points that have no point below them.
    let best = Infinity;
    for (const [i, [ax, ay]] of points.entries()) {
      for (const [bx, by] of points.slice(i + 1)) {
        const line = { slope: (by - ay) / (bx - ax), intercept: ay - (by - ay) / (bx - ax) * ax };
        const below = points.every(([x, y]) => line.slope * x + line.intercept <= y + 1e-9);
        if (below) best = Math.min(best, sum(line));
      }
    }
    assertAlmostEquals(sum({ slope, intercept }), best, 1e-6);
  }
});

Deno.test("a cloud that is all corners keeps its memory bounded, and its line roughly right", () => {
  const points: Points = Array.from({ length: 10 * MAX_CORNERS }, (_, i) => [i, (i - 5000) ** 2]);
  const { slope } = lineOf(points)!;
  const meanX = points.length / 2;
  assertAlmostEquals(slope, 2 * (meanX - 5000), 40);
});
