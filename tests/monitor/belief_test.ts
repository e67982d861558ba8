import { assertEquals } from "@std/assert";
import { Belief, type BeliefOptions } from "../../lib/monitor/belief.ts";
import { type Excuse, Ledger } from "../../lib/monitor/ledger.ts";

/**
 * A belief about a server that is sent a heartbeat each second, and given up or answered at will.
 */
function trial(options: Partial<BeliefOptions> = {}, remembered?: number, intervalMs = 1000) {
  const belief = new Belief({ maxLosses: 3, ...options });
  const ledger = new Ledger(remembered);
  const timeoutMs = 1000;
  let nowMs = 0;
  const send = () => ledger.send({ sentAtMs: nowMs += intervalMs, sleptMs: 0, missedMs: 0 });
  const update = () => belief.update({ nowMs, startedAtMs: 1000, wallMs: nowMs });
  return {
    belief,
    worth: () => belief.worth({ newer: 0, fewest: 0, heartbeats: 100 }),
    verdict: () => belief.figures(ledger, 1000, { atMs: nowMs, missedMs: 0 }).verdict,
    lose(excuse?: Excuse) {
      const seq = send();
      if (excuse !== undefined) ledger.excuse(seq, excuse);
      ledger.lose(seq, "lost");
      belief.giveUp(seq, ledger.find(seq)!);
      belief.judge({ atMs: nowMs + timeoutMs, missedMs: 0 });
      belief.settled(ledger.find(seq)!, true);
      if (excuse === undefined) belief.learn(ledger.find(seq)!, true);
      return update();
    },
    answer() {
      const seq = send();
      ledger.receive(seq, { rttMs: 1, timeDifferenceS: 0 });
      belief.settled(ledger.find(seq)!, false);
      belief.learn(ledger.find(seq)!, false);
      belief.answered(seq, ledger);
      return update();
    },
  };
}

Deno.test("a server is up after its first reply, suspect after a loss, down at the limit", () => {
  const { belief, verdict, lose, answer } = trial();
  // Nothing was asked.
  assertEquals([belief.state, verdict()], ["unknown", "unknown"]);
  assertEquals(answer()?.to, "up");
  assertEquals(lose()?.to, "suspect");
  assertEquals(lose(), undefined);
  const down = lose()!;
  assertEquals([down.from, down.to, down.consecutive, down.lastedMs], ["suspect", "down", 3, 2000]);
  assertEquals([belief.state, verdict(), belief.outages], ["down", "stopped", 1]);
});

Deno.test("a server that was down is up after as many replies as asked for, with its outage's length", () => {
  const { lose, answer } = trial({ recover: 3 });
  answer();
  for (let i = 0; i < 3; i++) lose();
  assertEquals([answer(), answer()], [undefined, undefined]);
  const up = answer()!;
  // Lost were the heartbeats of 2 s to 4 s; answered were those of 1 s and, as the first, of 5 s.
  assertEquals([up.from, up.to, up.outageMs], ["down", "up", { low: 2000, high: 4000 }]);
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
  lose("unsent");
  lose();
  assertEquals([belief.state, belief.consecutive], ["suspect", 2]);
  assertEquals(lose()?.to, "down");
});

Deno.test("as many excused heartbeats as the rule asks for leave the state unknown, with its reason", () => {
  for (const excuse of ["unsent", "asleep"] as const) {
    const { belief, verdict, lose, answer } = trial();
    answer();
    assertEquals([lose(excuse), lose(excuse), verdict()], [undefined, undefined, "alive"]);
    const unknown = lose(excuse)!;
    assertEquals([unknown.from, unknown.to, unknown.reason], ["up", "unknown", excuse]);
    assertEquals([unknown.lastKnown, unknown.excused, unknown.consecutive], ["up", 3, 0]);
    assertEquals([lose(excuse), verdict(), belief.outages], [undefined, "unknown", 0]);
    const up = answer()!;
    assertEquals([up.from, up.to, up.reason, up.outageMs], [
      "unknown",
      "up",
      "answered",
      undefined,
    ]);
    assertEquals(verdict(), "alive");
  }
});

Deno.test("an answered or a lost heartbeat begins the count of excused ones anew", () => {
  for (const between of ["answer", "lose"] as const) {
    const control = trial();
    control.answer();
    const states = [control.lose("unsent"), control.lose("unsent"), control[between]()];
    states.push(control.lose("unsent"), control.lose("unsent"));
    assertEquals(states.some((change) => change?.to === "unknown"), false, between);
    assertEquals(control.lose("unsent")?.to, "unknown", between);
  }
});

Deno.test("losses before and after excused heartbeats are one run, and make the server down", () => {
  const { lose, answer, verdict } = trial();
  answer();
  lose();
  lose();
  for (let i = 0; i < 3; i++) lose("unsent");
  const down = lose()!;
  assertEquals([down.from, down.to, down.consecutive], ["unknown", "down", 3]);
  assertEquals([down.lastKnown, verdict()], ["suspect", "stopped"]);
});

Deno.test("a server that was down before it was unknown comes back by way of its replies", () => {
  const { belief, lose, answer } = trial({ recover: 2 });
  answer();
  for (let i = 0; i < 3; i++) lose();
  for (let i = 0; i < 2; i++) lose("unsent");
  const unknown = lose("unsent")!;
  assertEquals([unknown.from, unknown.to, unknown.lastKnown], ["down", "unknown", "down"]);
  // Down again, once it can be asked, is the same outage.
  const down = lose()!;
  assertEquals([down.to, down.lastKnown, belief.outages], ["down", "down", 1]);
  for (let i = 0; i < 3; i++) lose("unsent");
  // The first reply doesn't bring it back yet, but it can be asked.
  const recovering = answer()!;
  assertEquals([recovering.to, recovering.reason, recovering.consecutive], ["down", "answered", 0]);
  const up = answer()!;
  // Lost were the heartbeats of 2 s to 4 s and of 8 s; answered those of 1 s and, as the first, of
  // 12 s.
  assertEquals([up.to, up.lastKnown, up.outageMs], ["up", "down", { low: 2000, high: 11_000 }]);
});

