import { assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { SequenceTally, TALLY_WINDOW } from "../../lib/measure/sequence_tally.ts";

function tallyOf(seqs: Iterable<number>): SequenceTally {
  const tally = new SequenceTally();
  for (const seq of seqs) tally.add(seq);
  return tally;
}

const figures = ({ first, highest, different, copies, reordered, missing }: SequenceTally) => [
  first,
  highest,
  different,
  copies,
  reordered,
  missing,
];

Deno.test("a tally tells different numbers from copies, gaps and what comes out of order", () => {
  assertEquals(figures(tallyOf([])), [undefined, 0, 0, 0, 0, 0]);
  assertEquals(figures(tallyOf([1, 2, 3])), [1, 3, 3, 0, 0, 0]);
  assertEquals(figures(tallyOf([5, 7, 7, 6, 9, 5])), [5, 9, 4, 2, 1, 1]);
  assertEquals(figures(tallyOf([2, 1])), [1, 2, 2, 0, 1, 0]);
  assertEquals(figures(tallyOf([0, Number.MAX_SAFE_INTEGER])).slice(0, 3), [
    0,
    Number.MAX_SAFE_INTEGER,
    2,
  ]);
});

Deno.test("a tally counts no number twice, however late its copy comes", () => {
  const tally = tallyOf(Array.from({ length: 3 * TALLY_WINDOW }, (_, i) => i + 1));
  for (const seq of [1, TALLY_WINDOW, 2 * TALLY_WINDOW + 1, 3 * TALLY_WINDOW]) {
    assertEquals(tally.add(seq), false);
  }
  assertEquals([tally.different, tally.copies, tally.missing], [3 * TALLY_WINDOW, 4, 0]);
});

Deno.test("a tally equals a slow count with a set", () => {
  const random = seededRandom(1);
  for (let round = 0; round < 50; round++) {
    const tally = new SequenceTally();
    const seen = new Set<number>();
    let copies = 0;
    let highest = -1;
    let reordered = 0;
    for (let i = 0; i < 2000; i++) {
      const seq = 1000 + i + Math.floor(random() * 300) - 150;
      assertEquals(tally.add(seq), !seen.has(seq));
      if (seen.has(seq)) copies++;
      else if (seq < highest) reordered++;
      seen.add(seq);
      highest = Math.max(highest, seq);
    }
    const first = Math.min(...seen);
    assertEquals(figures(tally), [
      first,
      highest,
      seen.size,
      copies,
      reordered,
      highest - first + 1 - seen.size,
    ]);
  }
});
