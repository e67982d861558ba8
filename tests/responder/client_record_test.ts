import { assertEquals } from "@std/assert";
import { ClientRecord, type RequestFate } from "../../lib/responder/client_record.ts";

/** A heartbeat of a plain client; a run makes it one of a client with a key. */
const request = (seq: number, timeS = 1000 + seq, run?: string) => ({
  seq,
  timeS,
  checked: false,
  run,
});

/** Adds heartbeats, all accepted, each its number and its time; returns the count after each. */
function addAll(record: ClientRecord, heartbeats: readonly [number, number][], checked = true) {
  return heartbeats.map(([seq, timeS], i) => {
    record.add({ seq, timeS, checked, run: undefined }, 0.001, "accepted", i * 1000);
    const { count } = record;
    return count && `${count.received}/${count.first}-${count.highest}`;
  });
}

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
  assertEquals(record.count, { received: 2, first: 1, highest: 3 });
});

const restartsAndMore = (record: ClientRecord) => {
  const { received, unique, duplicates, reordered, lost, restarts } = record.figures();
  return { received, unique, duplicates, reordered, lost, restarts };
};

Deno.test("a client has started anew when a lower number with a later time is followed by a higher", () => {
  for (const checked of [true, false]) {
    const record = new ClientRecord();
    const counts = addAll(record, [[1, 10], [2, 11], [3, 12], [1, 20], [2, 21], [3, 22]], checked);
    const told = ["1/1-1", "2/1-2", "3/1-3", undefined, "2/1-2", "3/1-3"];
    assertEquals(counts, checked ? told : new Array(6).fill(undefined));
    assertEquals(restartsAndMore(record), {
      received: 6,
      unique: 6,
      duplicates: 0,
      reordered: 0,
      lost: 0,
      restarts: 1,
    });
  }
});

Deno.test("a restart is seen whatever the path does to its first heartbeats", () => {
  const old: [number, number][] = [[1, 10], [2, 11], [3, 12], [4, 13], [5, 14], [6, 15]];
  const table: [name: string, anew: [number, number][], last: string, unique: number][] = [
    ["the first ones are lost", [[3, 22], [4, 23]], "2/3-4", 8],
    ["one between is lost", [[1, 20], [3, 22]], "2/1-3", 8],
    ["they are swapped", [[2, 21], [1, 20], [3, 22]], "3/1-3", 9],
    ["the first is doubled", [[1, 20], [1, 20], [2, 21]], "2/1-2", 8],
    ["the first beyond the old run", [[1, 20], [9, 28]], "2/1-9", 8],
    ["an old one comes between", [[1, 20], [6, 15], [2, 21]], "2/1-2", 8],
  ];
  for (const [name, anew, last, unique] of table) {
    const record = new ClientRecord();
    assertEquals(addAll(record, [...old, ...anew]).at(-1), last, name);
    const figures = restartsAndMore(record);
    assertEquals([figures.restarts, figures.unique, figures.lost > 7], [1, unique, false], name);
  }
});

Deno.test("a copy or a straggler after the client's clock was set back is no restart", () => {
  const table: [name: string, heartbeats: [number, number][], last: string][] = [
    ["swapped", [[1, 100], [2, 101], [4, 53], [3, 102], [5, 54]], "5/1-5"],
    ["doubled", [[1, 100], [2, 101], [3, 52], [2, 101], [4, 53]], "4/1-4"],
    ["swapped, and the next one lost", [[1, 100], [3, 52], [2, 101], [5, 54]], "4/1-5"],
    ["clock set forward", [[1, 100], [3, 4000], [2, 101], [4, 4001]], "4/1-4"],
  ];
  for (const [name, heartbeats, last] of table) {
    const record = new ClientRecord();
    assertEquals(addAll(record, heartbeats).at(-1), last, name);
    assertEquals(record.figures().restarts, 0, name);
  }
});

Deno.test("a number that is sent again with a new time is a copy, not a restart", () => {
  const record = new ClientRecord();
  addAll(record, [[3, 10], [3, 11], [3, 12], [4, 13], [4, 14]], false);
  assertEquals(restartsAndMore(record), {
    received: 5,
    unique: 2,
    duplicates: 3,
    reordered: 0,
    lost: 0,
    restarts: 0,
  });
});

Deno.test("a plain client's jump that goes on from there is a restart, one stray number is not", () => {
  const figures = (numbers: number[], checked = false) => {
    const record = new ClientRecord();
    addAll(record, numbers.map((seq, i) => [seq, 10 + i]), checked);
    return restartsAndMore(record);
  };
  const anew = figures([10, 11, 12, 3_000_000_000, 3_000_000_001, 3_000_000_003]);
  assertEquals([anew.restarts, anew.lost, anew.unique, anew.duplicates], [1, 1, 6, 0]);
  const stray = figures([10, 11, 12, Number.MAX_SAFE_INTEGER, 13, 14]);
  assertEquals([stray.restarts, stray.lost, stray.unique, stray.duplicates], [0, 0, 6, 0]);
  // At the jump of 3,000 the client may as well have lost that many, or begun anew.
  assertEquals([figures([1, 3000, 3001]).restarts, figures([1, 3001, 3002]).restarts], [0, 1]);
  // Our own client's numbers never jump.
  assertEquals([figures([1, 9000, 9001], true).restarts, figures([1, 9000, 9001], true).lost], [
    0,
    8998,
  ]);
});

Deno.test("strays of all kinds don't fill the record, and each counts as received", () => {
  const record = new ClientRecord();
  const heartbeats: [number, number][] = [[10, 10]];
  for (let i = 1; i <= 1000; i++) heartbeats.push([i % 2 === 0 ? i * 1e9 : 5, 10 + i * 10]);
  addAll(record, heartbeats, false);
  const { received, unique, duplicates } = record.figures();
  assertEquals([received, unique + duplicates], [1001, 1001]);
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
    record.count,
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
