import { assertEquals } from "@std/assert";
import { columnsOf, fit, fitMiddle } from "../../lib/text/columns.ts";

Deno.test("letters of East Asia take two columns, marks on letters none", () => {
  assertEquals(columnsOf("web-1"), 5);
  assertEquals(columnsOf("\u6771\u4eac"), 4);
  assertEquals(columnsOf("e\u0301"), 1);
  assertEquals(columnsOf("\u{1f600}"), 2);
});

Deno.test("a text is filled, or cut with two dots, to just so many columns", () => {
  assertEquals(fit("web", 5), "web  ");
  assertEquals(fit("web-12345", 6), "web-..");
  assertEquals(fit("\u6771\u4eac\u90fd\u5e81", 7), "\u6771\u4eac.. ");
  for (const text of ["", "abc", "\u6771\u4eac\u90fd", "e\u0301e\u0301e\u0301e\u0301"]) {
    for (let columns = 0; columns < 9; columns++) {
      assertEquals(columnsOf(fit(text, columns)), columns);
    }
  }
});

Deno.test("a name can be cut in the middle, as names differ at their ends", () => {
  assertEquals(fitMiddle("127.0.0.11:26044", 12), "127.0..26044");
  assertEquals(fitMiddle("127.0.0.11:26044", 20), "127.0.0.11:26044    ");
});

Deno.test("what turns the direction of writing, or moves the cursor, is left out", () => {
  assertEquals(fit("a\u202eb\x1b[2Jc", 8), "ab[2Jc  ");
});
