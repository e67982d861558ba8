import { assertEquals } from "@std/assert";
import { formatTimestamp } from "../../lib/text/timestamp.ts";

const SECOND_MS = Date.UTC(2026, 10, 25, 23, 58, 1);

Deno.test("a timestamp has the moment's microseconds, rounded to the nearest", () => {
  const table: [number, string][] = [
    [0, "2026-11-25T23:58:01.000000Z"],
    [0.001, "2026-11-25T23:58:01.000001Z"],
    [123, "2026-11-25T23:58:01.123000Z"],
    [123.456, "2026-11-25T23:58:01.123456Z"],
    [123.4563, "2026-11-25T23:58:01.123456Z"],
    [123.4567, "2026-11-25T23:58:01.123457Z"],
    [999.999, "2026-11-25T23:58:01.999999Z"],
    [-0.001, "2026-11-25T23:58:00.999999Z"],
  ];
  for (const [ms, text] of table) assertEquals(formatTimestamp(SECOND_MS + ms), text);
});

Deno.test("a timestamp carries what rounds up to a whole second, day or year", () => {
  const table: [number, string][] = [
    [999.9994, "1970-01-01T00:00:00.999999Z"],
    [999.9995, "1970-01-01T00:00:01.000000Z"],
    [999.9999, "1970-01-01T00:00:01.000000Z"],
    [0.9996, "1970-01-01T00:00:00.001000Z"],
    [-0.0004, "1970-01-01T00:00:00.000000Z"],
    [-0.0006, "1969-12-31T23:59:59.999999Z"],
    [86_399_999.9997, "1970-01-02T00:00:00.000000Z"],
    [Date.UTC(2027, 0, 1) - 2 ** -12, "2027-01-01T00:00:00.000000Z"],
  ];
  for (const [ms, text] of table) assertEquals(formatTimestamp(ms), text);
});

Deno.test("timestamps of doubles next to each other never go back", () => {
  let last = "";
  for (let i = -5000; i < 5000; i++) {
    const text = formatTimestamp(SECOND_MS + i * 2 ** -12);
    assertEquals(text >= last, true, `${text} after ${last}`);
    last = text;
  }
});