Deno.test("a server that was never heard is told as unknown when it can't be asked any more", () => {
  const { lose, answer, verdict } = trial();
  lose("unsent");
  assertEquals(verdict(), "unknown");
  lose("unsent");
  const change = lose("unsent")!;
  assertEquals([change.from, change.to, change.reason], ["unknown", "unknown", "unsent"]);
  const back = lose()!;
  assertEquals([back.to, back.reason, back.reasonBefore], ["unknown", "not_heard", "unsent"]);
  assertEquals([answer()?.to, verdict()], ["up", "alive"]);
});

Deno.test("the verdict is unknown only if the newest heartbeats, or all, could not be asked", () => {
  const verdictOf = (fates: string, maxLosses = 3) => {
    const { lose, answer, verdict } = trial({ maxLosses });
    for (const fate of fates) fate === "a" ? answer() : lose(fate === "u" ? "unsent" : undefined);
    return verdict();
  };
  const table: [string, string, number?][] = [
    ["u", "unknown"],
    ["uu", "unknown"],
    ["ll", "never_answered"],
    ["lu", "never_answered"],
    ["ul", "never_answered"],
    ["aauu", "alive"],
    ["aauuu", "unknown"],
    ["aauuul", "alive"],
    ["aauuua", "alive"],
    ["alll", "stopped"],
    ["alllu", "stopped"],
    ["allluuu", "unknown"],
    ["auu", "alive", 0],
    ["auuu", "unknown", 0],
    ["au", "unknown", 1],
  ];
  for (const [fates, verdict, maxLosses] of table) {
    assertEquals(verdictOf(fates, maxLosses), verdict, `${fates} ${maxLosses}`);
  }
});

Deno.test("only the adaptive rule learns its limit, and only a rule has a worth", () => {
  assertEquals(trial({ maxLosses: 5 }).belief.limit, 5);
  const { belief, answer, lose, worth } = trial({ maxLosses: "auto" });
  assertEquals(belief.limit, 15);
  for (let i = 0; i < 1000; i++) answer();
  assertEquals([belief.limit < 15, worth()], [true, undefined]);
  lose();
  answer();
  assertEquals(worth()?.limit, belief.limit);
  const measuring = trial({ maxLosses: 0 });
  for (let i = 0; i < 10; i++) measuring.answer();
  measuring.lose();
  measuring.answer();
  assertEquals([measuring.belief.limit, measuring.worth()], [0, undefined]);
});

Deno.test("the adaptive rule never fires before three seconds of silence", () => {
  const silenceMs = (intervalMs: number, options: Partial<BeliefOptions> = {}) => {
    const { answer, lose } = trial({ maxLosses: "auto", ...options }, undefined, intervalMs);
    for (let i = 0; i < 1000; i++) answer();
    for (let losses = 1; losses <= 10_000; losses++) {
      if (lose()?.to === "down") return losses * intervalMs + 1000;
    }
    return undefined;
  };
  // Each heartbeat is given up a second after it has left.
  assertEquals(silenceMs(10), 3000);
  assertEquals(silenceMs(100), 3000);
  assertEquals(silenceMs(10, { shortestSilenceMs: 0 })! < 1200, true);
  // At longer intervals the losses in a row decide.
  assertEquals(silenceMs(1000), silenceMs(1000, { shortestSilenceMs: 0 }));
  const unheard = trial({ maxLosses: "auto" }, undefined, 10);
  const changes = Array.from({ length: 201 }, () => unheard.lose()?.to);
  assertEquals(changes.indexOf("down"), 200);
});

Deno.test("a server that goes on being silent teaches nothing, nor does an outage", () => {
  const { belief, lose, answer, worth } = trial();
  const lossy = () => {
    for (let i = 0; i < 10; i++) answer();
    lose();
    answer();
  };
  lossy();
  const before = worth();
  for (let i = 0; i < 50; i++) lose();
  assertEquals(worth(), before);
  answer();
  assertEquals([worth(), belief.outages], [before, 1]);
});

Deno.test("losses that gave a live server up for a moment are learnt", () => {
  const { lose, answer, worth } = trial();
  for (let i = 0; i < 10; i++) answer();
  for (let i = 0; i < 5; i++) lose();
  answer();
  assertEquals(worth()!.losses, 5);
});

Deno.test("what the adaptive rule is worth counts the losses that fit into its silence", () => {
  const fewest = (options: Partial<BeliefOptions>, intervalMs: number, timeoutMs: number) =>
    trial(options).belief.fewestLosses(intervalMs, timeoutMs);
  assertEquals(fewest({ maxLosses: "auto" }, 10, 200), 280);
  assertEquals(fewest({ maxLosses: "auto" }, 1000, 1000), 2);
  assertEquals(fewest({ maxLosses: "auto" }, 1000, 5000), 0);
  assertEquals(fewest({ maxLosses: 3 }, 10, 200), 0);
  const { belief, answer, lose } = trial({ maxLosses: "auto" });
  answer();
  lose();
  answer();
  assertEquals(belief.worth({ newer: 0, fewest: 280, heartbeats: 100 })?.limit, 280);
});
