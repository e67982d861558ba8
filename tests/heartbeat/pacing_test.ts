import { assertEquals } from "@std/assert";
import { Pacing } from "../../lib/heartbeat/pacing.ts";

const CALM = { idle: true, down: false, probeAfterMs: undefined };
const WAITING = { ...CALM, idle: false };

Deno.test("in lock-step a heartbeat is due when none is waiting", () => {
  const pacing = new Pacing(0, 1000);
  assertEquals(pacing.dueAtMs(CALM), -Infinity);
  pacing.sent(0, CALM);
  assertEquals([pacing.dueAtMs(WAITING), pacing.dueAtMs(CALM)], [undefined, -Infinity]);
});

Deno.test("a suspected server is asked sooner, and the schedule then starts anew", () => {
  const pacing = new Pacing(1000, 1000);
  const suspect = { ...WAITING, probeAfterMs: 200 };
  pacing.sent(0, CALM);
  assertEquals([pacing.dueAtMs(CALM), pacing.dueAtMs(suspect)], [1000, 200]);
  pacing.sent(200, suspect);
  pacing.sent(400, suspect);
  assertEquals([pacing.dueAtMs(suspect), pacing.dueAtMs(CALM)], [600, 1400]);
  pacing.sent(1400, CALM);
  assertEquals(pacing.dueAtMs(CALM), 2400);
});

Deno.test("a server that is down is asked once a second at the most", () => {
  const fast = new Pacing(10, 1000);
  const down = { ...WAITING, down: true };
  fast.sent(0, CALM);
  assertEquals(fast.dueAtMs(down), 1000);
  fast.sent(1000, down);
  assertEquals([fast.dueAtMs(down), fast.dueAtMs(CALM)], [2000, 1010]);
  const slow = new Pacing(5000, 1000);
  slow.sent(0, CALM);
  assertEquals(slow.dueAtMs(down), 5000);
});
