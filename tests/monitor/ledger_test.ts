import { assert, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { type Excuse, Ledger } from "../../lib/monitor/ledger.ts";
import {
  heartbeatsToRemember,
  MAX_OUTSTANDING,
  MAX_REMEMBERED,
  type SendRate,
} from "../../lib/monitor/memory_size.ts";

/** A moment before which this machine missed nothing. */
const sentAt = (sentAtMs: number) => ({ sentAtMs, sleptMs: 0, missedMs: 0, writingMs: 0 });

const ANSWER = { rttMs: 1.5, timeDifferenceS: 0.25 };

Deno.test("the ledger numbers heartbeats from 1 and knows what became of each", () => {
  const ledger = new Ledger();
  assertEquals([10, 20, 30].map((ms) => ledger.send(sentAt(ms))), [1, 2, 3]);
  ledger.receive(2, ANSWER);
  assertEquals(ledger.find(1), { ...sentAt(10), fate: "outstanding", excuse: undefined });
  assertEquals(ledger.find(2), { ...sentAt(20), fate: "received", excuse: undefined });
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
  ledger.send(sentAt(0));
  for (const seq of [0, -1, 2, Number.MAX_SAFE_INTEGER]) assertEquals(ledger.find(seq), undefined);
});

Deno.test("the ledger forgets the oldest heartbeats, and no others, however many there are", () => {
  const ledger = new Ledger();
  const sent = MAX_REMEMBERED * 2 + 77;
  for (let seq = 1; seq <= sent; seq++) {
    ledger.send(sentAt(seq * 2));
    if (seq % 3 === 0) ledger.receive(seq, ANSWER);
    else ledger.lose(seq, "lost");
  }
  const oldest = sent - MAX_REMEMBERED + 1;
  assertEquals(ledger.find(oldest - 1), undefined);
  for (const seq of [oldest, oldest + 1, oldest + 2, sent]) {
    const fate = seq % 3 === 0 ? "received" : "lost";
    assertEquals(ledger.find(seq), { ...sentAt(seq * 2), fate, excuse: undefined });
  }
});

Deno.test("the ledger keeps every heartbeat while its ring grows", () => {
  const ledger = new Ledger();
  for (let seq = 1; seq <= 5000; seq++) {
    ledger.send(sentAt(seq));
    for (const known of [1, Math.ceil(seq / 2), seq]) {
      assertEquals(ledger.find(known), {
        ...sentAt(known),
        fate: "outstanding",
        excuse: undefined,
      });
    }
  }
  assertEquals([ledger.outstanding, ledger.oldestOutstanding], [5000, 1]);
});

Deno.test("the ledger is full when too many heartbeats left while one waits", () => {
  const ledger = new Ledger();
  for (let i = 0; i < MAX_OUTSTANDING; i++) {
    assertEquals(ledger.full, false);
    ledger.send(sentAt(i));
    if (i > 0) ledger.receive(ledger.last, ANSWER);
  }
  assertEquals(ledger.full, true);
  assertThrows(() => ledger.send(sentAt(0)), RangeError, "outstanding");
  ledger.lose(1, "lost");
  assertEquals(ledger.full, false);
});

Deno.test("the ledger tells the first copy of a reply from those after it", () => {
  const ledger = new Ledger();
  ledger.send(sentAt(0));
  ledger.receive(1, ANSWER);
  assertEquals([ledger.copy(1), ledger.copy(1)], [true, false]);
});

Deno.test("the ledger keeps what is excused apart, and forgets it with the heartbeat", () => {
  const ledger = new Ledger();
  for (let seq = 1; seq <= 3; seq++) ledger.send(sentAt(0));
  ledger.excuse(1, "unsent");
  ledger.excuse(2, "asleep");
  ledger.lose(1, "lost");
  ledger.copy(1);
  assertEquals([1, 2, 3].map((seq) => ledger.find(seq)!.excuse), ["unsent", "asleep", undefined]);
});

Deno.test("a ledger remembers what its interval and timeout need, and a minute more", () => {
  const table: [SendRate, number][] = [
    [{ intervalMs: 1000, timeoutMs: 1000 }, 64],
    [{ intervalMs: 60_000, timeoutMs: 1000 }, 64],
    [{ intervalMs: 500, timeoutMs: 1000 }, 126],
    [{ intervalMs: 1000, timeoutMs: 1000, probeAfterMs: 200 }, 312],
    [{ intervalMs: 100, timeoutMs: 1000, probeAfterMs: 200 }, 622],
    [{ intervalMs: 1000, timeoutMs: 600_000 }, 2404],
    [{ intervalMs: 1, timeoutMs: 1000 }, 62_002],
    [{ intervalMs: 0.1, timeoutMs: 1000 }, MAX_REMEMBERED],
    [{ intervalMs: 0, timeoutMs: 1000 }, MAX_REMEMBERED],
  ];
  for (const [rate, remembered] of table) assertEquals(heartbeatsToRemember(rate), remembered);
});

Deno.test("a ledger has room for twice the heartbeats that wait at the interval", () => {
  for (const intervalMs of [1, 20, 333, 1000]) {
    for (const timeoutMs of [10, 1000, 30_000, 100_000]) {
      if (timeoutMs / intervalMs > MAX_OUTSTANDING / 2) continue;
      const ledger = new Ledger(heartbeatsToRemember({ intervalMs, timeoutMs }));
      for (let i = 0; i < 2 * timeoutMs / intervalMs; i++) ledger.send(sentAt(i));
      assert(!ledger.full, `${intervalMs} ms, ${timeoutMs} ms`);
    }
  }
});

Deno.test("a ledger of any size equals a slow one that remembers everything, as far as it goes", () => {
  for (const remembered of [64, 65, 100, 128, 300]) {
    const random = seededRandom(remembered);
    const ledger = new Ledger(remembered);
    const slow: { sentAtMs: number; fate: string; excuse: Excuse | undefined; copied: boolean }[] =
      [];
    for (let step = 0; step < 3000; step++) {
      const waiting = slow.filter(({ fate }) => fate === "outstanding").length;
      const oldest = slow.findIndex(({ fate }) => fate === "outstanding");
      assertEquals(ledger.outstanding, waiting);
      assertEquals(ledger.oldestOutstanding, oldest === -1 ? undefined : oldest + 1);
      if (!ledger.full && random() < 0.6) {
        ledger.send(sentAt(step));
        slow.push({ sentAtMs: step, fate: "outstanding", excuse: undefined, copied: false });
      } else if (slow.length > 0) {
        const seq = 1 + Math.floor(slow.length - random() * Math.min(remembered, slow.length));
        if (ledger.find(seq) === undefined) continue;
        const heartbeat = slow[seq - 1]!;
        const fate = (["received", "lost", "late"] as const)[Math.floor(random() * 3)]!;
        const change = random();
        if (change < 0.2) {
          ledger.excuse(seq, "unsent");
          heartbeat.excuse = "unsent";
        } else if (change < 0.4) {
          assertEquals(ledger.copy(seq), !heartbeat.copied);
          heartbeat.copied = true;
        } else if (fate === "received") {
          ledger.receive(seq, { rttMs: seq, timeDifferenceS: step });
          heartbeat.fate = fate;
        } else {
          ledger.lose(seq, fate);
          heartbeat.fate = fate;
        }
      }
      for (const back of [0, 1, remembered - 1, remembered]) {
        const { copied: _, ...heartbeat } = slow[slow.length - 1 - back] ?? {};
        const known = back < remembered && "fate" in heartbeat
          ? { ...heartbeat, sleptMs: 0, missedMs: 0, writingMs: 0 }
          : undefined;
        assertEquals(ledger.find(slow.length - back), known);
      }
    }
  }
});

Deno.test("the ledger knows the wall clock that stands in a heartbeat, once it has left", () => {
  const ledger = new Ledger(64);
  for (let seq = 1; seq <= 70; seq++) {
    ledger.send(sentAt(seq));
    assertEquals(ledger.wallMsOf(seq), undefined);
    ledger.left(seq, 1e12 + seq);
    ledger.receive(seq, { rttMs: 1, timeDifferenceS: undefined });
  }
  assertEquals([6, 7, 70, 71].map((seq) => ledger.wallMsOf(seq)), [
    undefined,
    1e12 + 7,
    1e12 + 70,
    undefined,
  ]);
  // An echo has no time difference.
  assertEquals(ledger.answer(70), { rttMs: 1, timeDifferenceS: undefined });
});
