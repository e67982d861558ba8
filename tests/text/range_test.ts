import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { formatRange } from "../../lib/text/range.ts";

Deno.test("a range has the decimals that its width asks for, and is rounded outwards", () => {
  const table: [number, number, string, string][] = [
    [-0.3891, 0.4492, "-0.39", "0.45"],
    [0, 20.16, "0", "21"],
    [0, 9.96, "0.0", "10.0"],
    [3_599_500.4, 3_599_500.9, "3599500.40", "3599500.90"],
    [-0.001, 1234, "-1", "1234"],
    [0.5, 0.5, "0.500", "0.500"],
    [-0.0000001, 0.0000001, "-0.000001", "0.000001"],
    [0.1 + 0.2, 2.3, "0.3", "2.3"],
  ];
  for (const [low, high, lowText, highText] of table) {
    assertEquals(formatRange(low, high), { low: lowText, high: highText });
  }
});

Deno.test("no range that is written leaves out a part of the one that is meant", () => {
  const random = seededRandom(1);
  for (let i = 0; i < 5000; i++) {
    const low = (random() - 0.5) * 10 ** (8 * random() - 3);
    const high = low + random() * 10 ** (8 * random() - 4);
    const text = formatRange(low, high);
    assert(Number(text.low) <= low + 1e-9 * Math.abs(low), `${low}: ${text.low}`);
    assert(Number(text.high) >= high - 1e-9 * Math.abs(high), `${high}: ${text.high}`);
    assert(!/^-0(\.0+)?$/.test(text.low) && !/^-0(\.0+)?$/.test(text.high));
  }
});
