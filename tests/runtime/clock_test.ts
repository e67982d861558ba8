import { assert, assertAlmostEquals } from "@std/assert";
import { readClocks } from "../../lib/runtime/clock.ts";

Deno.test("the wall clock agrees with the system's, and both clocks go on", () => {
  let last = readClocks();
  for (let i = 0; i < 10_000; i++) {
    const now = readClocks();
    assertAlmostEquals(now.wallMs, Date.now() + 0.5, 2);
    assert(now.monotonicMs >= last.monotonicMs);
    last = now;
  }
});
