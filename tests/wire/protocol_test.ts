import { assertEquals } from "@std/assert";
import { sealOf } from "../support/toy_seal.ts";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";
import { keyedProtocol, plainProtocol, type SentSoFar } from "../../lib/wire/protocol.ts";
import { replyText } from "../../lib/wire/reply.ts";
import { requestText } from "../../lib/wire/request.ts";
import { openRequest, sealReply } from "../../lib/wire/seal.ts";

const WALL_MS = 1_763_824_000_123.456;
const RUN = "0123456789abcdef0123456789abcdef";
/** A client that has sent this many heartbeats, each at WALL_MS. */
const sentUpTo = (last: number): SentSoFar => ({
  last,
  wallMsOf: (seq) => seq >= 1 && seq <= last ? WALL_MS : undefined,
});

const PLAIN = {
  proven: false,
  timeDifferenceS: 0.25,
  echo: undefined,
  count: undefined,
  heldS: undefined,
};

Deno.test("a plain protocol writes three fields and no more", () => {
  const text = "Heartbeat 12 1763824000.123456467";
  const plain = plainProtocol().encode(12, WALL_MS);
  assertEquals([plain.text, textOf(plain.bytes)], [text, text]);
});

Deno.test("an echo is an answer, in any case of letters, and only the heartbeat's own", () => {
  const protocol = plainProtocol();
  const { text } = protocol.encode(3, WALL_MS);
  const read = (echo: string) => protocol.decode(bytesOf(echo), sentUpTo(5));
  const answer = { seq: 3, ...PLAIN, timeDifferenceS: undefined, proven: true };
  for (const echo of [text, text.toUpperCase(), text.toLowerCase()]) {
    assertEquals(read(echo), answer, echo);
  }
  // Another time, another number, and a number that was never sent.
  assertEquals(read(requestText(3, WALL_MS + 1)), "wrong_echo");
  assertEquals(read(text.replace(" 3 ", " 4 ")), "wrong_echo");
  assertEquals(read(text.replace(" 3 ", " 9 ")), { ...answer, seq: 9, proven: false });
  for (const other of [`${text} `, `${text}\n`, ` ${text}`, text.slice(0, -1), `${text}0`]) {
    assertEquals(read(other), "not_a_reply", other);
  }
});

Deno.test("a reply that echoes another time than its heartbeat's is none", () => {
  const read = (echo: string) =>
    plainProtocol().decode(bytesOf(`${replyText(3, 0.25)}, Echo: ${echo}`), sentUpTo(3));
  const decimals = requestText(3, WALL_MS).slice(-9);
  assertEquals(read(decimals), { seq: 3, ...PLAIN, echo: decimals, proven: true });
  assertEquals(read("123456000"), "wrong_echo");
});

Deno.test("a keyed protocol seals what it writes, and believes only sealed replies to its run", () => {
  const seal = sealOf("secret");
  const protocol = keyedProtocol(RUN, seal);
  const { text, bytes } = protocol.encode(1, WALL_MS);
  assertEquals(text, requestText(1, WALL_MS));
  // An echo would prove no key.
  assertEquals(protocol.decode(bytes, sentUpTo(1)), "unauthenticated");
  const opened = openRequest(bytes, seal);
  assertEquals(typeof opened !== "string" && textOf(opened), `${text} run=${RUN}`);
  const reply = bytesOf(replyText(1, 0.25));
  assertEquals(protocol.decode(reply, sentUpTo(1)), "unauthenticated");
  assertEquals(protocol.decode(sealReply(reply, RUN, sealOf("another")), sentUpTo(1)), "bad_mac");
  assertEquals(protocol.decode(sealReply(reply, RUN, seal), sentUpTo(1)), {
    seq: 1,
    ...PLAIN,
    proven: true,
  });
});

Deno.test("a count is believed only if it speaks of this heartbeat, and of none that was never sent", () => {
  const protocol = plainProtocol();
  const countOf = (received: number, first: number, highest: number) => {
    const reply = bytesOf(`${replyText(5, 0.25)}, Count: ${received}/${first}-${highest}`);
    const read = protocol.decode(reply, sentUpTo(7));
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
  const sent = sentUpTo(1);
  assertEquals(plainProtocol().decode(bytesOf("Hello"), sent), "not_a_reply");
  assertEquals(plainProtocol().decode(new Uint8Array(), sent), "empty");
  const seal = sealOf("secret");
  const hello = sealReply(bytesOf("Hello"), RUN, seal);
  assertEquals(keyedProtocol(RUN, seal).decode(hello, sent), "not_a_reply");
});
