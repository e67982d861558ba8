import { assert, assertEquals } from "@std/assert";
import { bytesOf, MAX_DATAGRAM_BYTES, textOf } from "../../lib/wire/grammar.ts";
import {
  openReply,
  openRequest,
  REPLY_MAC_LENGTH,
  sealReply,
  sealRequest,
} from "../../lib/wire/seal.ts";
import { sealOf } from "../support/toy_seal.ts";

const seal = sealOf("secret");
const other = sealOf("another");
const RUN = "0123456789abcdef0123456789abcdef";

Deno.test("a sealed datagram can be opened, and has nothing added but its code", () => {
  const request = bytesOf("Heartbeat 12 1763824000.123456 run=0123");
  const sealed = sealRequest(request, seal);
  assertEquals(
    /^Heartbeat 12 1763824000\.123456 run=0123 mac=[0-9a-f]{32}$/.test(textOf(sealed)),
    true,
  );
  assertEquals(openRequest(sealed, seal), request);
  const reply = bytesOf("Seq: 12, Time Difference: 0.000123 seconds");
  const answer = sealReply(reply, RUN, seal);
  assertEquals(/ seconds, Mac: [0-9a-f]{32}$/.test(textOf(answer)), true);
  assertEquals(answer.length, reply.length + REPLY_MAC_LENGTH);
  assertEquals(openReply(answer, RUN, seal), reply);
});

Deno.test("a datagram that doesn't end with a code is unauthenticated", () => {
  for (const text of ["", "mac=", "Heartbeat 1 1", `Heartbeat 1 1 mac=${"0".repeat(31)}`]) {
    assertEquals(openRequest(bytesOf(text), seal), "unauthenticated", text);
    assertEquals(openReply(bytesOf(text), RUN, seal), "unauthenticated", text);
  }
  const sealed = textOf(sealRequest(bytesOf("Heartbeat 1 1"), seal));
  assertEquals(openRequest(bytesOf(`${sealed} more`), seal), "unauthenticated");
  // A datagram over the largest size was cut when it was received, so its end is no code.
  const longest = sealRequest(new Uint8Array(MAX_DATAGRAM_BYTES - 37), seal);
  assertEquals([longest.length, typeof openRequest(longest, seal)], [MAX_DATAGRAM_BYTES, "object"]);
  const longer = sealRequest(new Uint8Array(MAX_DATAGRAM_BYTES - 36), seal);
  assertEquals(openRequest(longer, seal), "unauthenticated");
});

Deno.test("every changed bit of a sealed datagram is found, and another key or run, too", () => {
  const sealed = sealRequest(bytesOf("Heartbeat 12 1763824000.123456"), seal);
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = sealed.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assertEquals(typeof openRequest(changed, seal), "string", `bit ${bit}`);
  }
  assertEquals(openRequest(sealed, other), "bad_mac");
  const answer = sealReply(bytesOf("Seq: 12, Time Difference: 0.000123 seconds"), RUN, seal);
  assertEquals(openReply(answer, RUN, other), "bad_mac");
  assertEquals(openReply(answer, RUN.replace("0", "1"), seal), "bad_mac");
});

Deno.test("a code with capital or other letters is none", () => {
  const sealed = textOf(
    sealRequest(bytesOf("Heartbeat 1 1"), sealOf("key with letters in its code")),
  );
  assert(/[a-f]/.test(sealed.slice(-32)));
  const capital = sealed.slice(0, -32) + sealed.slice(-32).toUpperCase();
  assertEquals(openRequest(bytesOf(capital), sealOf("key with letters in its code")), "bad_mac");
});
