import { assertEquals } from "@std/assert";
import { Schedule } from "../../lib/monitor/schedule.ts";

Deno.test("the first heartbeat is due at once, and heartbeat i at start + i x interval", () => {
  const schedule = new Schedule(100, 1000);
  assertEquals(schedule.dueAtMs, undefined);
  const late = [0, 3, 40, 99, 0];
  const due = late.map((delay, i) => {
    schedule.sent(5 + i * 100 + delay);
    return schedule.dueAtMs;
  });
  assertEquals(due, [105, 205, 305, 405, 505]);
});

Deno.test("heartbeat number one million is not shifted by rounding", () => {
  const schedule = new Schedule(0.1, 1000);
  for (let i = 0; i < 1_000_000; i++) schedule.sent(i / 10);
  assertEquals(schedule.dueAtMs, 100_000);
});

Deno.test("what a busy machine delays is caught up with", () => {
  const schedule = new Schedule(100, 1000);
  schedule.sent(0);
  for (let i = 1; i <= 5; i++) {
    assertEquals(schedule.dueAtMs! <= 550, true);
    schedule.sent(550);
  }
  assertEquals(schedule.dueAtMs, 600);
});

Deno.test("after a machine has slept the schedule starts anew, without a burst", () => {
  const schedule = new Schedule(100, 1000);
  schedule.sent(0);
  schedule.sent(3_600_000);
  assertEquals(schedule.dueAtMs, 3_600_100);
});
