import { assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { DueQueue } from "../../lib/tables/due_queue.ts";

Deno.test("the event queue gives values back by time, and equal times in the order of adding", () => {
  const random = seededRandom(1);
  const queue = new DueQueue<{ atMs: number; order: number }>();
  const added: { atMs: number; order: number }[] = [];
  const taken: { atMs: number; order: number }[] = [];
  for (let order = 0; order < 5000; order++) {
    const value = { atMs: Math.floor(random() * 500), order };
    added.push(value);
    queue.add(value.atMs, value);
  }
  while (queue.nextAtMs < Infinity) {
    const { nextAtMs } = queue;
    const value = queue.take()!;
    assertEquals(value.atMs, nextAtMs);
    taken.push(value);
  }
  assertEquals(taken, added.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order));
  assertEquals([queue.take(), queue.nextAtMs], [undefined, Infinity]);
});
