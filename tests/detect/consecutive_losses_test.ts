import { assertEquals } from "@std/assert";
import { ConsecutiveLosses } from "../../lib/detect/consecutive_losses.ts";

/** Judges after each loss, as the monitor does but for its last heartbeats. */
class Rule extends ConsecutiveLosses {
  override giveUp(seq: number): void {
    super.giveUp(seq);
    this.judge();
  }
}

const ruleOf = (limit: number, recover = 1) => new Rule({ limit: () => limit, recover });

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

Deno.test("however many excused stretches there are, no heartbeat of theirs counts as a loss", () => {
  const rule = ruleOf(1000);
  rule.answered(1);
  let losses = 0;
  for (let seq = 2; seq <= 801; seq++) {
    if (seq % 2 === 0) {
      rule.excuse(seq);
    } else {
      rule.giveUp(seq);
      losses++;
    }
    assertEquals(rule.count, losses);
  }
  assertEquals(rule.state, "suspect");
  // A reply to one of the newest stretches leaves those after it.
  rule.answered(799);
  assertEquals([rule.count, rule.state], [1, "suspect"]);
  rule.answered(801);
  assertEquals([rule.count, rule.state], [0, "up"]);
});

Deno.test("as many excused heartbeats in a row as the rule asks for make the state unknown", () => {
  for (const [limit, most] of [[3, 3], [1, 1], [0, 3], [10, 10]] as const) {
    const rule = ruleOf(limit);
    rule.answered(1);
    for (let seq = 2; seq <= most; seq++) rule.excuse(seq);
    assertEquals([rule.state, rule.blind, rule.excusedInARow], ["up", false, most - 1]);
    rule.excuse(most + 1);
    assertEquals([rule.state, rule.blind, rule.excusedInARow], ["unknown", true, most]);
    // A late reply to an older heartbeat tells nothing of the time since.
    rule.answered(1);
    assertEquals(rule.state, "unknown");
    rule.answered(most + 2);
    assertEquals([rule.state, rule.excusedInARow], ["up", 0]);
  }
});

Deno.test("a server is given up only when it is judged, and not while nothing is known", () => {
  const rule = new ConsecutiveLosses({ limit: () => 3, recover: 1 });
  rule.answered(1);
  for (const seq of [2, 3, 4]) rule.giveUp(seq);
  assertEquals(rule.state, "suspect");
  rule.excuse(5);
  rule.judge();
  assertEquals(rule.state, "down");
  const blind = new ConsecutiveLosses({ limit: () => 3, recover: 1 });
  for (const seq of [1, 2, 3]) blind.giveUp(seq);
  for (const seq of [4, 5, 6]) blind.excuse(seq);
  blind.judge();
  assertEquals([blind.state, blind.stopped], ["unknown", false]);
});
