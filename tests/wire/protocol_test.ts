import { assertEquals } from "@std/assert";
import { sealOf } from "../support/toy_seal.ts";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";
import { keyedProtocol, plainProtocol } from "../../lib/wire/protocol.ts";
import { replyText } from "../../lib/wire/reply.ts";
import { openRequest, sealReply } from "../../lib/wire/seal.ts";

const WALL_MS = 1_763_824_000_123.456;
const RUN = "0123456789abcdef0123456789abcdef";
const COUNTED = (received: number, first: number, highest: number) =>
  `, Received: ${received}, First: ${first}, Highest: ${highest}, Held: 0.000010`;

Deno.test("a plain protocol writes the source document's heartbeat, with the run where it has one", () => {
  const text = "Heartbeat 12 1763824000.123456";
  const plain = plainProtocol().encode(12, WALL_MS);
  assertEquals([plain.text, textOf(plain.bytes)], [text, text]);
  const named = plainProtocol("9f3a01c2").encode(12, WALL_MS);
  assertEquals([named.text, textOf(named.bytes)], [text, `${text} run=9f3a01c2`]);
});

Deno.test("a keyed protocol seals what it writes, and believes only sealed replies to its run", () => {
  const seal = sealOf("secret");
  const protocol = keyedProtocol(RUN, seal);
  const { text, bytes } = protocol.encode(1, WALL_MS);
  const opened = openRequest(bytes, seal);
  assertEquals(typeof opened !== "string" && textOf(opened), `${text} run=${RUN}`);
  const reply = bytesOf(replyText(1, 0.25));
  assertEquals(protocol.decode(reply, { last: 1 }), "unauthenticated");
  assertEquals(protocol.decode(sealReply(reply, RUN, sealOf("another")), { last: 1 }), "bad_mac");
  assertEquals(protocol.decode(sealReply(reply, RUN, seal), { last: 1 }), {
    seq: 1,
    timeDifferenceS: 0.25,
    count: undefined,
  });
});

Deno.test("a count is believed only if it speaks of this heartbeat, and of none that was never sent", () => {
  const protocol = plainProtocol("9f3a01c2");
  const countOf = (received: number, first: number, highest: number) => {
    const reply = bytesOf(`${replyText(5, 0.25)}${COUNTED(received, first, highest)}`);
    const read = protocol.decode(reply, { last: 7 });
    return typeof read === "string" ? read : read.count?.received;
  };
  assertEquals([countOf(3, 1, 7), countOf(3, 5, 7), countOf(3, 1, 5)], [3, 3, 3]);
  // One that was never sent, one that begins after this heartbeat, and one that ends before it.
  assertEquals([countOf(3, 1, 8), countOf(2, 6, 7), countOf(2, 1, 4)], [
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("a datagram that is no reply is named, with a key and without", () => {
  const sent = { last: 1 };
  assertEquals(plainProtocol().decode(bytesOf("Hello"), sent), "not_a_reply");
  assertEquals(plainProtocol().decode(new Uint8Array(), sent), "empty");
  const seal = sealOf("secret");
  const hello = sealReply(bytesOf("Hello"), RUN, seal);
  assertEquals(keyedProtocol(RUN, seal).decode(hello, sent), "not_a_reply");
});
