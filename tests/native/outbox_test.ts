/** What leaves as one message, and what then comes, from the real kernel. */

import { assert, assertEquals } from "@std/assert";
import { ADDRESS_BYTES, writeAddress } from "../../lib/native/addresses.ts";
import { BATCH } from "../../lib/native/batch.ts";
import { findDescriptor } from "../../lib/native/descriptor.ts";
import { isKnownSystem, type Libc, LINUX, openLibrary } from "../../lib/native/libc.ts";
import { Outbox } from "../../lib/native/outbox.ts";
import { bytesOf, MAX_DATAGRAM_BYTES, textOf } from "../../lib/wire/grammar.ts";
import { isGranted } from "../support/process.ts";

const ignore = !isKnownSystem() || !isGranted({ name: "ffi" }) ||
  !isGranted({ name: "net", host: "127.0.0.1" });

/** The number of an option by which no checksums are wanted: with it, the kernel cuts nothing. */
const SO_NO_CHECK = 11;

/** An outbox and receivers at an address, and how many messages each call was given. */
function post(hostname: string, receivers = 1) {
  const open = () => Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
  const sender = open();
  const to = Array.from({ length: receivers }, open);
  const library = openLibrary();
  const { symbols } = library;
  const descriptor = findDescriptor(symbols, sender.addr as Deno.NetAddr);
  const calls: number[] = [];
  const libc: Libc = {
    ...symbols,
    sendmmsg(socket, headers, count, flags) {
      calls.push(count);
      return symbols.sendmmsg(socket, headers, count, flags);
    },
  };
  const addresses = to.map(({ addr }) => {
    const address = new Uint8Array(ADDRESS_BYTES);
    return address.slice(0, writeAddress(address, 0, addr as Deno.NetAddr, () => 0));
  });
  return {
    outbox: new Outbox(libc, descriptor),
    addresses,
    calls,
    /** Has the kernel refuse to cut, or no longer. */
    refuse(isRefused: boolean) {
      const option = new Uint8Array(new Int32Array([Number(isRefused)]).buffer);
      assertEquals(symbols.setsockopt(descriptor, LINUX.SOL_SOCKET, SO_NO_CHECK, option, 4), 0);
    },
    /** What comes next to a receiver. */
    async next(receiver: number, count: number) {
      const texts: string[] = [];
      while (texts.length < count) texts.push(textOf((await to[receiver]!.receive())[0]));
      return texts;
    },
    close() {
      for (const socket of [sender, ...to]) socket.close();
      library.close();
    },
  };
}

/** Texts of one length, each its own. */
function equallyLong(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `reply ${String(i).padStart(4, "0")}`);
}

for (const hostname of ["127.0.0.1", "::1"]) {
  Deno.test({
    name: `a full batch to one receiver leaves as one, and comes as it was put, at ${hostname}`,
    ignore,
    async fn() {
      const { outbox, addresses, calls, next, close } = post(hostname);
      const texts = equallyLong(BATCH);
      for (const text of texts) assert(outbox.put(bytesOf(text), addresses[0]!));
      assertEquals([outbox.isFull, outbox.put(bytesOf("more"), addresses[0]!)], [true, false]);
      assertEquals(outbox.flush(), BATCH);
      assertEquals(calls, [1]);
      assertEquals(await next(0, BATCH), texts);
      close();
    },
  });
}

Deno.test({
  name: "a batch that is not full leaves datagram by datagram",
  ignore,
  async fn() {
    const { outbox, addresses, calls, next, close } = post("127.0.0.1");
    const texts = equallyLong(BATCH - 1);
    for (const text of texts) outbox.put(bytesOf(text), addresses[0]!);
    assertEquals(outbox.flush(), BATCH - 1);
    assertEquals(calls, [BATCH - 1]);
    assertEquals(await next(0, BATCH - 1), texts);
    close();
  },
});

Deno.test({
  name: "only neighbours of one length and to one receiver leave as one; the last may be shorter",
  ignore,
  async fn() {
    const { outbox, addresses, calls, next, close } = post("127.0.0.1", 2);
    // To the first: 20 of 10 bytes and one of 4; then one of 11, and one of none. To the second: 41
    // of 10 bytes.
    const first = [...equallyLong(20), "last", "longer than", ""];
    const second = equallyLong(BATCH - first.length);
    for (const text of first) outbox.put(bytesOf(text), addresses[0]!);
    for (const text of second) outbox.put(bytesOf(text), addresses[1]!);
    assertEquals(outbox.flush(), BATCH);
    assertEquals(calls, [4]);
    assertEquals(await next(0, first.length), first);
    assertEquals(await next(1, second.length), second);
    close();
  },
});

Deno.test({
  name: "the longest datagrams leave as messages that IP can carry",
  ignore,
  async fn() {
    const { outbox, addresses, calls, next, close } = post("127.0.0.1");
    const texts = Array.from(
      { length: BATCH },
      (_, i) => String.fromCharCode(48 + i).repeat(MAX_DATAGRAM_BYTES),
    );
    for (const text of texts) outbox.put(bytesOf(text), addresses[0]!);
    assertEquals(outbox.flush(), BATCH);
    assertEquals(calls, [2]);
    assertEquals(await next(0, BATCH), texts);
    close();
  },
});

Deno.test({
  name: "what the system does not cut leaves datagram by datagram, at last without being asked",
  ignore,
  async fn() {
    const { outbox, addresses, calls, next, refuse, close } = post("127.0.0.1");
    const texts = equallyLong(BATCH);
    const send = async () => {
      for (const text of texts) outbox.put(bytesOf(text), addresses[0]!);
      assertEquals(outbox.flush(), BATCH);
      assertEquals(await next(0, BATCH), texts);
      return calls.splice(0);
    };
    refuse(true);
    assertEquals([await send(), await send()], [[1, BATCH], [1, BATCH]]);
    // A success between them shows that it was something else.
    refuse(false);
    assertEquals(await send(), [1]);
    refuse(true);
    for (let i = 0; i < 3; i++) assertEquals(await send(), [1, BATCH]);
    assertEquals(await send(), [BATCH]);
    close();
  },
});

Deno.test({
  name: "what can't leave at all, joined or not, stops a full batch, and is still there",
  ignore,
  async fn() {
    const { outbox, addresses, calls, next, close } = post("127.0.0.1");
    const texts = equallyLong(BATCH);
    // An address of another family, which this socket can't reach.
    const unreachable = new Uint8Array(ADDRESS_BYTES);
    writeAddress(unreachable, 0, { hostname: "::1", port: 9 }, () => 0);
    for (const [i, text] of texts.entries()) {
      outbox.put(bytesOf(text), i < 40 ? addresses[0]! : unreachable);
    }
    assertEquals(outbox.flush(), 40);
    assertEquals(calls, [2, BATCH - 40]);
    assertEquals(await next(0, 40), texts.slice(0, 40));
    assertEquals(textOf(outbox.outgoing(40)), texts[40]);
    close();
  },
});
