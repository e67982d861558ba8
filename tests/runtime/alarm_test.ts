import { assert, assertEquals } from "@std/assert";
import { openAlarm } from "../../lib/runtime/alarm.ts";

/**
 * Sets alarms one after the other, and returns when the first rang, milliseconds after the last was
 * set.
 */
async function rangAfterMs(precise: boolean, ...delaysMs: number[]): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let setAtMs = 0;
  const alarm = openAlarm(precise, () => resolve(performance.now() - setAtMs));
  for (const delayMs of delaysMs) {
    setAtMs = performance.now();
    alarm.set(delayMs);
  }
  // An alarm doesn't keep a program running; this does, and fails a test whose alarm never rings.
  const guard = setTimeout(() => reject(new Error("it never rang")), 10_000);
  try {
    return await promise;
  } finally {
    clearTimeout(guard);
    alarm.close();
  }
}

Deno.test("an alarm rings at the time that it was set to last, not too early", async () => {
  for (const precise of [false, true]) {
    const rangMs = await rangAfterMs(precise, 1, 9000, 20);
    assert(rangMs > 19 && rangMs < 9000, `${rangMs}`);
  }
});

Deno.test("an alarm rings once; one that is set to never, or closed, stays silent", async () => {
  for (const precise of [false, true]) {
    const rang = { once: 0, never: 0, closed: 0 };
    const once = openAlarm(precise, () => rang.once++);
    const never = openAlarm(precise, () => rang.never++);
    const closed = openAlarm(precise, () => rang.closed++);
    for (const alarm of [once, never, closed]) alarm.set(5);
    never.set(undefined);
    closed.close();
    await rangAfterMs(false, 40);
    assertEquals(rang, { once: 1, never: 0, closed: 0 });
    for (const alarm of [once, never]) alarm.close();
  }
});

Deno.test("an alarm that is already due rings soon, after pending promises", async () => {
  for (const precise of [false, true]) {
    const order: string[] = [];
    const rang = Promise.withResolvers<void>();
    const alarm = openAlarm(precise, () => {
      order.push("ring");
      rang.resolve();
    });
    const guard = setTimeout(rang.reject, 10_000);
    alarm.set(-5);
    order.push("set");
    await Promise.resolve().then(() => order.push("promise"));
    await rang.promise;
    clearTimeout(guard);
    alarm.close();
    assertEquals(order, ["set", "promise", "ring"]);
  }
});
