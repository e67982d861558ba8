import { assertAlmostEquals, assertEquals } from "@std/assert";
import { InterarrivalJitter } from "../../lib/measure/interarrival_jitter.ts";

function jitterOf(transits: number[]): number | undefined {
  const jitter = new InterarrivalJitter();
  for (const transit of transits) jitter.add(transit);
  return jitter.value;
}

Deno.test("interarrival jitter follows RFC 3550, worked by hand", () => {
  assertEquals(jitterOf([]), undefined);
  assertEquals(jitterOf([7]), undefined);
  // |D| = 16: J = 1. Then |D| = 33: J = 1 + 32 / 16 = 3. Then |D| = 3: J stays.
  assertEquals(jitterOf([0, 16]), 1);
  assertEquals(jitterOf([0, 16, -17]), 3);
  assertEquals(jitterOf([0, 16, -17, -20]), 3);
});

Deno.test("interarrival jitter doesn't see an offset of the clocks", () => {
  const transits = [10, 12, 11, 19, 10, 10.5];
  const shifted = transits.map((transit) => transit + 3600);
  assertAlmostEquals(jitterOf(shifted)!, jitterOf(transits)!, 1e-9);
});
