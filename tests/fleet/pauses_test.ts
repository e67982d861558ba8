import { assertEquals } from "@std/assert";
import { Pauses } from "../../lib/fleet/pauses.ts";

Deno.test("a loop that is late by more than 20 ms has paused, and the longest pause is kept", () => {
  const pauses = new Pauses();
  for (const lateMs of [-Infinity, -5, 0, 20, Infinity]) pauses.look(lateMs);
  assertEquals([pauses.count, pauses.longestMs], [0, 0]);
  for (const lateMs of [21, 300, 25]) pauses.look(lateMs);
  assertEquals([pauses.count, pauses.longestMs], [3, 300]);
});
