import { assert, assertEquals } from "@std/assert";
import { openAlarm } from "../../lib/runtime/alarm.ts";

/** Sets alarms one after the other, and returns when each rang, after the last was set. */
async function rung(precise: boolean, ...delaysMs: (number | undefined)[]): Promise<number[]> {
  const rang: number[] = [];
  let setAtMs = 0;
  const alarm = openAlarm(precise, () => rang.push(performance.now() - setAtMs));
  for (const delayMs of delaysMs) {
    setAtMs = performance.now();
    alarm.set(delayMs);
  }
  // An alarm doesn't keep a program running; this timer does, and ends the wait.
  await new Promise((resume) => setTimeout(resume, 60));
  alarm.close();
  return rang;
}

Deno.test("an alarm rings once, not too early, at the time that it was set to last", async () => {
  for (const precise of [false, true]) {
    const [rangAtMs, ...more] = await rung(precise, 1, 1000, 20);
    assertEquals(more, []);
    assert(rangAtMs! > 19, `${rangAtMs}`);
  }
});

Deno.test("an alarm that is set to never, or closed, stays silent", async () => {
  for (const precise of [false, true]) assertEquals(await rung(precise, 10, undefined), []);
});

Deno.test("an alarm whose time is past rings at once", async () => {
  for (const precise of [false, true]) assertEquals((await rung(precise, -5)).length, 1);
});
