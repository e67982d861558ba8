/** What libc does with Deno's sockets: structures and all, against what the kernel fills in. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { BATCH } from "../../lib/native/batch.ts";
import { isKnownSystem } from "../../lib/native/libc.ts";
import { NativeSocket } from "../../lib/native/native_socket.ts";
import { openSocket, type Socket } from "../../lib/runtime/socket.ts";
import type { Endpoint } from "../../lib/wire/endpoint.ts";
import { isGranted } from "../support/process.ts";
import { bytesOf, MAX_DATAGRAM_BYTES, textOf } from "../../lib/wire/grammar.ts";

const ignore = !isKnownSystem() || !isGranted({ name: "ffi" }) ||
  !isGranted({ name: "net", host: "127.0.0.1" });

/** Two sockets on one address, and libc's side of both. */
function pair(hostname: string) {
  const open = () => openSocket({ hostname, port: 0 }, NativeSocket.of);
  const [near, far] = [open(), open()];
  const close = () => [near, far].forEach((socket) => socket.close());
  return { near, far, close };
}

/** Reads `count` datagrams; on loopback, those that were sent can be read at once. */
function readAll(socket: Socket, count: number): { text: string; from: Endpoint }[] {
  const { native } = socket;
  const found = [];
  while (found.length < count) {
    const read = native!.read();
    assert(read > 0, `${found.length} of ${count} datagrams came`);
    for (let i = 0; i < read; i++) {
      found.push({ text: textOf(native!.bytes(i)), from: native!.from(i) });
    }
  }
  return found;
}

for (const hostname of ["127.0.0.1", "::1"]) {
  Deno.test({
    name: `datagrams come as they were sent, from where, at ${hostname}`,
    ignore,
    fn() {
      const { near, far, close } = pair(hostname);
      const texts = ["", "a", "x".repeat(MAX_DATAGRAM_BYTES)].slice(1);
      for (const text of texts) assert(near.native!.sendNow(bytesOf(text), far.local));
      const from = near.local;
      assertEquals(readAll(far, 2), texts.map((text) => ({ text, from })));
      assertEquals(far.native!.read(), 0);
      close();
    },
  });

  Deno.test({
    name: `a batch leaves in its order, more than one call takes, at ${hostname}`,
    ignore,
    fn() {
      const { near, far, close } = pair(hostname);
      const native = near.native!;
      const texts = Array.from({ length: BATCH + 6 }, (_, i) => `${i}${"y".repeat(i)}`);
      let left = 0;
      for (const text of texts) {
        if (native.isFull) left += native.flush();
        assert(native.put(bytesOf(text), far.local));
      }
      left += native.flush();
      assertEquals(left, texts.length);
      assertEquals(readAll(far, texts.length).map(({ text }) => text), texts);
      assertEquals(native.flush(), 0);
      close();
    },
  });
}

Deno.test({
  name: "a longer datagram shows by one byte more than the longest good one",
  ignore,
  async fn() {
    const { near, far, close } = pair("127.0.0.1");
    await near.send(new Uint8Array(3000), far.local);
    assertEquals(far.native!.read(), 1);
    assertEquals(far.native!.bytes(0).length, MAX_DATAGRAM_BYTES + 1);
    close();
  },
});

Deno.test({
  name:
    "the kernel's stamps say how long datagrams have waited, in a batch and after Deno's receive",
  ignore,
  async fn() {
    const { near, far, close } = pair("127.0.0.1");
    const sentMs = performance.now();
    for (const text of ["1", "2", "3"]) near.native!.sendNow(bytesOf(text), far.local);
    await far.receive(new Uint8Array(9));
    const nowMs = performance.now();
    const first = far.native!.waitedMs(nowMs)!;
    assert(first >= 0 && first <= nowMs - sentMs, `${first} of ${nowMs - sentMs} ms`);
    assertEquals(far.native!.read(), 2);
    const waited = [0, 1].map((i) => far.native!.waitedMsOf(i, nowMs + 1000)! - 1000);
    for (const ms of waited) assert(ms >= 0 && ms <= nowMs - sentMs, `${ms}`);
    assert(waited[0]! >= waited[1]!);
    // Deno's receive goes on as before, and so do the stamps after it.
    near.native!.sendNow(bytesOf("4"), far.local);
    const [bytes] = await far.receive(new Uint8Array(9));
    assertEquals(textOf(bytes), "4");
    assertAlmostEquals(far.native!.waitedMs(performance.now())!, 0, 50);
    close();
  },
});

Deno.test({
  name: "what can't be sent says so, and what is put back can be sent by Deno",
  ignore,
  fn() {
    const { near, far, close } = pair("127.0.0.1");
    const native = near.native!;
    // Another family, no address, and one byte too many.
    assertEquals(native.sendNow(bytesOf("1"), { hostname: "::1", port: 9 }), false);
    assertEquals(native.sendNow(bytesOf("1"), { hostname: "localhost", port: 9 }), false);
    assertEquals(native.put(new Uint8Array(MAX_DATAGRAM_BYTES + 1), far.local), false);
    // The second of three stops the batch; the third is still there.
    native.put(bytesOf("1"), far.local);
    native.put(bytesOf("2"), { hostname: "::1", port: 9 });
    native.put(bytesOf("3"), far.local);
    assertEquals(native.flush(), 1);
    assertEquals([1, 2].map((i) => textOf(native.outgoing(i))), ["2", "3"]);
    close();
  },
});

Deno.test({
  name: "after a close nothing is called: the descriptor may be another's",
  ignore,
  fn() {
    const { near, far } = pair("127.0.0.1");
    const native = near.native!;
    native.put(bytesOf("1"), far.local);
    near.close();
    // It has the number that is free now, and so what is called with that would be its.
    const other = openSocket({ hostname: "127.0.0.1", port: 0 }, NativeSocket.of);
    other.native!.sendNow(bytesOf("for other"), other.local);
    assertEquals(native.sendNow(bytesOf("2"), far.local), false);
    assertEquals([native.flush(), native.read()], [0, 0]);
    assertEquals(native.waitedMs(0), undefined);
    assertEquals([far.native!.read(), other.native!.read()], [0, 1]);
    far.close();
    other.close();
  },
});

Deno.test({
  name: "a socket that nobody has bound is not found",
  ignore,
  fn() {
    const { local, close } = openSocket({ hostname: "127.0.0.1", port: 0 });
    close();
    assertThrows(() => NativeSocket.of(local), Error, "no descriptor is bound to 127.0.0.1, port ");
  },
});
