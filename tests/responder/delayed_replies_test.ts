import { assert, assertEquals } from "@std/assert";
import type { Transmit } from "../../lib/machine/machine.ts";
import { DelayedReplies, MAX_DELAYED } from "../../lib/responder/delayed_replies.ts";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";

const CLIENT = { hostname: "192.0.2.1", port: 50000 };
const replyOf = (seq: number): Transmit => ({
  type: "transmit",
  to: CLIENT,
  bytes: bytesOf(`Seq: ${seq}`),
  seq,
});

Deno.test("a reply that gets through at once leaves at once, and so does its copy", () => {
  const delayed = new DelayedReplies();
  const leaving = delayed.add(replyOf(1), [{ atMs: 5 }, { atMs: 4 }], 5);
  assertEquals(leaving.map(({ seq, copy }) => [seq, copy]), [[1, undefined], [1, true]]);
  assertEquals([delayed.nextAtMs, delayed.waiting, delayed.overflowed], [Infinity, 0, 0]);
});

Deno.test("delayed replies leave in the order in which they are due, none too early", () => {
  const delayed = new DelayedReplies();
  assertEquals(delayed.add(replyOf(1), [{ atMs: 30 }], 0), []);
  assertEquals(delayed.add(replyOf(2), [{ atMs: 10 }], 0), []);
  assertEquals(delayed.nextAtMs, 10);
  assertEquals(delayed.takeDue(9), []);
  assertEquals(delayed.takeDue(30).map(({ seq }) => seq), [2, 1]);
  assertEquals(delayed.nextAtMs, Infinity);
});

Deno.test("a reply that waits keeps its bytes when the buffer is used again", () => {
  const delayed = new DelayedReplies();
  const reply = replyOf(1);
  delayed.add(reply, [{ atMs: 10 }], 0);
  reply.bytes.fill(0);
  assertEquals(delayed.takeDue(10).map(({ bytes }) => textOf(bytes)), ["Seq: 1"]);
});

Deno.test("copies are not counted, neither waiting nor overflowed", () => {
  const delayed = new DelayedReplies();
  for (let seq = 1; seq <= MAX_DELAYED / 2 + 1; seq++) {
    delayed.add(replyOf(seq), [{ atMs: 10 }, { atMs: 20 }], 0);
  }
  assertEquals([delayed.waiting, delayed.overflowed], [MAX_DELAYED / 2, 1]);
  const due = delayed.takeDue(10);
  assertEquals([due.length, delayed.waiting], [64, MAX_DELAYED / 2 - 64]);
});

Deno.test("replies that are due together leave in small lots, none of them later", () => {
  const delayed = new DelayedReplies();
  for (let seq = 1; seq <= 1000; seq++) delayed.add(replyOf(seq), [{ atMs: 30 }], 0);
  const lots: number[][] = [];
  while (delayed.nextAtMs <= 30) lots.push(delayed.takeDue(30).map(({ seq }) => seq));
  assertEquals(lots.flat(), Array.from({ length: 1000 }, (_, i) => i + 1));
  assert(lots.every((lot) => lot.length <= 64));
});
