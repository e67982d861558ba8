import { assertEquals } from "@std/assert";
import { Outages } from "../../lib/monitor/outages.ts";

Deno.test("without outages the server was in reach all the time", () => {
  const outages = new Outages();
  assertEquals(outages.availability(0, 0), undefined);
  assertEquals(outages.availability(0, 1000), { low: 1, high: 1 });
});

Deno.test("an outage lasts from the first loss to the last at least, and between the replies at most", () => {
  const outages = new Outages();
  outages.begin(1000, 2000, 4000);
  outages.lost(5000);
  assertEquals(outages.availability(0, 6000), { low: 1 - 5000 / 6000, high: 0.5 });
  assertEquals(outages.end(7000), { low: 3000, high: 6000 });
  outages.begin(8000, 8500, 9000);
  assertEquals(outages.end(10_000), { low: 500, high: 2000 });
  assertEquals(outages.count, 2);
  assertEquals(outages.availability(0, 20_000), { low: 0.6, high: 1 - 3500 / 20_000 });
});
