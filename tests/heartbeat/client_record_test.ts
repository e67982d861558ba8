import { assertEquals } from "@std/assert";
import { ClientRecord } from "../../lib/heartbeat/client_record.ts";

const request = (seq: number, timeS = 1000 + seq, run?: string) => ({
  seq,
  timeS,
  run,
});

Deno.test("a client's books tell losses of the network from drops on purpose", () => {
  const record = new ClientRecord();
  const heard: [number, boolean][] = [[1, false], [2, true], [4, false], [4, false], [3, false], [
    7,
    true,
  ]];
  for (const [seq, dropped] of heard) record.add(request(seq), 0.001, dropped, seq * 1000);
  const { received, unique, duplicates, reordered, lost, dropped, restarts } = record.figures();
  assertEquals([received, unique, duplicates, reordered, lost, dropped, restarts], [
    6,
    5,
    1,
    1,
    2,
    2,
    0,
  ]);
});

Deno.test("a run that names itself anew has restarted; its figures add up over the restart", () => {
  const record = new ClientRecord();
  for (const seq of [1, 2, 5]) record.add(request(seq, 1000, "aaaaaaaa"), 0, false, seq);
  for (const seq of [1, 3]) record.add(request(seq, 2000, "bbbbbbbb"), 0, false, seq);
  const { unique, lost, restarts } = record.figures();
  assertEquals([unique, lost, restarts], [5, 3, 1]);
  assertEquals(record.count(0), { received: 2, first: 1, highest: 3, heldS: 0 });
});

Deno.test("a plain client has restarted when a number that is not higher has a later time", () => {
  const record = new ClientRecord();
  for (const seq of [1, 2, 3]) record.add(request(seq), 0, false, seq);
  // Copies and stragglers carry times that are not later.
  record.add(request(3), 0, false, 4);
  record.add(request(2), 0, false, 4);
  assertEquals(record.figures().restarts, 0);
  record.add(request(1, 2000), 0, false, 5);
  assertEquals(record.figures().restarts, 1);
  assertEquals(record.run, undefined);
});

Deno.test("jitter and pace are the client's own", () => {
  const record = new ClientRecord();
  record.add(request(1), 0.001, false, 0);
  assertEquals([record.patienceMs, record.figures().jitterMs], [undefined, undefined]);
  record.add(request(2), 0.017, false, 10_000);
  assertEquals([record.patienceMs, record.lastHeardMs], [30_000, 10_000]);
  assertEquals(Math.round(record.figures().jitterMs! * 1e6), 1e6);
});
