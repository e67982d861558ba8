import { assert, assertLess } from "@std/assert";
import { canCollectGarbage, monitorMemory } from "../../lib/tasks/monitor_memory.ts";

Deno.test({
  name: "a monitor for many targets holds at most 36 KB, after ten minutes, an hour or a day",
  // Needs --v8-flags=--expose-gc, as `deno task test` has it, to tell what is held from what is
  // garbage.
  ignore: !canCollectGarbage(),
  fn() {
    const trial = { monitors: 40, exactValues: 0, heartbeats: [0, 600, 3600] };
    const [fresh, tenMinutes, hour] = monitorMemory(trial).map(({ kilobytes }) => kilobytes);
    assert(fresh! > 1, `${fresh} KB were measured, which no monitor fits into`);
    assertLess(tenMinutes!, 36);
    assertLess(hour!, 36);
    // Bins are added for values that are rarer than any before.
    assertLess(hour! - tenMinutes!, 6);
    // Ten monitors are few: what else is on the heap counts, too. More would take longer.
    const [day] = monitorMemory({ monitors: 10, exactValues: 0, heartbeats: [86_400] });
    assertLess(day!.kilobytes, 36);
  },
});
