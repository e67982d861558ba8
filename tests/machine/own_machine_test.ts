import { assertEquals } from "@std/assert";
import { OwnMachine, stallToleranceMs } from "../../lib/machine/own_machine.ts";

const NEVER = Infinity;

/** Looks at a machine whose wall clock is ahead by this. */
const look = (machine: OwnMachine, monotonicMs: number, aheadMs: number, wantedAtMs = NEVER) =>
  machine.look({ monotonicMs, wallMs: 1e12 + monotonicMs + aheadMs }, wantedAtMs, 500);

Deno.test("a wall clock that only drifts, or is slewed, has not stepped", () => {
  const machine = new OwnMachine();
  for (let ms = 0; ms < 100_000; ms += 1000) {
    assertEquals(look(machine, ms, ms * 0.0005).stepMs, 0);
  }
});

Deno.test("a wall clock that jumps has stepped once, forward as back", () => {
  const machine = new OwnMachine();
  const steps = [[0, 0], [10, 0], [20, 5], [30, 5], [40, -3_600_000]].map(
    ([monotonicMs, aheadMs]) => look(machine, monotonicMs!, aheadMs!).stepMs,
  );
  assertEquals(steps, [0, 0, 5, 0, -3_600_005]);
  assertEquals([machine.steadySince(39), machine.steadySince(40)], [false, true]);
});

Deno.test("a timer that is too late shows a standstill, which excuses what was in flight", () => {
  const machine = new OwnMachine();
  assertEquals(look(machine, 600, 0, 100), {
    stallMs: 0,
    stepMs: 0,
    sleepMs: 0,
    excusesInFlight: false,
  });
  assertEquals(look(machine, 1200, 0, 699), {
    stallMs: 501,
    stepMs: 0,
    sleepMs: 0,
    excusesInFlight: true,
  });
  // Neither a machine that has not begun nor one that waits for nothing can be late.
  for (const wantedAtMs of [-Infinity, Infinity]) look(machine, 9000, 0, wantedAtMs);
  assertEquals(machine.stalls, 1);
});

Deno.test("only a leap forward of more than a second may have been a sleep", () => {
  const excuses = (aheadMs: number) => {
    const machine = new OwnMachine();
    look(machine, 0, 0);
    return look(machine, 10, aheadMs).excusesInFlight;
  };
  assertEquals([1000, 1001, -5000].map(excuses), [false, true, false]);
});

Deno.test("a timer may be late by half the timeout, within 20 and 500 ms", () => {
  assertEquals([1, 100, 1000, 60_000].map(stallToleranceMs), [20, 50, 500, 500]);
});

Deno.test("a machine knows how long it slept, and all that it missed since the last look", () => {
  const machine = new OwnMachine();
  assertEquals([machine.sleptMs, machine.missedMs, machine.awakeSinceMs], [0, 0, -Infinity]);
  look(machine, 1000, 0);
  // It slept for an hour, ten seconds after the last look.
  assertEquals(look(machine, 11_000, 3_600_000).sleepMs, 3_600_000);
  assertEquals([machine.sleptMs, machine.missedMs], [3_600_000, 3_610_000]);
  assertEquals(machine.awakeSinceMs, machine.elapsedMs(11_000));
  assertEquals(machine.elapsedMs(11_000), 3_611_000);
  // A standstill of five seconds, which the monotonic clock shows.
  look(machine, 16_000, 3_600_000, 11_000);
  assertEquals([machine.sleptMs, machine.missedMs], [3_600_000, 3_615_000]);
  // A clock that is set back, or forward by less than a second, is no sleep.
  look(machine, 17_000, 3_500_000);
  look(machine, 18_000, 3_501_000);
  assertEquals([machine.sleptMs, machine.missedMs], [3_600_000, 3_615_000]);
});
