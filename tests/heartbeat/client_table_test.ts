import { assert, assertEquals } from "@std/assert";
import { ClientTable, MAX_CLIENTS } from "../../lib/heartbeat/client_table.ts";

Deno.test("a client that is heard again is the same one", () => {
  const table = new ClientTable<{ name: string }>();
  const first = table.hear("a", () => ({ name: "a" }));
  assertEquals(table.hear("a", () => ({ name: "another" })), first);
  assertEquals([table.met, table.forgotten, [...table].length], [1, 0, 1]);
});

Deno.test("clients that were heard twice survive a flood of ones that are heard once", () => {
  const table = new ClientTable<number>();
  for (let client = 0; client < 100; client++) {
    table.hear(`good ${client}`, () => client);
    table.hear(`good ${client}`, () => -1);
  }
  for (let i = 0; i < 200_000; i++) table.hear(`flood ${i}`, () => 0);
  for (let client = 0; client < 100; client++) {
    assertEquals(table.hear(`good ${client}`, () => -1), client);
  }
});

Deno.test("the table is bounded, whatever is heard, and the longest unheard go first", () => {
  const table = new ClientTable<number>();
  for (let i = 0; i < 3 * MAX_CLIENTS; i++) {
    table.hear(`${i}`, () => i);
    table.hear(`${i}`, () => -1);
    table.hear(`once ${i}`, () => i);
  }
  const remembered = [...table];
  assert(remembered.length <= MAX_CLIENTS);
  assertEquals(table.forgotten, table.met - remembered.length);
  assert(Math.min(...remembered.map(([, i]) => i)) >= 2 * MAX_CLIENTS - 1024);
});
