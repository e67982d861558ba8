import { assert } from "@std/assert";
import { openClocks } from "../../lib/runtime/clock.ts";

Deno.test("the wall clock agrees with the system's, and both clocks go on", () => {
  const readClocks = openClocks();
  let last = readClocks();
  for (let i = 0; i < 10_000; i++) {
    // Between two readings the system may let another program run, so the truth is only known to
    // lie between.
    const beforeMs = Date.now();
    const now = readClocks();
    const afterMs = Date.now();
    assert(now.wallMs >= beforeMs - 2 && now.wallMs <= afterMs + 3, `${now.wallMs} at ${afterMs}`);
    assert(now.monotonicMs >= last.monotonicMs);
    last = now;
  }
});
