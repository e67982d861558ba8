import { assertEquals } from "@std/assert";
import { Outages } from "../../lib/monitor/outages.ts";

/** Loses the heartbeats from one number to another, a second from each other. */
function lose(outages: Outages, from: number, to: number, missedMs = 0): void {
  for (let seq = from; seq <= to; seq++) outages.lost({ seq, atMs: seq * 1000, missedMs });
}

Deno.test("an outage lasts from the first loss to the last at least, and between the replies at most", () => {
  const outages = new Outages();
  lose(outages, 2, 4);
  assertEquals([outages.certainMs, outages.goingOn], [0, false]);
  outages.begin(1000);
  lose(outages, 5, 5);
  assertEquals([outages.certainMs, outages.goingOn], [3000, true]);
  assertEquals(outages.end(7000, 0), { low: 3000, high: 6000 });
  lose(outages, 8, 9);
  outages.begin(7500);
  assertEquals(outages.end(10_000, 0), { low: 1000, high: 2500 });
  assertEquals([outages.count, outages.certainMs], [2, 4000]);
});

Deno.test("nothing is certain across a gap: the longest stretch bounds an outage, all of them its share", () => {
  const outages = new Outages();
  lose(outages, 2, 3);
  // 4 to 13 could not be sent; 16 to 18 were sent after a sleep.
  lose(outages, 14, 15);
  outages.begin(1000);
  lose(outages, 16, 18, 30_000);
  assertEquals(outages.certainMs, 1000 + 1000 + 2000);
  assertEquals(outages.end(50_000, 0), { low: 2000, high: 49_000 });
});

Deno.test("a reply forgets the losses before it, unless the server is down", () => {
  const outages = new Outages();
  lose(outages, 2, 9);
  outages.answered([{ seq: 9, atMs: 9000, missedMs: 0 }]);
  lose(outages, 10, 11);
  outages.begin(8000);
  outages.answered([]);
  assertEquals(outages.end(12_000, 0), { low: 2000, high: 4000 });
});
