import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";
import { secondsLength, secondsText, TextWriter } from "../../lib/wire/text_writer.ts";

const written = (write: (writer: TextWriter) => void) => {
  const writer = new TextWriter(64);
  write(writer);
  assertEquals(writer.length, writer.bytes.length);
  return textOf(writer.bytes);
};

Deno.test("words, parts of bytes and numbers follow one another", () => {
  const text = written((writer) => {
    writer.word(bytesOf("Seq: "));
    writer.copy(bytesOf("x007 y"), 1, 4);
    writer.word(bytesOf(""));
    writer.whole(12);
    writer.seconds(-0.5);
  });
  assertEquals(text, "Seq: 00712-0.500000");
});

Deno.test("whole numbers have all their digits and no more, up to 2^53 - 1", () => {
  const table = [0, 9, 10, 99, 100, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 1e15, Number.MAX_SAFE_INTEGER];
  for (let power = 1; power < 16; power++) table.push(10 ** power - 1, 10 ** power);
  for (const value of table) assertEquals(written((writer) => writer.whole(value)), `${value}`);
});

Deno.test("seconds are rounded to the microsecond, and zero has no sign", () => {
  const table: [number, string][] = [
    [0, "0.000000"],
    [-0, "0.000000"],
    [0.0000004, "0.000000"],
    [-0.0000004, "0.000000"],
    [0.0000006, "0.000001"],
    [-0.0000006, "-0.000001"],
    [0.9999996, "1.000000"],
    [9.9999996, "10.000000"],
    [-99.9999996, "-100.000000"],
    [123.000123, "123.000123"],
    [999_999_999_999.5, "999999999999.500000"],
    [-1_763_824_000.25, "-1763824000.250000"],
  ];
  for (const [seconds, text] of table) {
    assertEquals(written((writer) => writer.seconds(seconds)), text);
    assertEquals([secondsText(seconds), secondsLength(seconds)], [text, text.length]);
  }
});

Deno.test("the writer, the text and the length agree on seconds of any size", () => {
  const random = seededRandom(20251126);
  for (let i = 0; i < 20_000; i++) {
    const seconds = (random() - 0.5) * 10 ** Math.floor(random() * 20 - 7);
    const text = secondsText(seconds);
    assertEquals(written((writer) => writer.seconds(seconds)), text, `${seconds}`);
    assertEquals(secondsLength(seconds), text.length, `${seconds}`);
  }
});

Deno.test("cutting keeps the first bytes, and writing goes on after them", () => {
  const text = written((writer) => {
    writer.word(bytesOf("Seq: 12, Received: 3"));
    writer.cut(7);
    writer.word(bytesOf("!"));
  });
  assertEquals(text, "Seq: 12!");
});

Deno.test("texts of one length share a view, so that none is made for each", () => {
  const writer = new TextWriter(8);
  writer.word(bytesOf("one"));
  const first = writer.bytes;
  writer.cut(0);
  writer.word(bytesOf("two"));
  assert(writer.bytes === first);
  assertEquals(textOf(first), "two");
});
