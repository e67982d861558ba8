import { assertEquals } from "@std/assert";
import { LossDirection } from "../../lib/measure/loss_direction.ts";

const settled = (lost: number, late = 0) => ({
  lost,
  late,
  waitingUpTo: () => 0,
  unsentUpTo: () => 0,
});

Deno.test("without a count from the server the direction is not known", () => {
  assertEquals(new LossDirection().figures(settled(3)), undefined);
});

Deno.test("what the server misses was lost on the way there, what we miss of the rest on the way back", () => {
  const direction = new LossDirection();
  // Ten were sent; the server accepted 1, 2, 4, 6, 7, 9; the answers to 2 and 6 were lost, 10 is
  // not known of.
  direction.add(1, { received: 1, first: 1, highest: 1 });
  direction.add(4, { received: 3, first: 1, highest: 4 });
  direction.add(7, { received: 5, first: 1, highest: 7 });
  direction.add(9, { received: 6, first: 1, highest: 9 });
  assertEquals(direction.figures(settled(6)), { forward: 3, backward: 2, late: 0, unknown: 1 });
});

Deno.test("heartbeats before the first that the server accepted were lost on the way there", () => {
  const direction = new LossDirection();
  direction.add(4, { received: 1, first: 4, highest: 4 });
  assertEquals(direction.figures(settled(3)), { forward: 3, backward: 0, late: 0, unknown: 0 });
});

Deno.test("a late answer was lost on neither way", () => {
  const direction = new LossDirection();
  direction.add(2, { received: 2, first: 1, highest: 2 });
  direction.add(1, { received: 1, first: 1, highest: 1 });
  assertEquals(direction.figures(settled(1, 1)), { forward: 0, backward: 0, late: 1, unknown: 0 });
});

Deno.test("a server that restarts begins a new stretch, and what lies between is unknown", () => {
  const direction = new LossDirection();
  direction.add(5, { received: 5, first: 1, highest: 5 });
  direction.add(9, { received: 1, first: 9, highest: 9 });
  direction.add(11, { received: 2, first: 9, highest: 11 });
  // 1..5 has three answers lost on the way back, 6..8 nobody knows of, 10 never got there.
  assertEquals(direction.figures(settled(8)), { forward: 1, backward: 4, late: 0, unknown: 3 });
});

Deno.test("an answer from before a restart that comes after it changes no count", () => {
  const direction = new LossDirection();
  direction.add(3, { received: 3, first: 1, highest: 3 });
  direction.add(9, { received: 1, first: 9, highest: 9 });
  direction.add(2, { received: 2, first: 1, highest: 2 });
  direction.add(1, { received: 1, first: 1, highest: 1 });
  assertEquals(direction.figures(settled(5)), { forward: 0, backward: 0, late: 0, unknown: 5 });
});

Deno.test("what is still waiting is not blamed on either way", () => {
  const direction = new LossDirection();
  direction.add(6, { received: 3, first: 1, highest: 6 });
  const own = { ...settled(2, 0), waitingUpTo: (seq: number) => Math.max(0, Math.min(seq, 5) - 2) };
  // Of 1..6 three did not get there and two answers are missing; three of the five may yet come.
  assertEquals(direction.figures(own), { forward: 0, backward: 0, late: 0, unknown: 2 });
});

Deno.test("counts that are wrong never make more losses than there are", () => {
  const direction = new LossDirection();
  direction.add(1_000_000, { received: 1, first: 1, highest: 1_000_000 });
  direction.add(999_999, { received: 900_000, first: 1, highest: 1_000_000 });
  assertEquals(direction.figures(settled(4, 1)), { forward: 3, backward: 0, late: 1, unknown: 0 });
});

Deno.test("an answer without a count belongs to the stretch that a later count covers", () => {
  const direction = new LossDirection();
  // The server wasn't sure of heartbeat 1, and counted it when 2 came; 3 was lost on the way back.
  direction.addWithoutCount(1);
  direction.add(2, { received: 2, first: 1, highest: 2 });
  direction.add(4, { received: 4, first: 1, highest: 4 });
  assertEquals(direction.figures(settled(1)), { forward: 0, backward: 1, late: 0, unknown: 0 });
});

Deno.test("what a server that didn't count has answered was not lost on the way there", () => {
  const direction = new LossDirection();
  for (const seq of [1, 2, 4]) direction.addWithoutCount(seq);
  direction.add(6, { received: 1, first: 6, highest: 6 });
  assertEquals(direction.figures(settled(2)), { forward: 0, backward: 0, late: 0, unknown: 2 });
});

Deno.test("fewer received than told before, of more heartbeats, is a new stretch", () => {
  const direction = new LossDirection();
  direction.add(10, { received: 10, first: 1, highest: 10 });
  // The server began anew, and the first that it took was a copy of 10.
  direction.add(10, { received: 1, first: 10, highest: 10 });
  direction.add(12, { received: 2, first: 10, highest: 12 });
  // Of 1 to 9 eight answers were lost; of 11 and 12, 10 aside, one at the least got there.
  const { forward, backward } = direction.figures(settled(9))!;
  assertEquals([forward, backward], [0, 8]);
});

Deno.test("a server that has accepted fewer than it has answered is not believed", () => {
  const direction = new LossDirection();
  for (const seq of [1, 2, 3]) direction.add(seq, { received: 1, first: 1, highest: 10 });
  assertEquals(direction.figures(settled(7)), { forward: 0, backward: 0, late: 0, unknown: 7 });
});

Deno.test("what this machine could not send was lost on no way", () => {
  const direction = new LossDirection();
  direction.add(1, { received: 1, first: 1, highest: 1 });
  direction.add(10, { received: 4, first: 1, highest: 10 });
  // Of the six that the server misses up to 10, 3 to 6 never left; nor did 11, of which the server
  // knows nothing.
  const unsentUpTo = (seq: number) => seq >= 11 ? 5 : seq >= 10 ? 4 : 0;
  assertEquals(direction.figures({ ...settled(9), unsentUpTo }), {
    forward: 2,
    backward: 2,
    late: 0,
    unknown: 5,
  });
});
