import { assertEquals } from "@std/assert";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";
import {
  decodeReply,
  type ReplyFault,
  replyLength,
  replyText,
  ReplyWriter,
  type ServerCount,
} from "../../lib/wire/reply.ts";
import { decodeRequest } from "../../lib/wire/request.ts";

/** The text of a server's reply to a request with this number. */
function written(
  seq: string,
  timeDifferenceS: number,
  count?: ServerCount,
  maxBytes = Infinity,
): string {
  const request = bytesOf(`Heartbeat ${seq} 1763824000`);
  const place = { seqFrom: 10, seqTo: 10 + seq.length };
  return textOf(new ReplyWriter().write(request, place, timeDifferenceS, count, maxBytes));
}

Deno.test("reply has the bytes of the contract", () => {
  assertEquals(written("12", 0.000123), "Seq: 12, Time Difference: 0.000123 seconds");
});

Deno.test("a reply echoes the number as it came and rounds to the microsecond", () => {
  const table: [string, number, string][] = [
    ["007", 1.5, "Seq: 007, Time Difference: 1.500000 seconds"],
    ["1", -0.25, "Seq: 1, Time Difference: -0.250000 seconds"],
    ["1", -0.0000001, "Seq: 1, Time Difference: 0.000000 seconds"],
    ["1", 0.0000006, "Seq: 1, Time Difference: 0.000001 seconds"],
    ["1", 1.9999996, "Seq: 1, Time Difference: 2.000000 seconds"],
    ["1", -59.9999999, "Seq: 1, Time Difference: -60.000000 seconds"],
    ["1", 1763824000.5, "Seq: 1, Time Difference: 1763824000.500000 seconds"],
    ["1", -998236175999.25, "Seq: 1, Time Difference: -998236175999.250000 seconds"],
  ];
  for (const [seq, difference, text] of table) {
    assertEquals(written(seq, difference), text);
    assertEquals(replyLength({ seqFrom: 10, seqTo: 10 + seq.length }, difference), text.length);
    if (seq === "1") assertEquals(replyText(1, difference), text);
  }
});

Deno.test("a writer's next reply overwrites the last one, whole", () => {
  const writer = new ReplyWriter();
  const write = (seq: string, count?: ServerCount) =>
    writer.write(bytesOf(seq), { seqFrom: 0, seqTo: seq.length }, 0.5, count, Infinity);
  const long = write("123456", { received: 1, first: 1, highest: 1, heldS: 0 });
  assertEquals(textOf(write("7")), "Seq: 7, Time Difference: 0.500000 seconds");
  assertEquals(textOf(long).slice(0, 41), "Seq: 7, Time Difference: 0.500000 seconds");
});

Deno.test("decodeReply() reads what plain and extended servers send", () => {
  const table: [string, number, number][] = [
    ["Seq: 12, Time Difference: 0.000123 seconds", 12, 0.000123],
    ["Seq: 0, Time Difference: -0.000000 seconds", 0, -0],
    ["Seq: 7, Time Difference: -3600.000123 seconds", 7, -3600.000123],
    ["Seq: 7, Time Difference: 12 seconds", 7, 12],
    ["Seq: 7, Time Difference: 0.5 seconds\n", 7, 0.5],
    ["Seq: 7, Time Difference: 0.5 seconds, Received: 6, Held: 0.000012", 7, 0.5],
  ];
  for (const [text, seq, timeDifferenceS] of table) {
    assertEquals(decodeReply(bytesOf(text)), { seq, timeDifferenceS, count: undefined }, text);
  }
});

Deno.test("decodeReply() names what is wrong with everything else", () => {
  const table: [string, ReplyFault][] = [
    ["", "empty"],
    ["Heartbeat 1 1795362468.5", "not_a_reply"],
    ["Seq: 1", "not_a_reply"],
    ["Seq: -1, Time Difference: 0.5 seconds", "not_a_reply"],
    ["Seq: 1, Time Difference: 5e-1 seconds", "not_a_reply"],
    ["Seq: 1, Time Difference: nan seconds", "not_a_reply"],
    ["Seq: 1, Time Difference: +0.5 seconds", "not_a_reply"],
    ["Seq: 1, Time Difference: 0.5 secondsx", "not_a_reply"],
    ["Seq: 1, Time Difference: 0.5", "not_a_reply"],
    ["Seq: 9007199254740992, Time Difference: 0.5 seconds", "bad_sequence_number"],
    ["Seq: 1, Time Difference: 0.5 seconds ".padEnd(1025), "too_long"],
  ];
  for (const [text, fault] of table) assertEquals(decodeReply(bytesOf(text)), fault, text);
});

Deno.test("a reply is never a request, so two servers can't answer each other for ever", () => {
  for (const difference of [0, 1.5, -1.5, 1e12]) {
    assertEquals(decodeRequest(bytesOf(replyText(1, difference))), "not_a_heartbeat");
  }
});

Deno.test("a reply may tell what the server has counted, where it fits", () => {
  const count = { received: 83, first: 12, highest: 112, heldS: 0.000012 };
  const text = replyText(112, 0.5);
  const full = `${text}, Received: 83, First: 12, Highest: 112, Held: 0.000012`;
  assertEquals(written("112", 0.5, count, full.length), full);
  assertEquals(written("112", 0.5, count, full.length - 1), text);
  assertEquals(decodeReply(bytesOf(full)), { seq: 112, timeDifferenceS: 0.5, count });
});

Deno.test("a count that contradicts itself is as good as none", () => {
  const table = [
    "Received: 0, First: 1, Highest: 1, Held: 0.000012",
    "Received: 3, First: 1, Highest: 2, Held: 0.000012",
    "Received: 1, First: 5, Highest: 4, Held: 0.000012",
    "Received: 1, First: 1, Highest: 9007199254740992, Held: 0.000012",
    "Received: 1, First: 1, Highest: 1, Held: -0.000012",
    "Received: 1, First: 1",
  ];
  for (const rest of table) {
    const reply = decodeReply(bytesOf(`Seq: 1, Time Difference: 0.5 seconds, ${rest}`));
    assertEquals(reply, { seq: 1, timeDifferenceS: 0.5, count: undefined }, rest);
  }
});
