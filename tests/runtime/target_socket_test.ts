import { assert, assertEquals, assertRejects } from "@std/assert";
import { openSocket } from "../../lib/runtime/socket.ts";
import { openSocketTo } from "../../lib/runtime/target_socket.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";

const ignore = typeof Deno.listenDatagram !== "function" ||
  ["127.0.0.1", "[::1]", "[fe80::1]", "[fe80::2]"].some((host) =>
    Deno.permissions.querySync({ name: "net", host }).state !== "granted"
  );

/** An address on a link that this machine doesn't have. */
const UNSENDABLE = "fe80::1%99";

Deno.test({
  name: "a socket sends from the target's family, or from the given source",
  ignore,
  async fn() {
    const open = async (addresses: string[], source?: string) => {
      const socket = await openSocketTo({ addresses, port: 9, source });
      socket.close();
      return [socket.target.hostname, socket.local.hostname, ...socket.others];
    };
    assertEquals(await open(["127.0.0.1"]), ["127.0.0.1", "0.0.0.0"]);
    assertEquals(await open(["::1"]), ["::1", "::"]);
    assertEquals(await open(["127.0.0.1"], "127.0.0.2"), ["127.0.0.1", "127.0.0.2"]);
    assertEquals(await open(["127.0.0.1", "::1"]), ["127.0.0.1", "0.0.0.0", "::1"]);
    assertEquals(await open(["127.0.0.1", "::1"], "::1"), ["::1", "::1", "127.0.0.1"]);
    await assertRejects(
      () => open(["::1"], "127.0.0.1"),
      OperatorError,
      "--source 127.0.0.1 can't send to ::1: expected an IPv6 address",
    );
  },
});

Deno.test({
  name: "where the first datagram can't be sent, it goes to the next address; then that stays",
  ignore,
  async fn() {
    const server = openSocket({ hostname: "127.0.0.1", port: 0 });
    const moves: unknown[] = [];
    const socket = await openSocketTo({
      addresses: [UNSENDABLE, "127.0.0.1", "::1"],
      port: server.local.port,
      onMoved: (from, to, reason) => moves.push([from.hostname, to.hostname, reason !== ""]),
    });
    const { target } = socket;
    const buffer = new Uint8Array(9);
    const receiving = socket.receive(buffer);
    // Both leave at once: the second must not move on from what the first has found.
    await Promise.all(["1", "2"].map((text) => socket.send(bytesOf(text), target)));
    assertEquals([target.hostname, socket.others], ["127.0.0.1", [UNSENDABLE, "::1"]]);
    assertEquals(moves, [[UNSENDABLE, "127.0.0.1", true]]);
    const heard = [];
    for (let i = 0; i < 2; i++) {
      const [bytes, from] = await server.receive(new Uint8Array(9));
      heard.push(textOf(bytes));
      assertEquals(from.port, socket.local.port);
    }
    assertEquals(heard.sort(), ["1", "2"]);
    // The receive that waited while the family changed goes on with the new socket.
    await server.send(bytesOf("3"), { hostname: "127.0.0.1", port: socket.local.port });
    assertEquals(textOf((await receiving)[0]), "3");
    socket.close();
    server.close();
    await assertRejects(() => socket.receive(buffer));
  },
});

Deno.test({
  name: "where none can be sent to, the first address and its reason stay",
  ignore,
  async fn() {
    const moves: string[] = [];
    const addresses = [UNSENDABLE, "fe80::2%nowhere"];
    const socket = await openSocketTo({ addresses, port: 9, onMoved: () => moves.push("moved") });
    const reason = await socket.send(bytesOf("1"), socket.target).then(() => "", String);
    assert(reason !== "" && !reason.includes("lookup"), reason);
    assertEquals([socket.target.hostname, moves], [UNSENDABLE, []]);
    socket.close();
  },
});
