import { assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { MAX_EXTENT, Reordering } from "../../lib/measure/reordering.ts";

function reorderingOf(seqs: Iterable<number>, remembered?: number) {
  const reordering = new Reordering(remembered);
  for (const seq of seqs) reordering.add(seq);
  return reordering.figures();
}

/** Numbers from 0 up in an order in which each may fall back by up to `spread` places. */
function shuffled(count: number, spread: number, loss: number, random: () => number): number[] {
  return Array.from({ length: count }, (_, i) => ({ i, key: i + random() * spread }))
    .filter(() => random() >= loss)
    .sort((a, b) => a.key - b.key).map(({ i }) => i);
}

/** The figures by their definitions: each arrival is compared with all before it. */
function slowReordering(seqs: readonly number[]) {
  let reordered = 0;
  let maxExtent = 0;
  for (const [place, seq] of seqs.entries()) {
    const overtaker = seqs.findIndex((other) => other >= seq);
    if (overtaker === place) continue;
    reordered++;
    maxExtent = Math.max(maxExtent, Math.min(MAX_EXTENT, place - overtaker));
  }
  const arrived = seqs.length;
  return { arrived, reordered, ratio: reordered / arrived, maxExtent };
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
    const seqs = shuffled(200, 8, 0, random);
    assertEquals(reorderingOf(seqs), slowReordering(seqs));
  }
});

Deno.test("reordering equals a slow count beside any loss, and up to the largest extent", () => {
  const random = seededRandom(2);
  for (const loss of [0.05, 0.5, 0.9]) {
    for (const spread of [1.5, 20, 300, 6000]) {
      const seqs = shuffled(6000, spread, loss, random);
      assertEquals(reorderingOf(seqs), slowReordering(seqs), `loss ${loss}, spread ${spread}`);
    }
  }
});

Deno.test("reordering is the same where old numbers are forgotten that never arrive", () => {
  const random = seededRandom(3);
  for (const remembered of [10, 64, 500]) {
    const newest = { seq: 0 };
    const seqs = shuffled(5000, 800, 0.3, random).filter((seq) => {
      newest.seq = Math.max(newest.seq, seq);
      return seq > newest.seq - remembered;
    });
    assertEquals(reorderingOf(seqs, remembered), slowReordering(seqs), `${remembered}`);
  }
});

Deno.test("extents are told up to a limit, however far back the overtaker is", () => {
  const seqs = Array.from({ length: 5000 }, (_, i) => i + 2);
  assertEquals(reorderingOf([...seqs, 1]).maxExtent, MAX_EXTENT);
  // The gap before 5,003 makes it forget the one before 2.
  assertEquals(reorderingOf([...seqs, 5003, 5004, 1]).maxExtent, MAX_EXTENT);
});
