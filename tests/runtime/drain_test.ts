import { assertEquals } from "@std/assert";
import type { Instant, Machine, Output, Transmit } from "../../lib/machine/machine.ts";
import type { NativeSocket } from "../../lib/native/native_socket.ts";
import { drain } from "../../lib/runtime/drain.ts";
import type { Endpoint } from "../../lib/wire/endpoint.ts";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";

type Event = { readonly type: "seen"; readonly text: string };

const FROM: Endpoint = { hostname: "192.0.2.1", port: 5 };
const NOW: Instant = { monotonicMs: 1000, wallMs: 0 };

/** libc's side of a socket: batches that wait, and how many replies each flush lets leave. */
function socketOf(batches: string[][], leaves: (flush: number) => number, room = 4) {
  let inbox: string[] = [];
  let outbox: Uint8Array[] = [];
  let flushed: Uint8Array[] = [];
  const left: string[] = [];
  let flushes = 0;
  const native: Partial<NativeSocket> = {
    batch: 3,
    read: () => (inbox = batches.shift() ?? []).length,
    bytes: (i) => bytesOf(inbox[i]!) as Uint8Array<ArrayBuffer>,
    from: () => FROM,
    waitedMsOf: () => undefined,
    get isFull() {
      return outbox.length === room;
    },
    put(bytes) {
      if (textOf(bytes).includes("too long")) return false;
      outbox.push(bytes.slice());
      return true;
    },
    flush() {
      [flushed, outbox] = [outbox, []];
      const count = flushed.length === 0 ? 0 : Math.min(flushed.length, leaves(flushes++));
      left.push(...flushed.slice(0, count).map(textOf));
      return count;
    },
    outgoing: (i) => flushed[i]! as Uint8Array<ArrayBuffer>,
  };
  return { native: native as NativeSocket, left };
}

/** A machine that answers each text, "twice" two times, and reports it. */
function echo(): Machine<Event> {
  return {
    finished: false,
    receive(bytes: Uint8Array): Output<Event>[] {
      const text = textOf(bytes);
      const reply = (copy: string): Transmit => ({
        type: "transmit",
        to: FROM,
        bytes: bytesOf(`${copy} ${text}`) as Uint8Array<ArrayBuffer>,
        seq: 1,
      });
      const replies = text === "silent" ? [] : [reply("re")];
      return [...replies, ...(text === "twice" ? [reply("again")] : []), { type: "seen", text }];
    },
  } as unknown as Machine<Event>;
}

async function drained(batches: string[][], leaves: (flush: number) => number, room?: number) {
  const { native, left } = socketOf(batches, leaves, room);
  const seen: string[] = [];
  const byDeno: [string, string][] = [];
  await drain(native, {
    machine: echo(),
    readClocks: () => NOW,
    perform(outputs) {
      for (const output of outputs) if (output.type === "seen") seen.push((output as Event).text);
      return Promise.resolve();
    },
    sendByDeno(reply, bytes) {
      byDeno.push([textOf(reply.bytes), textOf(bytes)]);
      return Promise.resolve();
    },
  });
  return { left, seen, byDeno };
}

Deno.test("what waits is answered in its order, and what is no reply carried out", async () => {
  const { left, seen, byDeno } = await drained([["a", "twice"], ["never read"]], () => 9);
  assertEquals(left, ["re a", "re twice", "again twice"]);
  assertEquals([seen, byDeno], [["a", "twice"], []]);
});

Deno.test("after a full batch the next one is read, four at most", async () => {
  const batches = Array.from({ length: 6 }, (_, i) => [`${i}a`, `${i}b`, `${i}c`]);
  const { seen } = await drained(batches, () => 9);
  assertEquals([seen.length, seen.at(-1)], [12, "3c"]);
});

Deno.test("replies that did not leave go to Deno, each with its own bytes", async () => {
  const { left, byDeno } = await drained([["a", "b", "silent"]], () => 1);
  assertEquals(left, ["re a"]);
  assertEquals(byDeno, [["re b", "re b"]]);
});

Deno.test("when there is no more room, what was put leaves first", async () => {
  // There are two places. Of "a" and "b" only the first leaves, and then both replies to "twice".
  const { left, byDeno } = await drained([["a", "b", "twice"]], (flush) => flush === 0 ? 1 : 9, 2);
  assertEquals(left, ["re a", "re twice", "again twice"]);
  assertEquals(byDeno, [["re b", "re b"]]);
});

Deno.test("a reply that has no room in a batch goes to Deno", async () => {
  const { left, byDeno } = await drained([["a", "too long", "b"]], () => 9);
  assertEquals(left, ["re a", "re b"]);
  assertEquals(byDeno, [["re too long", "re too long"]]);
});
