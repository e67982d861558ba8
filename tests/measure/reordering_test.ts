import { assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { MAX_EXTENT, Reordering } from "../../lib/measure/reordering.ts";

function reorderingOf(seqs: Iterable<number>) {
  const reordering = new Reordering();
  for (const seq of seqs) reordering.add(seq);
  return reordering.figures();
}

Deno.test("reordering follows the definitions of RFC 4737, worked by hand", () => {
  assertEquals(reorderingOf([]), { arrived: 0, reordered: 0, ratio: undefined, maxExtent: 0 });
  assertEquals(reorderingOf([1, 2, 5, 9]).reordered, 0);
  // 4 comes after 5 and 6: it is reordered, two arrivals after 5.
  assertEquals(reorderingOf([1, 2, 3, 5, 6, 4, 7]), {
    arrived: 7,
    reordered: 1,
    ratio: 1 / 7,
    maxExtent: 2,
  });
  // 1 was overtaken by 2, 3 and 4: its extent is the distance to 2, the earliest.
  assertEquals(reorderingOf([2, 3, 4, 1]).maxExtent, 3);
});

Deno.test("reordering equals a slow count over the whole history", () => {
  const random = seededRandom(1);
  for (let round = 0; round < 100; round++) {
    const seqs = Array.from({ length: 200 }, (_, i) => ({ i, key: i + random() * 8 }))
      .sort((a, b) => a.key - b.key).map(({ i }) => i);
    let reordered = 0;
    let maxExtent = 0;
    for (const [place, seq] of seqs.entries()) {
      const overtaker = seqs.findIndex((other, before) => before < place && other > seq);
      if (overtaker === -1) continue;
      reordered++;
      maxExtent = Math.max(maxExtent, place - overtaker);
    }
    assertEquals(reorderingOf(seqs), {
      arrived: 200,
      reordered,
      ratio: reordered / 200,
      maxExtent,
    });
  }
});

Deno.test("extents are told up to a limit, however far back the overtaker is", () => {
  const seqs = Array.from({ length: 5000 }, (_, i) => i + 2);
  assertEquals(reorderingOf([...seqs, 1]).maxExtent, MAX_EXTENT);
});
