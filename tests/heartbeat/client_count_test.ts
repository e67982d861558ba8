import { assertEquals } from "@std/assert";
import { ClientCount, MAX_CLIENTS_COUNTED } from "../../lib/heartbeat/client_count.ts";

Deno.test("clients are told apart by address and port", () => {
  const clients = new ClientCount();
  clients.add({ hostname: "192.0.2.1", port: 1 });
  clients.add({ hostname: "192.0.2.1", port: 2 });
  clients.add({ hostname: "192.0.2.2", port: 1 });
  clients.add({ hostname: "192.0.2.1", port: 1 });
  assertEquals([clients.count, clients.more], [3, false]);
});

Deno.test("when the count is full, known clients don't make it more", () => {
  const clients = new ClientCount();
  for (let port = 0; port < MAX_CLIENTS_COUNTED; port++) clients.add({ hostname: "::1", port });
  clients.add({ hostname: "::1", port: 7 });
  assertEquals([clients.count, clients.more], [MAX_CLIENTS_COUNTED, false]);
  clients.add({ hostname: "::2", port: 7 });
  assertEquals([clients.count, clients.more], [MAX_CLIENTS_COUNTED, true]);
});
