import { assertEquals } from "@std/assert";
import { jsonLine } from "../../lib/report/json_line.ts";

Deno.test("a JSON line has its type, its time with microseconds, and six decimals at most", () => {
  const fields = {
    at: { hostname: "::1", port: 5 },
    seq: Number.MAX_SAFE_INTEGER,
    rtt_ms: 0.1234567,
    loss: undefined,
    nested: { p99: undefined, max: 1.00000049 },
  };
  assertEquals(
    jsonLine("event", 1_763_824_000_123.456, fields),
    '{"type":"event","time":"2025-11-22T15:06:40.123456Z","at":"[::1]:5","seq":9007199254740991,' +
      '"rtt_ms":0.123457,"loss":null,"nested":{"p99":null,"max":1}}',
  );
});
