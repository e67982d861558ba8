import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { LINE_COLUMNS, wrap } from "../../lib/text/wrap.ts";

Deno.test("text breaks between its words, and further lines stand below the first word", () => {
  assertEquals(wrap("one two three", { columns: 8 }), ["one two", "three"]);
  assertEquals(wrap("one two three", { before: "note  ", columns: 13 }), [
    "note  one two",
    "      three",
  ]);
  assertEquals(wrap(""), [""]);
  // A word that is too wide has a line of its own.
  assertEquals(wrap("a immeasurable b", { columns: 5 }), ["a", "immeasurable", "b"]);
});

Deno.test("no line is wider than asked for, and no word is lost", () => {
  const random = seededRandom(1);
  for (let i = 0; i < 500; i++) {
    const words = Array.from(
      { length: 1 + Math.floor(random() * 40) },
      () => "x".repeat(1 + Math.floor(random() * 12)),
    );
    const before = " ".repeat(Math.floor(random() * 13));
    const lines = wrap(words.join(" "), { before });
    assert(lines.every(({ length }) => length <= LINE_COLUMNS));
    assertEquals(lines.map((line) => line.trim()).join(" "), words.join(" "));
  }
});
