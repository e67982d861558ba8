/** What leaves as one message, and what then comes, from the real kernel. */

import { assert, assertEquals } from "@std/assert";
import { ADDRESS_BYTES, writeAddress } from "../../lib/native/addresses.ts";
import { BATCH } from "../../lib/native/batch.ts";
import { findDescriptor } from "../../lib/native/descriptor.ts";
import { isKnownSystem, type Libc, LINUX, openLibrary } from "../../lib/native/libc.ts";
import { Outbox } from "../../lib/native/outbox.ts";
import type { Endpoint } from "../../lib/wire/endpoint.ts";
import { bytesOf, MAX_DATAGRAM_BYTES, textOf } from "../../lib/wire/grammar.ts";
import { isGranted } from "../support/process.ts";

const ignore = !isKnownSystem() || !isGranted({ name: "ffi" }) ||
  !isGranted({ name: "net", host: "127.0.0.1" });

/** The number of an option by which no checksums are wanted: with it, the kernel cuts nothing. */
const SO_NO_CHECK = 11;

/** An outbox, receivers at these addresses, and how many messages each call was given. */
function post(hostnames: readonly string[], knowsSegments = true) {
  const open = (hostname: string, port = 0) =>
    Deno.listenDatagram({ transport: "udp", hostname, port });
  const sender = open(hostnames[0]!);
  const first = open(hostnames[0]!);
  // Where the addresses differ, nothing else does.
  const others = hostnames.slice(1).map((hostname) =>
    hostname === hostnames[0] ? open(hostname) : open(hostname, (first.addr as Deno.NetAddr).port)
  );
  const to = [first, ...others];
  const library = openLibrary();
  const { symbols } = library;
  const descriptor = findDescriptor(symbols, sender.addr as Deno.NetAddr);
  const calls: number[] = [];
  const libc: Libc = {
    ...symbols,
    setsockopt: (...args) => knowsSegments ? symbols.setsockopt(...args) : -1,
    sendmmsg(socket, headers, count, flags) {
      calls.push(count);
      return symbols.sendmmsg(socket, headers, count, flags);
    },
  };
  const addresses = to.map(({ addr }) => addressOf(addr as Deno.NetAddr));
  const outbox = new Outbox(libc, descriptor);
  return {
    outbox,
    calls,
    /** Puts texts to a receiver. */
    put(receiver: number, ...texts: readonly string[]) {
      for (const text of texts) assert(outbox.put(bytesOf(text), addresses[receiver]!));
    },
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

function addressOf(endpoint: Endpoint): Uint8Array {
  const address = new Uint8Array(ADDRESS_BYTES);
  return address.slice(0, writeAddress(address, 0, endpoint, () => 0));
}

/** An address of another family, which a socket of IPv4 can't send to. */
const UNREACHABLE = addressOf({ hostname: "::1", port: 9 });

/** Texts of one length, each its own. */
function equallyLong(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `reply ${String(i).padStart(4, "0")}`);
}

for (const hostname of ["127.0.0.1", "::1"]) {
  Deno.test({
    name: `a flood's replies leave as few messages, and come as they were put, at ${hostname}`,
    ignore,
    async fn() {
      const { outbox, calls, put, next, close } = post([hostname]);
      const texts = equallyLong(BATCH);
      put(0, ...texts);
      assertEquals([outbox.isFull, outbox.put(bytesOf("more"), UNREACHABLE)], [true, false]);
      assertEquals(outbox.flush(true), BATCH);
      // 63 and one: more were too long for a message before Linux 5.16.
      assertEquals(calls, [2]);
      assertEquals(await next(0, BATCH), texts);
      close();
    },
  });
}

Deno.test({
  name: "without a flood each datagram is a message",
  ignore,
  async fn() {
    const { outbox, calls, put, next, close } = post(["127.0.0.1"]);
    const texts = equallyLong(BATCH);
    put(0, ...texts);
    assertEquals(outbox.flush(false), BATCH);
    assertEquals(calls, [BATCH]);
    assertEquals(await next(0, BATCH), texts);
    assertEquals(outbox.flush(false), 0);
    close();
  },
});

Deno.test({
  name: "a kernel that doesn't know segments is never given any",
  ignore,
  async fn() {
    const { outbox, calls, put, next, close } = post(["127.0.0.1"], false);
    const texts = equallyLong(BATCH);
    put(0, ...texts);
    assertEquals(outbox.flush(true), BATCH);
    assertEquals(calls, [BATCH]);
    assertEquals(await next(0, BATCH), texts);
    close();
  },
});

Deno.test({
  name: "only neighbours of one length and to one receiver leave as one; the last may be shorter",
  ignore,
  async fn() {
    const { outbox, calls, put, next, close } = post(["127.0.0.1"]);
    const texts = [...equallyLong(20), "last", "longer than", "", "", "pair", "p"];
    put(0, ...texts);
    assertEquals(outbox.flush(true), texts.length);
    // 20 and "last"; "longer than"; two that are empty; "pair" and "p".
    assertEquals(calls, [5]);
    assertEquals(await next(0, texts.length), texts);
    close();
  },
});

for (
  const [difference, hostnames] of [
    ["port", ["127.0.0.1", "127.0.0.1"]],
    ["address", ["127.0.0.1", "127.0.0.2"]],
    ["port in IPv6", ["::1", "::1"]],
  ] as const
) {
  Deno.test({
    name: `a receiver of another ${difference} gets its own datagrams, and no others`,
    ignore,
    async fn() {
      const { outbox, calls, put, next, close } = post(hostnames);
      const texts = equallyLong(61);
      put(0, ...texts.slice(0, 20));
      put(1, ...texts.slice(20, 43));
      put(0, "short");
      put(1, "rather longer", "pair");
      put(0, ...texts.slice(43));
      assertEquals(outbox.flush(true), BATCH);
      assertEquals(calls, [5]);
      assertEquals(await next(0, 39), [...texts.slice(0, 20), "short", ...texts.slice(43)]);
      assertEquals(await next(1, 25), [...texts.slice(20, 43), "rather longer", "pair"]);
      close();
    },
  });
}

Deno.test({
  name: "the longest datagrams leave as messages that IP can carry",
  ignore,
  async fn() {
    const { outbox, calls, put, next, close } = post(["127.0.0.1"]);
    const texts = Array.from(
      { length: BATCH },
      (_, i) => String.fromCharCode(48 + i).repeat(MAX_DATAGRAM_BYTES),
    );
    put(0, ...texts);
    assertEquals(outbox.flush(true), BATCH);
    assertEquals(calls, [2]);
    assertEquals(await next(0, BATCH), texts);
    close();
  },
});

Deno.test({
  name: "what the system does not cut leaves datagram by datagram; after three times at once",
  ignore,
  async fn() {
    const { outbox, calls, put, next, refuse, close } = post(["127.0.0.1"]);
    const texts = equallyLong(BATCH);
    const send = async () => {
      put(0, ...texts);
      assertEquals(outbox.flush(true), BATCH);
      assertEquals(await next(0, BATCH), texts);
      return calls.splice(0);
    };
    refuse(true);
    assertEquals([await send(), await send()], [[2, BATCH], [2, BATCH]]);
    // A success between them shows that it was something else.
    refuse(false);
    assertEquals(await send(), [2]);
    refuse(true);
    for (let i = 0; i < 3; i++) assertEquals(await send(), [2, BATCH]);
    refuse(false);
    for (let i = 0; i < 1000; i++) assertEquals(await send(), [BATCH]);
    // The MTU may have risen since.
    assertEquals(await send(), [2]);
    close();
  },
});

Deno.test({
  name: "what can't leave at all, joined or not, stops a batch, is still there, and is no refusal",
  ignore,
  async fn() {
    const { outbox, calls, put, next, refuse, close } = post(["127.0.0.1"]);
    const texts = equallyLong(BATCH);
    for (let i = 0; i < 3; i++) {
      for (const text of texts.slice(40)) assert(outbox.put(bytesOf(text), UNREACHABLE));
      assertEquals(outbox.flush(true), 0);
      assertEquals(textOf(outbox.outgoing(1)), texts[41]);
      assertEquals(calls.splice(0), [1, 24]);
    }
    // The first leaves, all else can't be joined, and the last can't leave at all.
    refuse(true);
    put(0, "x", ...texts.slice(0, 39));
    for (const text of texts.slice(40)) assert(outbox.put(bytesOf(text), UNREACHABLE));
    assertEquals(outbox.flush(true), 40);
    assertEquals(calls, [3, 63]);
    assertEquals(await next(0, 40), ["x", ...texts.slice(0, 39)]);
    assertEquals(textOf(outbox.outgoing(40)), texts[40]);
    close();
  },
});
