import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { openSocket } from "../../lib/runtime/socket.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";

const LOOPBACK = { hostname: "127.0.0.1", port: 0 };
const ignore = typeof Deno.listenDatagram !== "function" ||
  Deno.permissions.querySync({ name: "net", host: "127.0.0.1" }).state !== "granted";

Deno.test({
  name: "a datagram arrives with the endpoint that it came from",
  ignore,
  async fn() {
    const [one, other] = [openSocket(LOOPBACK), openSocket(LOOPBACK)];
    assert(one.local.port > 0 && one.local.port !== other.local.port);
    await one.send(bytesOf("hello"), other.local);
    const [bytes, from] = await other.receive(new Uint8Array(100));
    assertEquals([textOf(bytes), from.hostname, from.port], ["hello", "127.0.0.1", one.local.port]);
    one.close();
    other.close();
  },
});

Deno.test({
  name: "closing a socket ends the receive that waits, and closing it again does nothing",
  ignore,
  async fn() {
    const socket = openSocket(LOOPBACK);
    const receiving = socket.receive(new Uint8Array(100));
    socket.close();
    socket.close();
    await assertRejects(() => receiving);
  },
});

Deno.test({
  name: "a port that is taken is an operator's error, which says what to do",
  ignore,
  fn() {
    const { local, close } = openSocket(LOOPBACK);
    const error = assertThrows(() => openSocket(local), OperatorError);
    assertEquals(
      error.message,
      `UDP port ${local.port} is taken on 127.0.0.1; stop the program that has it, or choose ` +
        "another port (0 picks a free one)",
    );
    close();
  },
});

Deno.test({
  name: "an address on a link needs the name of a link that there is",
  // No list of addresses that Deno takes can name a zone.
  ignore: ignore || Deno.permissions.querySync({ name: "net" }).state !== "granted",
  fn() {
    const open = (hostname: string) => () => openSocket({ hostname, port: 0 });
    assertThrows(
      open("fe80::1"),
      OperatorError,
      "can't open [fe80::1]:0: it lies on a link, which must be named, such as fe80::1%eth0",
    );
    assertThrows(open("fe80::1%99"), OperatorError, "; is there a link 99 on this machine?");
  },
});
