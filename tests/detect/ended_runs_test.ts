import { assertEquals } from "@std/assert";
import { type EndedRun, EndedRuns, isOutage } from "../../lib/detect/ended_runs.ts";

Deno.test("a run of losses is known when a reply ends it, and only after a first reply", () => {
  const runs = new EndedRuns();
  const ended: (EndedRun | undefined)[] = [];
  [..."xx..xxx.x."].forEach((fate, i) => {
    if (fate === "x") runs.lost(i * 100);
    else ended.push(runs.answered(i * 100));
  });
  const [none, three, one] = ended.slice(1);
  assertEquals(ended[0], undefined);
  assertEquals(none, { losses: 0, lastedMs: 0, alarmed: false });
  assertEquals(three, { losses: 3, lastedMs: 300, alarmed: false });
  assertEquals(one, { losses: 1, lastedMs: 100, alarmed: false });
  runs.lost(2000);
  runs.lost(3000);
  assertEquals(runs.losses, 2);
});

Deno.test("a run for which the server was given up is an outage if it lasted over ten seconds", () => {
  const run = (lastedMs: number, alarmed: boolean) => {
    const runs = new EndedRuns();
    runs.answered(0);
    runs.lost(1000);
    if (alarmed) runs.alarm();
    return runs.answered(1000 + lastedMs)!;
  };
  assertEquals(isOutage(run(10_001, true)), true);
  assertEquals(isOutage(run(10_000, true)), false);
  assertEquals(isOutage(run(60_000, false)), false);
});

Deno.test("an alarm belongs to the losses that are settled after it, and to no later run", () => {
  const runs = new EndedRuns();
  runs.answered(0);
  // With fast probing the server is given up before the losses are settled.
  runs.alarm();
  assertEquals(runs.answered(1000)!.alarmed, false);
  runs.lost(2000);
  assertEquals(runs.answered(3000)!.alarmed, true);
  runs.lost(4000);
  assertEquals(runs.answered(5000)!.alarmed, false);
});
