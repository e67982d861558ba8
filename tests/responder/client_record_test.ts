import { assertEquals } from "@std/assert";
import { ClientRecord, type RequestFate } from "../../lib/responder/client_record.ts";

const request = (seq: number, timeS = 1000 + seq, run?: string) => ({
  seq,
  timeS,
  run,
});

Deno.test("a record tells losses of the network from drops on purpose and from the limit", () => {
  const record = new ClientRecord();
  const heard: [number, RequestFate][] = [
    [1, "accepted"],
    [2, "dropped"],
    [4, "accepted"],
    [4, "accepted"],
    [3, "limited"],
    [7, "dropped"],
  ];
  for (const [seq, fate] of heard) record.add(request(seq), 0.001, fate, seq * 1000);
  const { jitterMs: _, ...figures } = record.figures();
  assertEquals(figures, {
    received: 6,
    unique: 5,
    duplicates: 1,
    reordered: 1,
    lost: 2,
    dropped: 2,
    limited: 1,
    restarts: 0,
  });
});

Deno.test("a run with a new name is a restart; the figures add up over it", () => {
  const record = new ClientRecord();
  for (const seq of [1, 2, 5]) record.add(request(seq, 1000, "aaaaaaaa"), 0, "accepted", seq);
  for (const seq of [1, 3]) record.add(request(seq, 2000, "bbbbbbbb"), 0, "accepted", seq);
  const { unique, lost, restarts } = record.figures();
  assertEquals([unique, lost, restarts], [5, 3, 1]);
  assertEquals(record.count(0), { received: 2, first: 1, highest: 3, heldS: 0 });
});

Deno.test("a plain client has restarted when a number that is not higher has a later time", () => {
  const record = new ClientRecord();
  for (const seq of [1, 2, 3]) record.add(request(seq), 0, "accepted", seq);
  // Copies and stragglers carry times that are not later.
  record.add(request(3), 0, "accepted", 4);
  record.add(request(2), 0, "accepted", 4);
  assertEquals(record.figures().restarts, 0);
  record.add(request(1, 2000), 0, "accepted", 5);
  assertEquals(record.figures().restarts, 1);
  assertEquals(record.run, undefined);
});

Deno.test("jitter and pace are the client's own", () => {
  const record = new ClientRecord();
  record.add(request(1), 0.001, "accepted", 0);
  assertEquals([record.patienceMs, record.figures().jitterMs], [undefined, undefined]);
  record.add(request(2), 0.017, "accepted", 10_000);
  assertEquals([record.patienceMs, record.lastHeardMs], [30_000, 10_000]);
  assertEquals(Math.round(record.figures().jitterMs! * 1e6), 1e6);
});

Deno.test("a record that was reset is as a new one, whatever it was used for", () => {
  const used = new ClientRecord();
  for (const seq of [7, 3, 3, 900]) used.add(request(seq, seq, "aaaaaaaa"), 5, "accepted", seq);
  for (const seq of [1, 2]) used.add(request(seq, 2000, "bbbbbbbb"), 1, "limited", 9000);
  used.add(request(3, 2000, "bbbbbbbb"), 1, "dropped", 9000);
  used.fallSilent();
  used.reset();
  const fresh = new ClientRecord();
  const look = (record: ClientRecord) => [
    record.figures(),
    record.count(0),
    record.run,
    record.patienceMs,
    record.lastHeardMs,
    record.silent,
  ];
  assertEquals(look(used), look(fresh));
  for (const [seq, atMs] of [[5, 100], [6, 300], [8, 900]] as const) {
    for (const record of [used, fresh]) {
      const { silent } = record;
      assertEquals(record.add(request(seq), seq / 1000, "accepted", atMs), silent);
    }
    assertEquals(look(used), look(fresh));
  }
});
