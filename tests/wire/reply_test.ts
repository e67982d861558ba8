import { assertEquals } from "@std/assert";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";
import {
  decodeReply,
  type Extensions,
  type ReplyFault,
  replyLength,
  replyText,
  ReplyWriter,
} from "../../lib/wire/reply.ts";
import { decodeRequest } from "../../lib/wire/request.ts";

/** The text of a server's reply to a request with this number. */
function written(
  seq: string,
  timeDifferenceS: number,
  extensions?: Extensions,
  maxBytes = Infinity,
): string {
  const request = bytesOf(`Heartbeat ${seq} 1763824000.123456467`);
  const places = { seqFrom: 10, seqTo: 10 + seq.length, timeTo: request.length };
  return textOf(new ReplyWriter().write(request, places, timeDifferenceS, extensions, maxBytes));
}

const COUNT = { received: 83, first: 12, highest: 112 };

/** A reply that has nothing but the source document's fields. */
const plainReply = (seq: number, timeDifferenceS: number) => ({
  seq,
  timeDifferenceS,
  echo: undefined,
  count: undefined,
  heldS: undefined,
});

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
  const write = (seq: string, extensions?: Extensions) =>
    writer.write(bytesOf(seq), { seqFrom: 0, seqTo: seq.length, timeTo: 0 }, 0.5, extensions);
  const long = write("123456", { echo: false, count: COUNT, heldS: 0 });
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
    ["Seq: 7, Time Difference: 0.5 seconds, Received: 6", 7, 0.5],
    ["Seq: 7, Time Difference: 0.5 seconds\0\0", 7, 0.5],
    // Python writes such numbers.
    ["Seq: 7, Time Difference: 0.00012302398681640625 seconds", 7, 0.00012302398681640625],
    ["Seq: 7, Time Difference: 9.5367431640625e-07 seconds", 7, 9.5367431640625e-07],
    ["Seq: 7, Time Difference: -1.5E+3 seconds", 7, -1500],
  ];
  for (const [text, seq, timeDifferenceS] of table) {
    assertEquals(decodeReply(bytesOf(text)), plainReply(seq, timeDifferenceS), text);
  }
});

Deno.test("decodeReply() names what is wrong with everything else", () => {
  const table: [string, ReplyFault][] = [
    ["", "empty"],
    ["Heartbeat 1 1795362468.5", "not_a_reply"],
    ["Seq: 1", "not_a_reply"],
    ["Seq: -1, Time Difference: 0.5 seconds", "not_a_reply"],
    ["Seq: 1, Time Difference: 1e13 seconds", "not_a_reply"],
    ["Seq: 1, Time Difference: 1e99 seconds", "not_a_reply"],
    ["Seq: 1, Time Difference: 0,5 seconds", "not_a_reply"],
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

Deno.test("a reply to our client has the extensions that fit, in their order", () => {
  const extensions = { echo: true, count: COUNT, heldS: 0.000012 };
  const parts = [", Echo: 123456467", ", Count: 83/12-112", ", Held: 0.000012"];
  const texts = [replyText(112, 0.5)];
  for (const part of parts) texts.push(texts.at(-1)! + part);
  for (const [i, text] of texts.entries()) {
    for (let maxBytes = text.length; maxBytes < (texts[i + 1]?.length ?? 200); maxBytes++) {
      assertEquals(written("112", 0.5, extensions, maxBytes), text);
    }
  }
  const full = { seq: 112, timeDifferenceS: 0.5, echo: "123456467", count: COUNT, heldS: 0.000012 };
  assertEquals(decodeReply(bytesOf(texts.at(-1)!)), full);
  // One that is left out doesn't keep the next ones from being written.
  const sign = { ...extensions, count: undefined };
  const signText = `${texts[0]}${parts[0]}${parts[2]}`;
  assertEquals(written("112", 0.5, sign), signText);
  assertEquals(decodeReply(bytesOf(signText)), { ...full, count: undefined });
  assertEquals(
    written("112", 0.5, { ...extensions, echo: false }),
    `${texts[0]}${parts[1]}${parts[2]}`,
  );
});

Deno.test("the longest reply fits into the writer", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const count = { received: most, first: most, highest: most };
  const text = written(`${most}`, -998236175999.999999, { echo: true, count, heldS: 999_999_999 });
  assertEquals(text.length, 168);
});

Deno.test("an extension that contradicts itself is as good as none", () => {
  const table = [
    "Count: 0/1-1, Held: 0.000012",
    "Count: 3/1-2, Held: 0.000012",
    "Count: 1/5-4, Held: 0.000012",
    "Count: 1/1-9007199254740992, Held: 0.000012",
  ];
  for (const rest of table) {
    const reply = decodeReply(bytesOf(`${replyText(1, 0.5)}, ${rest}`));
    assertEquals(reply, { ...plainReply(1, 0.5), heldS: 0.000012 }, rest);
  }
  for (const rest of ["Count: 1/1", "Held: -0.000012", "Echo: 12345678", "Echo: 1234567890"]) {
    assertEquals(decodeReply(bytesOf(`${replyText(1, 0.5)}, ${rest}`)), plainReply(1, 0.5), rest);
  }
});
