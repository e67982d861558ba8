import { assertEquals } from "@std/assert";
import { LossDirection } from "../../lib/measure/loss_direction.ts";

const settled = (lost: number, late = 0) => ({ lost, late, waitingUpTo: () => 0 });

Deno.test("without a count from the server the direction is not known", () => {
  assertEquals(new LossDirection().figures(settled(3)), undefined);
});

Deno.test("what the server misses was lost on the way there, what we miss of the rest on the way back", () => {
  const direction = new LossDirection();
  // Ten were sent; the server accepted 1, 2, 4, 6, 7, 9; the answers to 2 and 6 were lost, 10 is
  // not known of.
  direction.add({ received: 1, first: 1, highest: 1 });
  direction.add({ received: 3, first: 1, highest: 4 });
  direction.add({ received: 5, first: 1, highest: 7 });
  direction.add({ received: 6, first: 1, highest: 9 });
  assertEquals(direction.figures(settled(6)), { up: 3, down: 2, late: 0, unknown: 1 });
});

Deno.test("heartbeats before the first that the server accepted were lost on the way there", () => {
  const direction = new LossDirection();
  direction.add({ received: 1, first: 4, highest: 4 });
  assertEquals(direction.figures(settled(3)), { up: 3, down: 0, late: 0, unknown: 0 });
});

Deno.test("a late answer was lost on neither way", () => {
  const direction = new LossDirection();
  direction.add({ received: 2, first: 1, highest: 2 });
  direction.add({ received: 1, first: 1, highest: 1 });
  assertEquals(direction.figures(settled(1, 1)), { up: 0, down: 0, late: 1, unknown: 0 });
});

Deno.test("a server that restarts begins a new stretch, and what lies between is unknown", () => {
  const direction = new LossDirection();
  direction.add({ received: 5, first: 1, highest: 5 });
  direction.add({ received: 1, first: 9, highest: 9 });
  direction.add({ received: 2, first: 9, highest: 11 });
  // 1..5 has three answers lost on the way back, 6..8 nobody knows of, 10 never got there.
  assertEquals(direction.figures(settled(8)), { up: 1, down: 4, late: 0, unknown: 3 });
});

Deno.test("an answer from before a restart that comes after it changes no count", () => {
  const direction = new LossDirection();
  direction.add({ received: 3, first: 1, highest: 3 });
  direction.add({ received: 1, first: 9, highest: 9 });
  direction.add({ received: 2, first: 1, highest: 2 });
  direction.add({ received: 1, first: 1, highest: 1 });
  assertEquals(direction.figures(settled(5)), { up: 0, down: 0, late: 0, unknown: 5 });
});

Deno.test("what is still waiting is not blamed on either way", () => {
  const direction = new LossDirection();
  direction.add({ received: 3, first: 1, highest: 6 });
  const own = { lost: 2, late: 0, waitingUpTo: (seq: number) => Math.max(0, Math.min(seq, 5) - 2) };
  // Of 1..6 three did not get there and two answers are missing; three of the five may yet come.
  assertEquals(direction.figures(own), { up: 0, down: 0, late: 0, unknown: 2 });
});

Deno.test("counts that are wrong never make more losses than there are", () => {
  const direction = new LossDirection();
  direction.add({ received: 1, first: 1, highest: 1_000_000 });
  direction.add({ received: 900_000, first: 1, highest: 1_000_000 });
  assertEquals(direction.figures(settled(4, 1)), { up: 3, down: 0, late: 1, unknown: 0 });
});
