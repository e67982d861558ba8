import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { openSocket, requireSendPermission, sourceFor } from "../../lib/runtime/socket.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";

const LOOPBACK = { hostname: "127.0.0.1", port: 0 };
const ignore = typeof Deno.listenDatagram !== "function" ||
  Deno.permissions.querySync({ name: "net", host: "127.0.0.1" }).state !== "granted";

Deno.test("the source is of the target's family: any address, or the given one", () => {
  assertEquals(sourceFor({ hostname: "127.0.0.1", port: 1 }, undefined), "0.0.0.0");
  assertEquals(sourceFor({ hostname: "::1", port: 1 }, undefined), "::");
  assertEquals(sourceFor({ hostname: "127.0.0.1", port: 1 }, "127.0.0.2"), "127.0.0.2");
  assertThrows(
    () => sourceFor({ hostname: "::1", port: 1 }, "127.0.0.1"),
    OperatorError,
    "--source 127.0.0.1 can't send to ::1: expected an IPv6 address",
  );
});

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
  name: "a granted permission to send lets the client start",
  ignore,
  async fn() {
    await requireSendPermission({ hostname: "127.0.0.1", port: 9 });
  },
});
