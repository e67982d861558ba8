import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { bytesOf, MAX_DATAGRAM_BYTES, textOf } from "../../lib/wire/grammar.ts";
import { decodeRequest, type RequestFault, requestText, withRun } from "../../lib/wire/request.ts";

/** Reads a request, the digits of its number as text. */
function readRequest(bytes: Uint8Array): unknown {
  const request = decodeRequest(bytes);
  if (typeof request === "string") return request;
  const { seqFrom, seqTo, timeTo: _time, run: _run, ...rest } = request;
  return { seqText: textOf(bytes.subarray(seqFrom, seqTo)), ...rest };
}

Deno.test("request has the bytes of the contract", () => {
  // 466 = CRC-32("12 1763824000.123456") mod 999.
  assertEquals(requestText(12, 1763824000123.456), "Heartbeat 12 1763824000.123456467");
  const golden: [number, number, string][] = [
    [1, 0, "Heartbeat 1 0.000000449"],
    [0, 1763824000_000, "Heartbeat 0 1763824000.000000178"],
    [
      Number.MAX_SAFE_INTEGER,
      999_999_999_999_999,
      "Heartbeat 9007199254740991 999999999999.999023855",
    ],
  ];
  for (const [seq, wallMs, text] of golden) assertEquals(requestText(seq, wallMs), text);
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
    assertEquals(readRequest(bytesOf(text)), { seqText, seq, timeS, checked: false }, text);
  }
});

Deno.test("decodeRequest() takes any first word or none, and white space and NULs at the end", () => {
  const good = { seqText: "7", seq: 7, timeS: 1763824000.5, checked: false };
  const table = [
    "heartbeat 7 1763824000.5",
    "PING 7 1763824000.5",
    "a 7 1763824000.5",
    "ABCDEFGHIJKLMNOP 7 1763824000.5",
    "7 1763824000.5",
    " 7\t1763824000.5 \r\n\0",
    "Heartbeat 7 1763824000.5\0",
    "Heartbeat 7 1763824000.5\n\0\0\0",
    "Heartbeat 7 1763824000.5 \0 \0\r\n",
    "Heartbeat 7 1763824000.5\r",
  ];
  for (const text of table) assertEquals(readRequest(bytesOf(text)), good, JSON.stringify(text));
});

Deno.test("decodeRequest() knows our client by its check digits, which are no time", () => {
  const timeS = 1763824000.123456;
  const read = { seqText: "12", seq: 12, timeS, checked: true };
  for (const text of ["Heartbeat 12 1763824000.123456467", "12 1763824000.123456467\n"]) {
    assertEquals(readRequest(bytesOf(text)), read, text);
  }
  // They cover the number and the time, digit by digit, and what stands between.
  const others = [
    "Heartbeat 13 1763824000.123456467",
    "Heartbeat 012 1763824000.123456467",
    "Heartbeat 12 1763824001.123456467",
    "Heartbeat 12 1763824000.123456468",
    "Heartbeat 12  1763824000.123456467",
  ];
  for (const text of others) {
    const request = decodeRequest(bytesOf(text));
    assert(typeof request !== "string" && !request.checked, text);
    assertEquals(request.timeS, Number(text.split(/ +/)[2]), text);
  }
  // Nor does it take fewer decimals for check digits.
  for (const text of ["Heartbeat 12 1763824000.467", "Heartbeat 12 1763824000.12345467"]) {
    const request = decodeRequest(bytesOf(text));
    assert(typeof request !== "string" && !request.checked, text);
  }
});

Deno.test("a sealed request's decimals from the seventh on are check digits, right or wrong", () => {
  for (const [time, timeS] of [["0.123456789", 0.123456], ["0.12345678", 0.12345678]] as const) {
    const request = decodeRequest(bytesOf(`Heartbeat 1 ${time}`), true);
    assertEquals(typeof request !== "string" && request.timeS, timeS);
  }
});

Deno.test("one foreign time with nine decimals in 999 looks like our client's, and none with fewer", () => {
  const random = seededRandom(1);
  let checked = 0;
  for (let i = 0; i < 99_900; i++) {
    const decimals = String(Math.floor(random() * 1e9)).padStart(9, "0");
    const request = decodeRequest(bytesOf(`Heartbeat ${i} 1763824000.${decimals}`));
    if (typeof request !== "string" && request.checked) checked++;
  }
  assert(checked > 60 && checked < 140, `${checked} of 99,900`);
});

Deno.test("decodeRequest() names what is wrong with everything else", () => {
  const table: [string, RequestFault][] = [
    ["", "empty"],
    [" ", "not_a_heartbeat"],
    ["\0", "not_a_heartbeat"],
    ["ABCDEFGHIJKLMNOPQ 1 1795362468", "not_a_heartbeat"],
    ["Heart-beat 1 1795362468", "not_a_heartbeat"],
    ["Heartbeat1 1 1795362468", "not_a_heartbeat"],
    ["H\u00e9 1 1795362468", "not_a_heartbeat"],
    ["-1 1795362468", "not_a_heartbeat"],
    ["1 1795362468.5 more", "not_a_heartbeat"],
    ["1", "bad_time"],
    ["1.5 1795362468", "bad_sequence_number"],
    ["Heartbeat 1\0 1795362468", "bad_sequence_number"],
    ["Heartbeat 1 1795362468.5\0more", "bad_time"],
    ["Heartbeat 1 1795362468.5\0 more", "bad_time"],
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
    checked: false,
  });
});

Deno.test("decodeRequest() reads a datagram of the largest size and refuses a larger one", () => {
  const text = "Heartbeat 1 1795362468.5 ".padEnd(MAX_DATAGRAM_BYTES, "x");
  assertEquals(readRequest(bytesOf(text)), {
    seqText: "1",
    seq: 1,
    timeS: 1795362468.5,
    checked: false,
  });
  assertEquals(decodeRequest(bytesOf(text + "x")), "too_long");
});

Deno.test("a request with a key names its run, and only in that form", () => {
  const run = "0123456789abcdef0123456789abcdef";
  assertEquals(withRun("Heartbeat 1 1795362468.5", run), `Heartbeat 1 1795362468.5 run=${run}`);
  const table: [string, string | undefined][] = [
    [` run=${run}`, run],
    [`  run=${run} more`, run],
    ["", undefined],
    [" run=0123abcd", undefined],
    [` run=${run}0`, undefined],
    [` run=${run.toUpperCase()}`, undefined],
    [" run=", undefined],
    [` walk=${run}`, undefined],
    [` more run=${run}`, undefined],
  ];
  for (const [rest, name] of table) {
    const bytes = bytesOf(`Heartbeat 1 1795362468.5${rest}`);
    const runs = [decodeRequest(bytes, true), decodeRequest(bytes)].map((request) =>
      typeof request === "string" ? request : request.run
    );
    // Without a key it is left to others.
    assertEquals(runs, [name, undefined], rest);
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
    const read = request.checked ? time.slice(0, -3) : time;
    assertEquals(request.timeS, Number(read), time);
  }
});

Deno.test("a clock before 1970 makes a heartbeat that servers take", () => {
  const text = requestText(1, -5000);
  assertEquals(text.slice(0, -3), "Heartbeat 1 0.000000");
  const request = decodeRequest(bytesOf(text));
  assertEquals(typeof request !== "string" && [request.seq, request.timeS], [1, 0]);
});
