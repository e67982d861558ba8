import { assertEquals } from "@std/assert";
import { REFUSAL_REASONS, type RefusalReason, Refusals } from "../../lib/admission/refusals.ts";

const [ONE, OTHER] = [1, 2].map((port) => ({ hostname: "192.0.2.1", port }));
const countsOf = (counts: Partial<Record<RefusalReason, number>>) =>
  Object.fromEntries(REFUSAL_REASONS.map((reason) => [reason, counts[reason] ?? 0]));

Deno.test("the first refusal is reported at once, and those after it once a second", () => {
  const refusals = new Refusals();
  assertEquals([refusals.reportAtMs, refusals.report(0)], [undefined, []]);
  refusals.add("limited", ONE!);
  assertEquals(refusals.report(500), [
    { type: "refused", counts: countsOf({ limited: 1 }) as never, last: ONE! },
  ]);
  refusals.add("limited", ONE!);
  refusals.add("bad_mac", OTHER!);
  assertEquals([refusals.reportAtMs, refusals.report(1499)], [1500, []]);
  assertEquals(refusals.report(1500), [
    { type: "refused", counts: countsOf({ limited: 1, bad_mac: 1 }) as never, last: OTHER! },
  ]);
  assertEquals([refusals.reportAtMs, refusals.report(9999)], [undefined, []]);
});

Deno.test("what was refused last is reported before a stop, and the total has it all", () => {
  const refusals = new Refusals();
  refusals.add("stale", ONE!);
  refusals.report(0);
  refusals.add("stale", ONE!);
  assertEquals(refusals.report(1), []);
  assertEquals(refusals.report(1, true).length, 1);
  assertEquals(refusals.report(2, true), []);
  assertEquals({ ...refusals.total }, countsOf({ stale: 2 }));
});
