import { assertEquals } from "@std/assert";
import { PLAIN } from "../../lib/report/palette.ts";
import { Marks } from "../../lib/views/marks.ts";

Deno.test("each heartbeat has a mark: a bar by its round trip, a cross for a loss", () => {
  const marks = new Marks(1);
  for (let seq = 1; seq <= 6; seq++) marks.sent(seq);
  marks.answered(1, 1);
  marks.answered(2, 5);
  marks.lost(3, false);
  marks.lost(4, true);
  marks.answered(5, 9);
  assertEquals(marks.text(20, PLAIN), "▁▅×?█·");
  assertEquals(marks.text(3, PLAIN), "?▁·");
  assertEquals(marks.figures(20), { answered: 3, lost: 1, rttsMs: [1, 5, 9] });
});

Deno.test("what arrives out of order finds its place", () => {
  const marks = new Marks(1);
  for (let seq = 1; seq <= 3; seq++) marks.sent(seq);
  marks.answered(3, 1);
  marks.lost(1, false);
  marks.answered(2, 1);
  assertEquals(marks.text(10, PLAIN), "×▁▁");
});

Deno.test("many heartbeats share a mark, which has the longest round trip", () => {
  const marks = new Marks(10);
  for (let seq = 1; seq <= 20; seq++) {
    marks.sent(seq);
    if (seq === 5) marks.lost(seq, false);
    else marks.answered(seq, seq);
  }
  assertEquals(marks.text(10, PLAIN), "▁█");
  assertEquals(marks.figures(10), { answered: 19, lost: 1, rttsMs: [10, 20] });
});

Deno.test("old marks are forgotten, and what comes for them is ignored", () => {
  const marks = new Marks(1);
  for (let seq = 1; seq <= 5000; seq++) {
    marks.sent(seq);
    marks.answered(seq, 1);
  }
  marks.lost(1, false);
  assertEquals(marks.text(2000, PLAIN).trimStart().length, 1000);
  assertEquals(marks.figures(5000), { answered: 1000, lost: 0, rttsMs: new Array(1000).fill(1) });
});
