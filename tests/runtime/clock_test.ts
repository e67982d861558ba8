import { assert, assertEquals } from "@std/assert";
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

Deno.test("a wall clock that the system's own functions can't tell is read all the same", () => {
  const { instant } = Temporal.Now;
  Temporal.Now.instant = () => {
    throw new RangeError("Instant nanoseconds are out of range");
  };
  try {
    const { wallMs } = openClocks()();
    assert(Math.abs(wallMs - Date.now()) < 100);
  } finally {
    Temporal.Now.instant = instant;
  }
  assertEquals(Temporal.Now.instant, instant);
});
