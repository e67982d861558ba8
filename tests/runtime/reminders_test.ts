import { assertEquals } from "@std/assert";
import { Reminders } from "../../lib/runtime/reminders.ts";

Deno.test("what goes on is said again at its pace, until it is over", () => {
  let nowMs = 0;
  const said: string[] = [];
  const reminders = new Reminders(100, () => nowMs);
  const begin = (key: string) =>
    reminders.begin(key, (times) => said.push(`${nowMs} ${key} ${times}`));
  const passTo = (ms: number) => {
    for (; nowMs < ms; nowMs += 10) reminders.tick();
    reminders.tick();
  };
  begin("a");
  passTo(50);
  begin("b");
  passTo(210);
  assertEquals(said, ["100 a 1", "150 b 1", "200 a 2"]);
  reminders.end("a");
  passTo(260);
  assertEquals(said.slice(3), ["250 b 2"]);
  // What begins anew counts anew, and the old pace is forgotten.
  begin("b");
  passTo(360);
  assertEquals(said.slice(4), ["360 b 1"]);
});

Deno.test("after a standstill there is one reminder, and no burst of those that were missed", () => {
  let nowMs = 0;
  const said: number[] = [];
  const reminders = new Reminders(100, () => nowMs);
  reminders.begin("a", () => said.push(nowMs));
  nowMs = 10_050;
  reminders.tick();
  assertEquals(said, [10_050]);
  nowMs = 10_149;
  reminders.tick();
  nowMs = 10_160;
  reminders.tick();
  assertEquals(said, [10_050, 10_160]);
});
