import { assertAlmostEquals, assertEquals } from "@std/assert";
import { phi, PhiAccrual } from "../../lib/simulation/phi_accrual.ts";

Deno.test("phi is the logarithm of the normal distribution's tail, by the logistic fit", () => {
  assertAlmostEquals(phi(0), Math.log10(2), 1e-9);
  // 1 - F(1) = 0.1587, 1 - F(3) = 0.00135.
  assertAlmostEquals(phi(1), -Math.log10(0.1587), 0.002);
  assertAlmostEquals(phi(3), -Math.log10(0.00135), 0.05);
});

Deno.test("with regular replies a silence is suspicious after about four and a half of them", () => {
  const detector = new PhiAccrual(1000);
  assertEquals(detector.suspectAtMs, Infinity);
  for (let i = 0; i < 2000; i++) detector.heartbeat(i * 1000);
  // Mean 1 s, pause 3 s: in units of the smallest deviation, 0.1 s, enough that phi is 8.
  const silenceMs = detector.suspectAtMs - 1_999_000;
  assertAlmostEquals(phi((silenceMs - 1000 - 3000) / 100), 8, 1e-3);
});

Deno.test("an interval in which the server was suspected is not learnt", () => {
  const detector = new PhiAccrual(1000);
  for (let i = 0; i < 2000; i++) detector.heartbeat(i * 1000);
  const before = detector.suspectAtMs - 1_999_000;
  detector.heartbeat(3_000_000);
  assertAlmostEquals(detector.suspectAtMs - 3_000_000, before, 1e-6);
});
