import { assert, assertEquals } from "@std/assert";
import { Clients } from "../../lib/responder/clients.ts";
import type { Heartbeat } from "../../lib/responder/heartbeat.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import { decodeRequest, type Request } from "../../lib/wire/request.ts";

const CLIENT = { hostname: "192.0.2.1", port: 50000 };

function heartbeatOf(seq: number, port = CLIENT.port): Heartbeat {
  const bytes = bytesOf(`Heartbeat ${seq} 1763824000.25`);
  const request = decodeRequest(bytes) as Request;
  return { request, bytes, from: { ...CLIENT, port }, arrivedMs: 0, timeDifferenceS: 0.25 };
}

function accept(clients: Clients, heartbeat: Heartbeat, nowMs: number) {
  return clients.add(clients.recordOf(heartbeat.from), heartbeat, "accepted", nowMs);
}

Deno.test("a client keeps its record, and is found only after it was heard", () => {
  const clients = new Clients(undefined, 0);
  assertEquals(clients.find(CLIENT), undefined);
  const record = clients.recordOf(CLIENT);
  assert(clients.recordOf(CLIENT) === record);
  assert(clients.find({ ...CLIENT }) === record);
  assertEquals([clients.added, clients.forgotten], [1, 0]);
});

Deno.test("a client that falls silent is reported once, and once more when it is back", () => {
  const clients = new Clients(1000, 0);
  assertEquals(clients.sweepAtMs, Infinity);
  assertEquals([accept(clients, heartbeatOf(1), 0), accept(clients, heartbeatOf(2), 100)], [
    undefined,
    undefined,
  ]);
  assertEquals(clients.sweepAtMs, 1000);
  assertEquals([clients.sweep(999), clients.sweep(1000)], [[], []]);
  assertEquals(clients.sweepAtMs, 2000);
  const stopped = { type: "client_state", client: CLIENT, to: "down", silentMs: 1900 } as const;
  assertEquals([clients.sweep(2000), clients.sweep(3000)], [[stopped], []]);
  assertEquals([clients.sweepAtMs, clients.summaries(2500)[0]?.stopped], [Infinity, true]);
  assertEquals(accept(clients, heartbeatOf(3), 4000), { ...stopped, to: "up", silentMs: 3900 });
  assertEquals(clients.sweepAtMs, 5000);
});

Deno.test("a single heartbeat makes no client that could stop", () => {
  const clients = new Clients(1000, 0);
  accept(clients, heartbeatOf(1), 0);
  assertEquals([clients.sweep(60_000), clients.sweepAtMs], [[], Infinity]);
});

Deno.test("the summaries name the busiest client first, and how long each was silent", () => {
  const clients = new Clients(undefined, 0);
  accept(clients, heartbeatOf(1, 1), 0);
  for (let seq = 1; seq <= 3; seq++) accept(clients, heartbeatOf(seq, 2), seq * 10);
  assertEquals(
    clients.summaries(100).map(({ client, received, silentMs }) => [
      client.port,
      received,
      silentMs,
    ]),
    [[2, 3, 70], [1, 1, 100]],
  );
});

Deno.test("a run with a key that goes on from another endpoint has moved, and is not told as quiet", () => {
  const clients = new Clients(1000, 0);
  const keyed = (seq: number, port: number, run = "a"): Heartbeat => {
    const heartbeat = heartbeatOf(seq, port);
    return { ...heartbeat, request: { ...heartbeat.request, run } };
  };
  for (const seq of [1, 2]) assertEquals(accept(clients, keyed(seq, 1), seq), undefined);
  const moved = { type: "client_moved", client: { ...CLIENT, port: 2 } } as const;
  assertEquals(accept(clients, keyed(3, 2), 3), { ...moved, from: { ...CLIENT, port: 1 } });
  assertEquals(accept(clients, keyed(4, 2), 4), undefined);
  const quiet = clients.sweep(5000).map((event) => event.client.port);
  assertEquals(quiet, [2]);
  const states = clients.summaries(5000).map(({ client, stopped, moved, lost }) =>
    [client.port, stopped, moved, lost] as const
  );
  assertEquals(states.toSorted((a, b) => a[0] - b[0]), [[1, false, true, 0], [2, true, false, 0]]);
  // Another run of the same key is another client.
  assertEquals(accept(clients, keyed(1, 3, "b"), 6000), undefined);
  // It may come back to where it was.
  assertEquals(accept(clients, keyed(5, 1), 7000), {
    type: "client_moved",
    client: { ...CLIENT, port: 1 },
    from: { ...CLIENT, port: 2 },
  });
  assertEquals(clients.summaries(7000).find(({ client }) => client.port === 1)?.moved, false);
});

Deno.test("plain clients can't be told to have moved", () => {
  const clients = new Clients(1000, 0);
  accept(clients, heartbeatOf(1, 1), 0);
  assertEquals(accept(clients, heartbeatOf(2, 2), 1), undefined);
});
