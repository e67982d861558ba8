import { assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import {
  decimalValue,
  isFieldEnd,
  skipDigits,
  skipFraction,
  skipSpace,
  standsAt,
  wholeValue,
} from "../../lib/wire/scan.ts";

Deno.test("white space is ASCII's: space, tab, and the four that end lines or pages", () => {
  for (let byte = 0; byte < 256; byte++) {
    const bytes = Uint8Array.of(byte, 0x78);
    const isSpace = byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
    assertEquals(
      [isFieldEnd(bytes, 0), skipSpace(bytes, 0)],
      [isSpace, isSpace ? 1 : 0],
      `${byte}`,
    );
  }
});

Deno.test("a field ends before white space and at the end of the datagram", () => {
  const bytes = bytesOf("ab c");
  assertEquals([0, 1, 2, 3, 4, 5].map((at) => isFieldEnd(bytes, at)), [
    false,
    false,
    true,
    false,
    true,
    true,
  ]);
});

Deno.test("skipping stops before the first byte of another kind, or at the end", () => {
  const table: [(bytes: Uint8Array, at: number) => number, string, number, number][] = [
    [skipSpace, " \t\r\nx", 0, 4],
    [skipSpace, "x ", 0, 0],
    [skipSpace, "x  ", 1, 3],
    [skipSpace, "", 0, 0],
    [skipDigits, "0129/", 0, 4],
    [skipDigits, "09:", 1, 2],
    [skipDigits, "-1", 0, 0],
    [skipDigits, "12", 0, 2],
    [skipFraction, "1.25 ", 1, 4],
    [skipFraction, "1.", 1, 1],
    [skipFraction, "1.x", 1, 1],
    [skipFraction, "1x5", 1, 1],
    [skipFraction, "1", 1, 1],
    [skipFraction, "1.2.3", 1, 3],
  ];
  for (const [skip, text, at, expected] of table) {
    assertEquals(skip(bytesOf(text), at), expected, `${skip.name} ${JSON.stringify(text)} ${at}`);
  }
});

Deno.test("a word stands where all of its bytes do, and never beyond the end", () => {
  const bytes = bytesOf("a run=1 run");
  const word = bytesOf("run=");
  assertEquals([0, 2, 3, 8, 11, 20].map((at) => standsAt(bytes, at, word)), [
    false,
    true,
    false,
    false,
    false,
    false,
  ]);
});

Deno.test("wholeValue() reads only the digits between its bounds", () => {
  const bytes = bytesOf("1234567890123456 x");
  assertEquals(wholeValue(bytes, 0, 16), 1234567890123456);
  assertEquals([wholeValue(bytes, 8, 12), wholeValue(bytes, 3, 3)], [9012, 0]);
  const largest = bytesOf(`${Number.MAX_SAFE_INTEGER}`);
  assertEquals(wholeValue(largest, 0, largest.length), Number.MAX_SAFE_INTEGER);
});

Deno.test("decimalValue() equals Number() to the last bit, also above 2^53", () => {
  const random = seededRandom(20251126);
  const digits = (count: number) =>
    Array.from({ length: count }, () => Math.floor(random() * 10)).join("");
  for (let i = 0; i < 20_000; i++) {
    const whole = digits(1 + Math.floor(random() * 12));
    const decimals = digits(Math.floor(random() * 16));
    const text = decimals === "" ? whole : `${whole}.${decimals}`;
    const bytes = bytesOf(`x${text}y`);
    assertEquals(
      decimalValue(bytes, 1, 1 + whole.length, 1 + text.length),
      Number(text),
      text,
    );
  }
});
