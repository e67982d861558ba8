import { assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { RecentLoss } from "../../lib/measure/recent_loss.ts";

function countsAt(recent: RecentLoss, nowMs: number): [received: number, lost: number] {
  const counts = { received: -1, lost: -1 };
  recent.read(nowMs, counts);
  return [counts.received, counts.lost];
}

Deno.test("answers and losses count for a minute, and then no more", () => {
  const recent = new RecentLoss();
  assertEquals(countsAt(recent, 500), [0, 0]);
  recent.add(false, 1000);
  recent.add(true, 1999);
  recent.add(false, 2000);
  assertEquals(countsAt(recent, 2000), [2, 1]);
  assertEquals(countsAt(recent, 60_999), [2, 1]);
  assertEquals(countsAt(recent, 61_000), [1, 0]);
  assertEquals(countsAt(recent, 62_000), [0, 0]);
  recent.add(true, 10_000_000);
  assertEquals(countsAt(recent, 10_000_000), [0, 1]);
});

Deno.test("the last minute's counts are those of a list of all that happened, within a second", () => {
  const random = seededRandom(7);
  const recent = new RecentLoss();
  const happened: { lost: boolean; second: number }[] = [];
  let nowMs = 0;
  for (let i = 0; i < 5000; i++) {
    // Now and then nothing happens for up to two minutes.
    nowMs += random() < 0.01 ? random() * 120_000 : random() * 300;
    const lost = random() < 0.3;
    recent.add(lost, nowMs);
    happened.push({ lost, second: Math.floor(nowMs / 1000) });
    const newest = Math.floor(nowMs / 1000);
    const minute = happened.filter(({ second }) => second > newest - 60);
    const losses = minute.filter((event) => event.lost).length;
    assertEquals(countsAt(recent, nowMs), [minute.length - losses, losses]);
  }
});
