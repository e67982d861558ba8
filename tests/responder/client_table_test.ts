import { assert, assertEquals } from "@std/assert";
import { ClientTable, MAX_CLIENTS } from "../../lib/responder/client_table.ts";

const client = (port: number, hostname = "192.0.2.1") => ({ hostname, port });

Deno.test("a client heard again has the same value, and its neighbours have others", () => {
  const table = new ClientTable<{ name: string }>(7);
  const first = table.use(client(1), () => ({ name: "first" }));
  for (let i = 0; i < 3; i++) assertEquals(table.use(client(1), () => ({ name: "new" })), first);
  const second = table.use(client(2), () => ({ name: "second" }));
  const third = table.use(client(1, "192.0.2.2"), () => ({ name: "third" }));
  assertEquals([...table].map(({ name }) => name), ["first", "second", "third"]);
  assertEquals([
    table.use(client(2), () => first),
    table.use(client(1, "192.0.2.2"), () => first),
  ], [
    second,
    third,
  ]);
  assertEquals([table.added, table.forgotten], [3, 0]);
});

Deno.test("a client that was heard twice in a row is safe from a flood at once", () => {
  const table = new ClientTable<string>(7);
  table.use(client(1), () => "good");
  table.use(client(1), () => "good");
  for (let i = 0; i < 10 * MAX_CLIENTS; i++) {
    table.use(client(i % 65536, `198.51.${i >> 16}.1`), () => "flood");
  }
  assertEquals(table.use(client(1), () => "forgotten"), "good");
  assert([...table].length <= MAX_CLIENTS);
});
