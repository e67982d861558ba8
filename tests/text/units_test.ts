import { assertEquals } from "@std/assert";
import {
  formatCount,
  formatDuration,
  formatRoughPercent,
  formatShare,
  formatTime,
} from "../../lib/text/units.ts";

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

Deno.test("durations have the two units that matter, and bounds go outwards", () => {
  const table: [number, string, string, string][] = [
    [0, "0.0 s", "0.0 s", "0.0 s"],
    [1240, "1.2 s", "1.2 s", "1.3 s"],
    [14_300, "14.3 s", "14.3 s", "14.3 s"],
    [119_960, "2 min", "119.9 s", "2 min"],
    [125_400, "2 min 5 s", "2 min 5 s", "2 min 6 s"],
    [7_200_000, "2 h", "2 h", "2 h"],
    [12_000_000, "3 h 20 min", "3 h 20 min", "3 h 20 min"],
    [604_800_000, "7 d", "7 d", "7 d"],
    [619_200_000, "7 d 4 h", "7 d 4 h", "7 d 4 h"],
  ];
  for (const [ms, nearest, low, high] of table) {
    assertEquals(formatDuration(ms), nearest);
    assertEquals(formatDuration(ms, Math.floor), low);
    assertEquals(formatDuration(ms, Math.ceil), high);
  }
});

Deno.test("shares have two digits that matter, and are 0% or 100% only where they are", () => {
  const table: [number, string][] = [
    [0, "0%"],
    [0.3, "30%"],
    [0.21684, "22%"],
    [0.0487, "4.9%"],
    [0.00123, "0.12%"],
    [0.9876, "98.8%"],
    [0.99987, "99.987%"],
    [1, "100%"],
  ];
  for (const [share, text] of table) assertEquals(formatRoughPercent(share), text);
  assertEquals(formatRoughPercent(0.6259, Math.floor), "62%");
  assertEquals(formatRoughPercent(0.7501, Math.ceil), "76%");
});
