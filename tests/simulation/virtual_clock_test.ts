import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { EPOCH_MS, VirtualClock } from "../../lib/simulation/virtual_clock.ts";

Deno.test("a clock without faults shows true time", () => {
  assertEquals(new VirtualClock().read(1500), { monotonicMs: 1500, wallMs: EPOCH_MS + 1500 });
});

Deno.test("offset, drift and steps move the wall clock; only drift moves the monotonic one", () => {
  const clock = new VirtualClock({
    offsetMs: 10,
    driftPpm: 100,
    steps: [{ atMs: 1000, byMs: 3_600_000 }, { atMs: 3000, byMs: -3_600_000 }],
  });
  const table: [number, number][] = [[0, 10], [999, 10.0999], [1000, 3_600_010.1], [3000, 10.3]];
  for (const [trueMs, errorMs] of table) {
    assertAlmostEquals(clock.wallErrorMs(trueMs), errorMs, 1e-3);
    assertAlmostEquals(clock.read(trueMs).monotonicMs, trueMs * 1.0001, 1e-6);
  }
});

Deno.test("trueMs() is never too early, whatever the drift", () => {
  const random = seededRandom(1);
  for (let i = 0; i < 10_000; i++) {
    const clock = new VirtualClock({ driftPpm: random() * 1000 - 500 });
    const monotonicMs = random() * 1e8;
    const trueMs = clock.trueMs(monotonicMs);
    assert(clock.read(trueMs).monotonicMs >= monotonicMs);
    assertAlmostEquals(clock.read(trueMs).monotonicMs, monotonicMs, 1e-6);
  }
});
