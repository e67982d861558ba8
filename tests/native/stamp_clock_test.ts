import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Libc } from "../../lib/native/libc.ts";
import { StampClock } from "../../lib/native/stamp_clock.ts";

/** A machine whose clocks a test sets; the wall clock is `aheadMs` ahead of the other. */
class Machine {
  monotonicMs = 1000;
  aheadMs = 1_763_824_000_000;
  /** How long another program runs between two readings, milliseconds. */
  gapsMs: number[] = [];

  readonly monotonic = () => this.monotonicMs;
  readonly libc = {
    clock_gettime: (_clock: number, into: Uint8Array) => {
      const wallMs = this.monotonicMs + this.aheadMs;
      const view = new DataView(into.buffer);
      view.setBigInt64(0, BigInt(Math.floor(wallMs / 1000)), true);
      view.setBigInt64(8, BigInt(Math.round(wallMs % 1000 * 1e6)), true);
      this.monotonicMs += this.gapsMs.shift() ?? 0;
      return 0;
    },
  } as unknown as Libc;
}

/** A clock, and what it says of a datagram that came 5 ms ago, after something has happened. */
function waitedAfter(happens: (machine: Machine, clock: StampClock) => void): number | undefined {
  const machine = new Machine();
  const clock = new StampClock(machine.libc, machine.monotonic);
  happens(machine, clock);
  clock.read();
  const stampMs = machine.monotonicMs + machine.aheadMs - 5;
  return clock.waitedMs(stampMs, machine.monotonicMs);
}

Deno.test("a datagram has waited since the kernel's stamp on it", () => {
  assertAlmostEquals(waitedAfter(() => {})!, 5, 0.001);
  assertAlmostEquals(waitedAfter((machine) => machine.monotonicMs += 3_600_000)!, 5, 0.001);
});

Deno.test("it has waited up to now, also when the clock was read before", () => {
  const machine = new Machine();
  const clock = new StampClock(machine.libc, machine.monotonic);
  clock.read();
  const stampMs = machine.monotonicMs + machine.aheadMs - 5;
  assertAlmostEquals(clock.waitedMs(stampMs, machine.monotonicMs + 2)!, 7, 0.001);
});

Deno.test("after a step of the wall clock no stamp is used; then they are again", () => {
  assertEquals(waitedAfter((machine) => machine.aheadMs += 3), undefined);
  assertEquals(waitedAfter((machine) => machine.aheadMs -= 3), undefined);
  const again = waitedAfter((machine, clock) => {
    machine.aheadMs += 3000;
    clock.read();
  });
  assertAlmostEquals(again!, 5, 0.001);
});

Deno.test("a clock that is being corrected, at the system's speed, has not stepped", () => {
  const waited = waitedAfter((machine) => {
    machine.monotonicMs += 10_000;
    machine.aheadMs += 5;
  });
  assertAlmostEquals(waited!, 5, 0.001);
});

Deno.test("when another program runs between the readings, both clocks are read again", () => {
  assertAlmostEquals(waitedAfter((machine) => machine.gapsMs = [20, 20])!, 5, 0.001);
});

Deno.test("a stamp of the future, of long ago, or none, is not used", () => {
  const machine = new Machine();
  const clock = new StampClock(machine.libc, machine.monotonic);
  clock.read();
  const wallMs = machine.monotonicMs + machine.aheadMs;
  const waited = (stampMs: number | undefined) => clock.waitedMs(stampMs, machine.monotonicMs);
  assertEquals([wallMs + 1, wallMs - 61_000, 0, undefined].map(waited), [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
