import { assertEquals } from "@std/assert";
import { ConsecutiveLosses } from "../../lib/detect/consecutive_losses.ts";

const ruleOf = (limit: number, recover = 1) =>
  new ConsecutiveLosses({ limit: () => limit, recover });

Deno.test("a server that was never heard is unknown until it is assumed to have stopped", () => {
  const losses = ruleOf(3);
  assertEquals(losses.state, "unknown");
  losses.giveUp(1);
  losses.giveUp(2);
  assertEquals([losses.state, losses.count, losses.heard], ["unknown", 2, false]);
  losses.giveUp(3);
  assertEquals([losses.state, losses.count], ["down", 3]);
});

Deno.test("a server goes from up over suspect to down, and up again with a newer reply", () => {
  const losses = ruleOf(3);
  losses.answered(1);
  assertEquals(losses.state, "up");
  losses.giveUp(2);
  assertEquals(losses.state, "suspect");
  losses.giveUp(3);
  losses.giveUp(4);
  assertEquals(losses.state, "down");
  losses.answered(5);
  assertEquals([losses.state, losses.count], ["up", 0]);
});

Deno.test("a late reply clears the losses before it, and none after it", () => {
  const losses = ruleOf(5);
  losses.answered(1);
  for (const seq of [2, 3, 4]) losses.giveUp(seq);
  losses.answered(3);
  assertEquals([losses.state, losses.count], ["suspect", 1]);
  losses.answered(2);
  assertEquals([losses.state, losses.count], ["suspect", 1]);
  losses.answered(4);
  assertEquals([losses.state, losses.count], ["up", 0]);
});

Deno.test("a server that had stopped is up after the replies in a row that were asked for, with no loss between", () => {
  const losses = ruleOf(3, 2);
  for (const seq of [1, 2, 3]) losses.giveUp(seq);
  losses.answered(4);
  assertEquals(losses.state, "down");
  losses.giveUp(5);
  losses.answered(6);
  assertEquals(losses.state, "down");
  losses.answered(7);
  assertEquals(losses.state, "up");
});

Deno.test("losses that are this machine's fault don't count, and the others beside them do", () => {
  const losses = ruleOf(3);
  losses.answered(1);
  losses.giveUp(2);
  losses.excuse(3);
  losses.excuse(4);
  losses.giveUp(5);
  losses.excuse(6);
  assertEquals([losses.count, losses.state, losses.decidedUpTo], [2, "suspect", 6]);
  losses.answered(3);
  assertEquals(losses.count, 1);
  losses.giveUp(7);
  losses.giveUp(8);
  assertEquals([losses.count, losses.state], [3, "down"]);
});

Deno.test("an outage of this machine's own is remembered in little room", () => {
  const losses = ruleOf(3);
  for (let seq = 1; seq <= 1_000_000; seq++) losses.excuse(seq);
  assertEquals([losses.count, losses.state], [0, "unknown"]);
  for (let seq = 1_000_001; seq <= 1_000_003; seq++) losses.giveUp(seq);
  assertEquals([losses.count, losses.state], [3, "down"]);
});

Deno.test("a loss older than the newest answer does not count", () => {
  const losses = ruleOf(1);
  losses.answered(5);
  losses.giveUp(3);
  assertEquals([losses.state, losses.count], ["up", 0]);
});

Deno.test("a limit of 0 never gives the server up", () => {
  const losses = ruleOf(0);
  for (let seq = 1; seq <= 1000; seq++) losses.giveUp(seq);
  assertEquals([losses.state, losses.count], ["unknown", 1000]);
  losses.answered(1);
  assertEquals(losses.state, "suspect");
});
