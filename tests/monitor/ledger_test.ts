import { assertEquals, assertThrows } from "@std/assert";
import { Ledger, MAX_OUTSTANDING, MAX_REMEMBERED } from "../../lib/monitor/ledger.ts";

const ANSWER = { rttMs: 1.5, timeDifferenceS: 0.25 };

Deno.test("the ledger numbers heartbeats from 1 and knows what became of each", () => {
  const ledger = new Ledger();
  assertEquals([ledger.send(10), ledger.send(20), ledger.send(30)], [1, 2, 3]);
  ledger.receive(2, ANSWER);
  assertEquals(ledger.find(1), { sentAtMs: 10, fate: "outstanding", excused: false });
  assertEquals(ledger.find(2), { sentAtMs: 20, fate: "received", excused: false });
  assertEquals([ledger.answer(1), ledger.answer(2)], [undefined, ANSWER]);
  assertEquals([ledger.outstanding, ledger.oldestOutstanding], [2, 1]);
  assertEquals([1, 2, 3, 9].map((seq) => ledger.outstandingUpTo(seq)), [1, 1, 2, 2]);
  ledger.lose(1, "lost");
  assertEquals([ledger.outstanding, ledger.oldestOutstanding], [1, 3]);
  ledger.lose(1, "late");
  assertEquals([ledger.outstanding, ledger.find(1)!.fate], [1, "late"]);
  ledger.receive(3, ANSWER);
  assertEquals([ledger.outstanding, ledger.oldestOutstanding], [0, undefined]);
});

Deno.test("the ledger knows nothing of numbers that were never sent", () => {
  const ledger = new Ledger();
  ledger.send(0);
  for (const seq of [0, -1, 2, Number.MAX_SAFE_INTEGER]) assertEquals(ledger.find(seq), undefined);
});

Deno.test("the ledger forgets the oldest heartbeats, and no others, however many there are", () => {
  const ledger = new Ledger();
  const sent = MAX_REMEMBERED * 2 + 77;
  for (let seq = 1; seq <= sent; seq++) {
    ledger.send(seq * 2);
    if (seq % 3 === 0) ledger.receive(seq, ANSWER);
    else ledger.lose(seq, "lost");
  }
  const oldest = sent - MAX_REMEMBERED + 1;
  assertEquals(ledger.find(oldest - 1), undefined);
  for (const seq of [oldest, oldest + 1, oldest + 2, sent]) {
    const fate = seq % 3 === 0 ? "received" : "lost";
    assertEquals(ledger.find(seq), { sentAtMs: seq * 2, fate, excused: false });
  }
});

Deno.test("the ledger keeps every heartbeat while its ring grows", () => {
  const ledger = new Ledger();
  for (let seq = 1; seq <= 5000; seq++) {
    ledger.send(seq);
    for (const known of [1, Math.ceil(seq / 2), seq]) {
      assertEquals(ledger.find(known), { sentAtMs: known, fate: "outstanding", excused: false });
    }
  }
  assertEquals([ledger.outstanding, ledger.oldestOutstanding], [5000, 1]);
});

Deno.test("the ledger is full when too many heartbeats left while one waits", () => {
  const ledger = new Ledger();
  for (let i = 0; i < MAX_OUTSTANDING; i++) {
    assertEquals(ledger.full, false);
    ledger.send(i);
    if (i > 0) ledger.receive(ledger.last, ANSWER);
  }
  assertEquals(ledger.full, true);
  assertThrows(() => ledger.send(0), RangeError, "outstanding");
  ledger.lose(1, "lost");
  assertEquals(ledger.full, false);
});

Deno.test("the ledger tells the first copy of a reply from those after it", () => {
  const ledger = new Ledger();
  ledger.send(0);
  ledger.receive(1, ANSWER);
  assertEquals([ledger.copy(1), ledger.copy(1)], [true, false]);
});

Deno.test("the ledger keeps what is excused apart, and forgets it with the heartbeat", () => {
  const ledger = new Ledger();
  ledger.send(0);
  ledger.send(0);
  ledger.excuse(1);
  ledger.lose(1, "lost");
  ledger.copy(1);
  assertEquals([ledger.find(1)!.excused, ledger.find(2)!.excused], [true, false]);
});
