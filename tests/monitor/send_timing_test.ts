import { assertEquals } from "@std/assert";
import { SendTiming } from "../../lib/monitor/send_timing.ts";

const CALM = { idle: true, down: false, probeAfterMs: undefined };
const WAITING = { ...CALM, idle: false };

Deno.test("in lock-step a heartbeat is due when none is waiting", () => {
  const timing = new SendTiming(0, 1000);
  assertEquals(timing.dueAtMs(CALM), -Infinity);
  timing.sent(0, CALM);
  assertEquals([timing.dueAtMs(WAITING), timing.dueAtMs(CALM)], [undefined, -Infinity]);
});

Deno.test("a suspected server is asked sooner, and the schedule then starts anew", () => {
  const timing = new SendTiming(1000, 1000);
  const suspect = { ...WAITING, probeAfterMs: 200 };
  timing.sent(0, CALM);
  assertEquals([timing.dueAtMs(CALM), timing.dueAtMs(suspect)], [1000, 200]);
  timing.sent(200, suspect);
  timing.sent(400, suspect);
  assertEquals([timing.dueAtMs(suspect), timing.dueAtMs(CALM)], [600, 1400]);
  timing.sent(1400, CALM);
  assertEquals(timing.dueAtMs(CALM), 2400);
});

Deno.test("a server that is down is asked once a second at the most", () => {
  const fast = new SendTiming(10, 1000);
  const down = { ...WAITING, down: true };
  fast.sent(0, CALM);
  assertEquals(fast.dueAtMs(down), 1000);
  fast.sent(1000, down);
  assertEquals([fast.dueAtMs(down), fast.dueAtMs(CALM)], [2000, 1010]);
  const slow = new SendTiming(5000, 1000);
  slow.sent(0, CALM);
  assertEquals(slow.dueAtMs(down), 5000);
});
