import { assertEquals } from "@std/assert";
import { Belief, type BeliefOptions } from "../../lib/monitor/belief.ts";
import { Ledger } from "../../lib/monitor/ledger.ts";

/**
 * A belief about a server that is sent a heartbeat each second, and given up or answered at will.
 */
function trial(options: Partial<BeliefOptions> = {}, remembered?: number) {
  const belief = new Belief({ maxLosses: 3, ...options });
  const ledger = new Ledger(remembered);
  let nowMs = 0;
  const send = () => ledger.send(nowMs += 1000);
  const update = () => belief.update(nowMs, 1000);
  return {
    belief,
    lose(excused = false) {
      const seq = send();
      if (excused) ledger.excuse(seq);
      ledger.lose(seq, "lost");
      belief.giveUp(seq, ledger.find(seq)!);
      if (!excused) belief.learn(true, false);
      return update();
    },
    answer() {
      const seq = send();
      ledger.receive(seq, { rttMs: 1, timeDifferenceS: 0 });
      belief.learn(false, false);
      belief.answered(seq, ledger);
      return update();
    },
  };
}

Deno.test("a server is up after its first reply, suspect after a loss, down at the limit", () => {
  const { belief, lose, answer } = trial();
  assertEquals([belief.state, belief.verdict], ["unknown", "never_answered"]);
  assertEquals(answer()?.to, "up");
  assertEquals(lose()?.to, "suspect");
  assertEquals(lose(), undefined);
  const down = lose()!;
  assertEquals([down.from, down.to, down.consecutive, down.lastedMs], ["suspect", "down", 3, 2000]);
  assertEquals([belief.state, belief.verdict, belief.outages], ["down", "stopped", 1]);
});

Deno.test("a server that was down is up after as many replies as asked for, with its outage's length", () => {
  const { lose, answer } = trial({ recover: 3 });
  answer();
  for (let i = 0; i < 3; i++) lose();
  assertEquals([answer(), answer()], [undefined, undefined]);
  const up = answer()!;
  // Lost were the heartbeats of 2 s to 4 s; answered before the one of 1 s, and again at 7 s.
  assertEquals([up.from, up.to, up.outageMs], ["down", "up", { low: 2000, high: 6000 }]);
});

Deno.test("an outage has its length even if its first losses are forgotten meanwhile", () => {
  const { lose, answer } = trial({ maxLosses: 200, recover: 1 }, 64);
  for (let i = 0; i < 10; i++) answer();
  for (let i = 0; i < 300; i++) lose();
  // Answered were the heartbeats of 10 s and 311 s, lost those of 11 s to 310 s.
  assertEquals(answer()?.outageMs, { low: 299_000, high: 301_000 });
});

Deno.test("an excused heartbeat neither counts as a loss nor ends a run of losses", () => {
  const { belief, lose, answer } = trial();
  answer();
  lose();
  lose(true);
  lose();
  assertEquals([belief.state, belief.consecutive], ["suspect", 2]);
  assertEquals(lose()?.to, "down");
});

Deno.test("heartbeats that could not be sent count until the next reply", () => {
  const { belief, lose, answer } = trial({ maxLosses: 1 });
  answer();
  belief.sendFailed();
  belief.sendFailed();
  assertEquals(lose()?.sendFailures, 2);
  answer();
  assertEquals(answer()?.sendFailures, 0);
});

Deno.test("only the adaptive rule learns its limit, and only a rule has a worth", () => {
  assertEquals(trial({ maxLosses: 5 }).belief.limit, 5);
  const { belief, answer } = trial({ maxLosses: "auto" });
  assertEquals(belief.limit, 15);
  for (let i = 0; i < 1000; i++) answer();
  assertEquals(belief.limit < 15, true);
  assertEquals(belief.worth(0, 100)?.limit, belief.limit);
  const measuring = trial({ maxLosses: 0 });
  for (let i = 0; i < 10; i++) measuring.answer();
  assertEquals([measuring.belief.limit, measuring.belief.worth(0, 100)], [0, undefined]);
});

Deno.test("the losses of a server that is down teach nothing", () => {
  const { belief, lose, answer } = trial();
  for (let i = 0; i < 10; i++) answer();
  for (let i = 0; i < 3; i++) lose();
  const before = belief.worth(0, 100);
  for (let i = 0; i < 50; i++) lose();
  assertEquals(belief.worth(0, 100), before);
});

Deno.test("an outage that replies end leaves no trace in the loss that was seen", () => {
  // The first three losses take the server down; the others come while it is down.
  for (const losses of [3, 53]) {
    const { belief, lose, answer } = trial();
    const steady = trial();
    for (let i = 0; i < 10; i++) [answer, steady.answer].forEach((settle) => settle());
    for (let i = 0; i < losses; i++) lose();
    for (let i = 0; i < 2; i++) [answer, steady.answer].forEach((settle) => settle());
    assertEquals([belief.state, belief.outages], ["up", 1]);
    assertEquals(belief.worth(0, 100), steady.belief.worth(0, 100), `${losses} losses`);
  }
});
