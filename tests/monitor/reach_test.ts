import { assertEquals } from "@std/assert";
import { Reach } from "../../lib/monitor/reach.ts";

/** Settles a heartbeat for each letter, a second from each other: answered, lost or unsent. */
function settle(reach: Reach, fates: string, fromS = 0, missedMs = 0): void {
  for (const [i, fate] of [...fates].entries()) {
    reach.settled({ atMs: (fromS + i) * 1000, missedMs }, fate !== "a", fate === "u");
  }
}

const certainMs = (reach: Reach, atMs: number, missedMs = 0) => reach.certainMs({ atMs, missedMs });

Deno.test("a server that was never heard was not in reach with certainty", () => {
  const reach = new Reach();
  settle(reach, "lll");
  assertEquals(certainMs(reach, 3000), 0);
});

Deno.test("single losses take nothing away, heartbeats that could not be sent do", () => {
  const reach = new Reach();
  settle(reach, "aalaua");
  assertEquals(certainMs(reach, 6000), 5000);
  settle(reach, "uu", 6);
  // After the last that could be sent nothing is known.
  assertEquals(certainMs(reach, 60_000), 5000);
});

Deno.test("time that this machine missed is not time in reach", () => {
  const reach = new Reach();
  settle(reach, "aa");
  settle(reach, "aa", 31, 29_000);
  assertEquals(certainMs(reach, 32_500, 29_000), 3500);
  assertEquals(certainMs(reach, 42_500, 39_000), 3500);
});

Deno.test("an outage takes in all since the last reply, and ends with the first", () => {
  const reach = new Reach();
  settle(reach, "aalll");
  reach.outageBegan();
  assertEquals(certainMs(reach, 5000), 1000);
  settle(reach, "ll", 5);
  reach.outageEnded(7500);
  // Heartbeat 7 left during the outage, and is settled after it.
  settle(reach, "aa", 7);
  assertEquals(certainMs(reach, 8500), 1000 + 1000);
});

Deno.test("losses beside time that was not observed may be an outage that no rule saw", () => {
  const table: [fates: string, certainS: number][] = [
    ["aala", 3],
    ["aaua", 2],
    ["aalua", 1],
    ["aaula", 1],
    ["aaulaaa", 3],
  ];
  for (const [fates, certainS] of table) {
    const reach = new Reach();
    settle(reach, fates);
    assertEquals(certainMs(reach, (fates.length - 1) * 1000), certainS * 1000, fates);
  }
  const asleep = new Reach();
  settle(asleep, "aal");
  assertEquals([certainMs(asleep, 5000), certainMs(asleep, 5000, 1000)], [5000, 1000]);
  settle(asleep, "aa", 5, 1000);
  assertEquals(certainMs(asleep, 7000, 1000), 3000);
});
