import { assertEquals, assertThrows } from "@std/assert";
import { format } from "@std/fmt/duration";

Deno.test("narrow is the default style", () => {
  for (
    const [ms, all, short] of [
      [0, "0d 0h 0m 0s 0ms 0µs 0ns", ""],
      [99674, "0d 0h 1m 39s 674ms 0µs 0ns", "1m 39s 674ms"],
      [-1500, "0d 0h 0m 1s 500ms 0µs 0ns", "1s 500ms"],
      [0.3, "0d 0h 0m 0s 0ms 300µs 0ns", "300µs"],
      [0.1 + 0.2, "0d 0h 0m 0s 0ms 300µs 0ns", "300µs"],
      [1.000001, "0d 0h 0m 0s 1ms 0µs 1ns", "1ms 1ns"],
      [90061001, "1d 1h 1m 1s 1ms 0µs 0ns", "1d 1h 1m 1s 1ms"],
      [864e5 * 400, "400d 0h 0m 0s 0ms 0µs 0ns", "400d"],
    ] as const
  ) {
    assertEquals(format(ms), all);
    assertEquals(format(ms, { style: "narrow", ignoreZero: false }), all);
    assertEquals(format(ms, { ignoreZero: true }), short);
  }
});

Deno.test("full style writes plurals", () => {
  for (
    const [ms, all, short] of [
      [
        99674,
        "0 days, 0 hours, 1 minute, 39 seconds, 674 milliseconds, 0 microseconds, 0 nanoseconds",
        "1 minute, 39 seconds, 674 milliseconds",
      ],
      [
        90061001.001001,
        "1 day, 1 hour, 1 minute, 1 second, 1 millisecond, 1 microsecond, 1 nanosecond",
        "1 day, 1 hour, 1 minute, 1 second, 1 millisecond, 1 microsecond, 1 nanosecond",
      ],
    ] as const
  ) {
    assertEquals(format(ms, { style: "full" }), all);
    assertEquals(format(ms, { style: "full", ignoreZero: true }), short);
  }
});

Deno.test("digital style pads and drops zeros only at the end", () => {
  for (
    const [ms, all, short] of [
      [99674, "00:00:01:39:674:000:000", "00:00:01:39:674"],
      [60000, "00:00:01:00:000:000:000", "00:00:01"],
      [0.000001, "00:00:00:00:000:000:001", "00:00:00:00:000:000:001"],
    ] as const
  ) {
    assertEquals(format(ms, { style: "digital" }), all);
    assertEquals(format(ms, { style: "digital", ignoreZero: true }), short);
  }
});

Deno.test("an unknown style is refused", () => {
  assertThrows(
    // @ts-expect-error: not a style
    () => format(1, { style: "wide" }),
    TypeError,
    'style must be "narrow", "full", or "digital"!',
  );
});
