import { assertEquals } from "@std/assert";
import { EndedRuns } from "../../lib/detect/ended_runs.ts";

Deno.test("a run of losses is known when a reply ends it, and only after a first reply", () => {
  const runs = new EndedRuns();
  const ended: (number | undefined)[] = [];
  for (const fate of "xx..xxx.x.") {
    if (fate === "x") runs.lost();
    else ended.push(runs.answered());
  }
  assertEquals(ended, [undefined, 0, 3, 1]);
  runs.lost();
  runs.lost();
  assertEquals(runs.losses, 2);
});
