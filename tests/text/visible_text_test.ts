import { assertEquals, assertMatch } from "@std/assert";
import { visibleText } from "../../lib/text/visible_text.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";

Deno.test("text from strangers is shown escaped, and can't end its own quotes", () => {
  const table: [string, string][] = [
    ["", '""'],
    ["hello, world", '"hello, world"'],
    ["\x1b]0;owned\x07", '"\\x1b]0;owned\\x07"'],
    ["a\r\nVerdict: dead", '"a\\x0d\\x0aVerdict: dead"'],
    ['" \\x1b', '"\\" \\\\x1b"'],
    ["\u202e\u009b", '"\\xe2\\x80\\xae\\xc2\\x9b"'],
  ];
  for (const [text, shown] of table) assertEquals(visibleText(bytesOf(text)), shown);
});

Deno.test("any bytes are shown as printable, short text", () => {
  const every = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (let from = 0; from < 256; from += 32) {
    const shown = visibleText(every.subarray(from), 256);
    assertMatch(shown, /^"[\x20-\x7e]*"\.\.\.$/);
    const characters = shown.slice(1, -4).replace(/\\(?:x[0-9a-f]{2}|.)/g, "_");
    assertEquals(characters.length, 32, shown);
  }
  assertEquals(visibleText(bytesOf("a".repeat(1000))), `"${"a".repeat(32)}"...`);
});
