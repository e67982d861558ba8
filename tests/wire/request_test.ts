import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { bytesOf, MAX_DATAGRAM_BYTES, textOf } from "../../lib/wire/grammar.ts";
import {
  decodeRequest,
  encodeRequest,
  type RequestFault,
  requestText,
} from "../../lib/wire/request.ts";

/** Reads a request, the digits of its number as text. */
function readRequest(bytes: Uint8Array): unknown {
  const request = decodeRequest(bytes);
  if (typeof request === "string") return request;
  const { seqFrom, seqTo, ...rest } = request;
  return { seqText: textOf(bytes.subarray(seqFrom, seqTo)), ...rest };
}

Deno.test("request has the bytes of the contract", () => {
  const bytes = encodeRequest(requestText(12, 1763824000123.456));
  assertEquals(bytes, bytesOf("Heartbeat 12 1763824000.123456"));
});

Deno.test("decodeRequest() reads what plain peers send", () => {
  const table: [string, string, number, number][] = [
    ["Heartbeat 12 1763824000.123456", "12", 12, 1763824000.123456],
    ["Heartbeat 1 1795362468.9426086", "1", 1, 1795362468.9426086],
    ["Heartbeat 1 1795362468.9", "1", 1, 1795362468.9],
    ["Heartbeat 0 1795362468", "0", 0, 1795362468],
    ["Heartbeat 007 1795362468", "007", 7, 1795362468],
    ["Heartbeat 9007199254740991 0.5", "9007199254740991", Number.MAX_SAFE_INTEGER, 0.5],
    ["  Heartbeat\t1 \n 1795362468.5\r\n", "1", 1, 1795362468.5],
    ["Heartbeat 1 999999999999.999999999", "1", 1, 999999999999.999999999],
    ["Heartbeat 1 1795362468.5 run=abc anything", "1", 1, 1795362468.5],
    ["Heartbeat 1 1795362468.5 \ud83d\udc93", "1", 1, 1795362468.5],
  ];
  for (const [text, seqText, seq, timeS] of table) {
    assertEquals(readRequest(bytesOf(text)), { seqText, seq, timeS, run: undefined }, text);
  }
});

Deno.test("decodeRequest() names what is wrong with everything else", () => {
  const table: [string, RequestFault][] = [
    ["", "empty"],
    [" ", "not_a_heartbeat"],
    ["heartbeat 1 1795362468", "not_a_heartbeat"],
    ["Heartbeats 1 1795362468", "not_a_heartbeat"],
    ["\ufeffHeartbeat 1 1795362468", "not_a_heartbeat"],
    ["Heartbeat\u00a01 1795362468", "not_a_heartbeat"],
    ["Seq: 1, Time Difference: 0.000123 seconds", "not_a_heartbeat"],
    ["Heartbeat", "bad_sequence_number"],
    ["Heartbeat  ", "bad_sequence_number"],
    ["Heartbeat x 1795362468", "bad_sequence_number"],
    ["Heartbeat -1 1795362468", "bad_sequence_number"],
    ["Heartbeat 1.0 1795362468", "bad_sequence_number"],
    ["Heartbeat 9007199254740992 1795362468", "bad_sequence_number"],
    ["Heartbeat 12345678901234567 1795362468", "bad_sequence_number"],
    ["Heartbeat 00000000000000001 1795362468", "bad_sequence_number"],
    ["Heartbeat 1", "bad_time"],
    ["Heartbeat 1 now", "bad_time"],
    ["Heartbeat 1 -1795362468", "bad_time"],
    ["Heartbeat 1 1e9", "bad_time"],
    ["Heartbeat 1 0x10", "bad_time"],
    ["Heartbeat 1 NaN", "bad_time"],
    ["Heartbeat 1 1795362468.", "bad_time"],
    ["Heartbeat 1 1795362468,5", "bad_time"],
    ["Heartbeat 1 1234567890123", "bad_time"],
    ["Heartbeat 1 1.1234567890", "bad_time"],
    ["Heartbeat 1 1795362468.5\0", "bad_time"],
  ];
  for (const [text, fault] of table) assertEquals(decodeRequest(bytesOf(text)), fault, text);
});

Deno.test("decodeRequest() refuses invalid UTF-8 inside a field, and ignores it after", () => {
  const bytes = bytesOf("Heartbeat 1 1795362468.5 x");
  const broken = bytes.slice();
  broken[10] = 0xff;
  assertEquals(decodeRequest(broken), "bad_sequence_number");
  const trailing = bytes.slice();
  trailing[trailing.length - 1] = 0xff;
  assertEquals(readRequest(trailing), {
    seqText: "1",
    seq: 1,
    timeS: 1795362468.5,
    run: undefined,
  });
});

Deno.test("decodeRequest() reads a datagram of the largest size and refuses a larger one", () => {
  const text = "Heartbeat 1 1795362468.5 ".padEnd(MAX_DATAGRAM_BYTES, "x");
  assertEquals(readRequest(bytesOf(text)), {
    seqText: "1",
    seq: 1,
    timeS: 1795362468.5,
    run: undefined,
  });
  assertEquals(decodeRequest(bytesOf(text + "x")), "too_long");
});

Deno.test("a request may name its run, and only in that form", () => {
  const bytes = encodeRequest(requestText(12, 1763824000123.456), "0123abcd");
  assertEquals(bytes, bytesOf("Heartbeat 12 1763824000.123456 run=0123abcd"));
  const table: [string, string | undefined][] = [
    [" run=0123abcd", "0123abcd"],
    [" run=0123abcd more", "0123abcd"],
    [" run=0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"],
    [" run=0123abcde", undefined],
    [" run=0123ABCD", undefined],
    [" run=", undefined],
    [" walk=0123abcd", undefined],
  ];
  for (const [rest, run] of table) {
    const request = readRequest(bytesOf(`Heartbeat 1 1795362468.5${rest}`));
    assertEquals(request, { seqText: "1", seq: 1, timeS: 1795362468.5, run }, rest);
  }
});

Deno.test("decodeRequest() reads times as Number() does, to the last bit", () => {
  const random = seededRandom(1);
  const digits = (count: number) =>
    Array.from({ length: count }, () => Math.floor(random() * 10)).join("");
  for (let i = 0; i < 20_000; i++) {
    const [whole, decimals] = [1 + Math.floor(random() * 12), Math.floor(random() * 10)];
    const time = decimals === 0 ? digits(whole) : `${digits(whole)}.${digits(decimals)}`;
    const request = decodeRequest(bytesOf(`Heartbeat 1 ${time}`));
    assert(typeof request !== "string", time);
    assertEquals(request.timeS, Number(time), time);
  }
});
