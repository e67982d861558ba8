import { assertEquals } from "@std/assert";
import { ConsecutiveLosses } from "../../lib/detect/consecutive_losses.ts";

Deno.test("a server that was never heard is unknown until it is assumed to have stopped", () => {
  const losses = new ConsecutiveLosses(3);
  assertEquals(losses.state, "unknown");
  losses.timedOut(1);
  losses.timedOut(2);
  assertEquals([losses.state, losses.count, losses.heard], ["unknown", 2, false]);
  losses.timedOut(3);
  assertEquals([losses.state, losses.count], ["down", 3]);
});

Deno.test("a server goes from up over suspect to down, and up again with a newer reply", () => {
  const losses = new ConsecutiveLosses(3);
  losses.answered(1);
  assertEquals(losses.state, "up");
  losses.timedOut(2);
  assertEquals(losses.state, "suspect");
  losses.timedOut(3);
  losses.timedOut(4);
  assertEquals(losses.state, "down");
  losses.answered(5);
  assertEquals([losses.state, losses.count], ["up", 0]);
});

Deno.test("a late reply clears the losses before it, and none after it", () => {
  const losses = new ConsecutiveLosses(3);
  losses.answered(1);
  for (const seq of [2, 3, 4]) losses.timedOut(seq);
  losses.answered(3);
  assertEquals([losses.state, losses.count], ["suspect", 1]);
  losses.answered(2);
  assertEquals([losses.state, losses.count], ["suspect", 1]);
  losses.answered(4);
  assertEquals([losses.state, losses.count], ["up", 0]);
});

Deno.test("a loss older than the newest answer does not count", () => {
  const losses = new ConsecutiveLosses(1);
  losses.answered(5);
  losses.timedOut(3);
  assertEquals([losses.state, losses.count], ["up", 0]);
});

Deno.test("a limit of 0 never gives the server up", () => {
  const losses = new ConsecutiveLosses(0);
  for (let seq = 1; seq <= 1000; seq++) losses.timedOut(seq);
  assertEquals([losses.state, losses.count], ["unknown", 1000]);
  losses.answered(1);
  assertEquals(losses.state, "suspect");
});
