import { assert, assertEquals } from "@std/assert";
import { REORDER_DELAY_MS, replyLink } from "../../lib/impairment/reply_link.ts";

const NONE = { delayMs: 0, jitterMs: 0, duplicateShare: 0, reorderShare: 0 };

Deno.test("without any impairment there is no link, so that replies leave at once", () => {
  assertEquals(replyLink(NONE, 7), undefined);
});

Deno.test("one kind of impairment is enough for a link, and does nothing else", () => {
  assertEquals(replyLink({ ...NONE, delayMs: 20 }, 7)!.carry(5), [{ atMs: 25 }]);
  assertEquals(replyLink({ ...NONE, duplicateShare: 1 }, 7)!.carry(5), [{ atMs: 5 }, { atMs: 5 }]);
  assertEquals(replyLink({ ...NONE, reorderShare: 1 }, 7)!.carry(5), [
    { atMs: 5 + REORDER_DELAY_MS },
  ]);
  const [jittered] = replyLink({ ...NONE, jitterMs: 20 }, 7)!.carry(5);
  assert(jittered!.atMs > 5);
});

Deno.test("a seed repeats what happens to the replies, and another one changes it", () => {
  const fates = (seed: number) => {
    const link = replyLink(
      { delayMs: 10, jitterMs: 5, duplicateShare: 0.2, reorderShare: 0.1 },
      seed,
    )!;
    return Array.from({ length: 100 }, (_, i) => link.carry(i * 10));
  };
  assertEquals(fates(7), fates(7));
  assert(JSON.stringify(fates(7)) !== JSON.stringify(fates(8)));
});
