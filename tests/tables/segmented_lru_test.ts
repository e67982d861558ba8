import { assert, assertEquals } from "@std/assert";
import { SegmentedLru } from "../../lib/tables/segmented_lru.ts";

const PLACES = 4096;

Deno.test("a key that is used again is a regular, with the value that it had", () => {
  const table = new SegmentedLru<string>(PLACES, 7);
  assertEquals(table.use("a", () => "first"), { value: "first", regular: false });
  assertEquals(table.use("a", () => "second"), { value: "first", regular: true });
  assertEquals(table.use("a", () => "third"), { value: "first", regular: true });
  assertEquals([table.added, table.forgotten, [...table]], [1, 0, ["first"]]);
});

Deno.test("keys that were used twice survive a flood of ones that are used once", () => {
  const table = new SegmentedLru<number>(PLACES, 7);
  for (let key = 0; key < 100; key++) {
    table.use(`good ${key}`, () => key);
    table.use(`good ${key}`, () => -1);
  }
  for (let i = 0; i < 200_000; i++) table.use(`flood ${i}`, () => 0);
  for (let key = 0; key < 100; key++) assertEquals(table.use(`good ${key}`, () => -1).value, key);
});

Deno.test("the table is bounded, and forgets the least recently used keys first", () => {
  const table = new SegmentedLru<number>(PLACES, 7);
  for (let i = 0; i < 3 * PLACES; i++) {
    table.use(`${i}`, () => i);
    table.use(`${i}`, () => -1);
    table.use(`once ${i}`, () => i);
  }
  const remembered = [...table];
  assert(remembered.length <= PLACES);
  assertEquals(table.forgotten, table.added - remembered.length);
  assert(Math.min(...remembered) >= 2 * PLACES - PLACES / 4);
});

Deno.test("a forgotten value, also of a regular, is offered once for reuse", () => {
  const table = new SegmentedLru<{ key: string }>(4, 7);
  const made: string[] = [];
  const given: string[] = [];
  const hear = (key: string) =>
    table.use(key, (forgotten) => {
      made.push(key);
      if (forgotten !== undefined) given.push(forgotten.key);
      return { key };
    });
  // One place for newcomers: "b" takes the place of "a".
  for (const key of ["a", "b"]) hear(key);
  assertEquals(given, ["a"]);
  // Three places for regulars: with "e", "b" has to go, and "f" is made of it.
  for (const key of ["b", "c", "c", "d", "d", "e", "e", "f"]) hear(key);
  assertEquals([made, given], [["a", "b", "c", "d", "e", "f"], ["a", "b"]]);
  assertEquals(table.forgotten, 2);
});
