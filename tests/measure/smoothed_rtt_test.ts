import { assertAlmostEquals, assertEquals } from "@std/assert";
import { SmoothedRtt } from "../../lib/measure/smoothed_rtt.ts";

Deno.test("the smoothed round trip follows RFC 6298, worked by hand", () => {
  const smoothed = new SmoothedRtt();
  assertEquals([smoothed.srttMs, smoothed.rtoMs], [undefined, undefined]);
  // First R = 100: SRTT 100, RTTVAR 50. Then R = 140: RTTVAR 3/4 x 50 + 1/4 x 40 = 47.5, SRTT 105.
  // Then R = 65: RTTVAR 3/4 x 47.5 + 1/4 x 40 = 45.625, SRTT 7/8 x 105 + 1/8 x 65 = 100.
  const table: [number, number, number][] = [[100, 100, 300], [140, 105, 295], [65, 100, 282.5]];
  for (const [rttMs, srttMs, rtoMs] of table) {
    smoothed.add(rttMs);
    assertAlmostEquals(smoothed.srttMs!, srttMs, 1e-9);
    assertAlmostEquals(smoothed.rtoMs!, rtoMs, 1e-9);
  }
});
