import { assertEquals } from "@std/assert";
import { OwnClock } from "../../lib/monitor/own_clock.ts";

Deno.test("a wall clock that only drifts, or is slewed, has not stepped", () => {
  const clock = new OwnClock();
  for (let ms = 0; ms < 100_000; ms += 1000) {
    assertEquals(clock.step({ monotonicMs: ms, wallMs: 1e12 + ms * 1.0005 }), 0);
  }
});

Deno.test("a wall clock that jumps has stepped once, forward as back", () => {
  const clock = new OwnClock();
  const read = (monotonicMs: number, aheadMs: number) =>
    clock.step({ monotonicMs, wallMs: 1e12 + monotonicMs + aheadMs });
  assertEquals([read(0, 0), read(10, 0), read(20, 5), read(30, 5), read(40, -3_600_000)], [
    ...[0, 0, 5, 0, -3_600_005],
  ]);
  assertEquals([clock.steadySince(39), clock.steadySince(40)], [false, true]);
});
