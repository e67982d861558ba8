import { assertEquals } from "@std/assert";
import { formatCount, formatShare, formatTime } from "../../lib/text/units.ts";

Deno.test("formatTime() takes the largest unit in which a time is short", () => {
  const table: [number, string][] = [
    [0.1, "0.1ms"],
    [500, "500ms"],
    [1000, "1s"],
    [1500, "1.5s"],
    [1234, "1234ms"],
    [60_000, "1m"],
    [90_000, "1.5m"],
    [3_600_000, "1h"],
    [86_400_000, "24h"],
  ];
  for (const [ms, text] of table) assertEquals(formatTime(ms), text);
});

Deno.test("formatShare() has no more decimals than the share", () => {
  const table: [number, string][] = [[0, "0%"], [0.3, "30%"], [0.07, "7%"], [0.0005, "0.05%"], [
    1,
    "100%",
  ]];
  for (const [share, text] of table) assertEquals(formatShare(share), text);
});

Deno.test("formatCount() has a plural", () => {
  assertEquals([0, 1, 2].map((count) => formatCount(count, "byte")), [
    "0 bytes",
    "1 byte",
    "2 bytes",
  ]);
});
