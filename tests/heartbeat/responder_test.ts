import { assertEquals } from "@std/assert";
import type { Instant, Transmit } from "../../lib/heartbeat/machine.ts";
import { MAX_DELAYED, Responder, type ResponderOptions } from "../../lib/heartbeat/responder.ts";
import type { MalformedReason, ResponderSummary } from "../../lib/heartbeat/responder_events.ts";
import { Link } from "../../lib/impairment/link.ts";
import { decodeReply } from "../../lib/wire/reply.ts";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";

const CLIENT = { hostname: "192.0.2.1", port: 50000 };
const NOW: Instant = { monotonicMs: 77, wallMs: 1763824000_500 };

const responderOf = (options: Partial<ResponderOptions> = {}) =>
  new Responder({ loss: () => false, ...options });

Deno.test("responder answers a heartbeat with its number and the time difference", () => {
  const responder = responderOf();
  const outputs = responder.receive(bytesOf("Heartbeat 12 1763824000.25"), CLIENT, NOW);
  const bytes = bytesOf("Seq: 12, Time Difference: 0.250000 seconds");
  assertEquals(outputs, [
    { type: "transmit", to: CLIENT, bytes, seq: 12 },
    { type: "replied", client: CLIENT, seq: 12, timeDifferenceS: 0.25 },
  ]);
});

Deno.test("responder echoes the number as it came, and differences below zero", () => {
  const responder = responderOf();
  const [reply] = responder.receive(bytesOf("Heartbeat 007 1763824001"), CLIENT, NOW);
  assertEquals(textOf((reply as Transmit).bytes), "Seq: 007, Time Difference: -0.500000 seconds");
});

Deno.test("responder drops what the loss model loses, and says so", () => {
  const fates = [true, false];
  const responder = responderOf({ loss: () => fates.shift()! });
  const request = bytesOf("Heartbeat 1 1763824000");
  assertEquals(responder.receive(request, CLIENT, NOW), [
    { type: "dropped", client: CLIENT, seq: 1 },
  ]);
  assertEquals(responder.receive(request, CLIENT, NOW).length, 2);
});

Deno.test("responder counts a malformed datagram, never answers it, and asks no loss model for it", () => {
  const responder = responderOf({
    loss: () => {
      throw new Error("asked");
    },
  });
  const table: [string, MalformedReason][] = [
    ["", "empty"],
    ["hello", "not_a_heartbeat"],
    ["Heartbeat x 1", "bad_sequence_number"],
    ["Heartbeat 1 x", "bad_time"],
    // Its reply would have 50 bytes.
    ["Heartbeat 1 1   ", "too_short"],
  ];
  for (const [text, reason] of table) {
    const bytes = bytesOf(text);
    assertEquals(responder.receive(bytes, CLIENT, NOW), [
      { type: "malformed", client: CLIENT, bytes: bytes.length, reason },
    ]);
  }
  assertEquals(responder.summary(NOW.monotonicMs).malformed, table.length);
});

Deno.test("responder never answers with more than three times the bytes of the request", () => {
  const responder = responderOf();
  const times = ["0", "1", "0.5", "999999999999", "1763824000", "1763824000.123456"];
  for (const time of times) {
    for (let padding = 0; padding < 8; padding++) {
      const request = bytesOf(`Heartbeat 1 ${time}`.padEnd(13 + padding));
      for (const output of responder.receive(request, CLIENT, NOW)) {
        if (output.type !== "transmit") continue;
        assertEquals(output.bytes.length <= 3 * request.length, true, textOf(request));
      }
    }
  }
});

Deno.test("responder's counts add up, also when a reply can't be sent", () => {
  const fates = [false, true, false];
  const responder = responderOf({ loss: () => fates.shift()! });
  const request = bytesOf("Heartbeat 1 1763824000");
  const [reply] = responder.receive(request, CLIENT, NOW);
  responder.receive(request, CLIENT, NOW);
  responder.receive(request, { ...CLIENT, port: 50001 }, NOW);
  assertEquals(responder.sendFailed(reply as Transmit, "no route"), [
    { type: "send_failed", client: CLIENT, seq: 1, reason: "no route" },
  ]);
  responder.receiveFailed("reset");
  const [summary] = responder.stop(NOW);
  const { clients, ...counts } = summary as { type: "summary" } & ResponderSummary;
  assertEquals(counts, {
    type: "summary",
    received: 3,
    replied: 1,
    dropped: 1,
    malformed: 0,
    waiting: 0,
    overflowed: 0,
    sendFailures: 1,
    receiveFailures: 1,
    clientsMet: 2,
    clientsForgotten: 0,
  });
  assertEquals(clients.map(({ client, received }) => [client.port, received]), [
    [50000, 2],
    [50001, 1],
  ]);
  assertEquals([responder.finished, responder.stop(NOW), responder.receive(request, CLIENT, NOW)], [
    true,
    [],
    [],
  ]);
});

Deno.test("responder tells a client that names its run how many of its heartbeats it has accepted", () => {
  const fates = [false, true, false, false];
  let nowMs = NOW.monotonicMs;
  const responder = responderOf({
    loss: () => fates.shift()!,
    readMonotonicMs: () => nowMs + 0.25,
  });
  const send = (seq: number, run: string) => {
    nowMs++;
    const request = bytesOf(`Heartbeat ${seq} 1763824000.250000 run=${run}`);
    const [reply] = responder.receive(request, CLIENT, { ...NOW, monotonicMs: nowMs });
    return reply?.type === "transmit" ? decodeReply(reply.bytes) : undefined;
  };
  const answer = (seq: number, received: number, first: number) => ({
    seq,
    timeDifferenceS: 0.25,
    count: { received, first, highest: seq, heldS: 0.00025 },
  });
  assertEquals(send(1, "0000abcd"), answer(1, 1, 1));
  assertEquals(send(2, "0000abcd"), undefined);
  assertEquals(send(3, "0000abcd"), answer(3, 2, 1));
  // A new run is counted anew.
  assertEquals(send(3, "ffffffff"), answer(3, 1, 3));
});

Deno.test("responder lets a link delay its replies, and gives them out when they are due", () => {
  const responder = responderOf({ link: new Link({ delayMs: 30 }, () => 0) });
  assertEquals(responder.wakeAtMs, undefined);
  const request = bytesOf("Heartbeat 1 1763824000.250000");
  assertEquals(responder.receive(request, CLIENT, NOW).map(({ type }) => type), ["replied"]);
  assertEquals(responder.wakeAtMs, NOW.monotonicMs + 30);
  assertEquals(responder.advance({ ...NOW, monotonicMs: NOW.monotonicMs + 29 }), []);
  const later = responder.advance({ ...NOW, monotonicMs: NOW.monotonicMs + 30 });
  assertEquals(later.map(({ type }) => type), ["transmit"]);
});

Deno.test("all copies of a reply together stay within three times the request", () => {
  const link = new Link({ duplicateShare: 1 }, () => 0);
  const sent = (request: string) => {
    const outputs = responderOf({ link }).receive(bytesOf(request), CLIENT, NOW);
    const copies = outputs.flatMap((output) => output.type === "transmit" ? [output.bytes] : []);
    const total = copies.reduce((sum, { length }) => sum + length, 0);
    assertEquals(total <= 3 * request.length, true, request);
    return copies.map(textOf);
  };
  const plain = "Seq: 1, Time Difference: 0.250000 seconds";
  assertEquals(sent("Heartbeat 1 1763824000.250000"), [plain, plain]);
  assertEquals(sent("Heartbeat 1 1763824000.250000 run=0000abcd"), [plain, plain]);
  assertEquals(sent("Heartbeat 1 1763824000.25"), [plain]);
});

Deno.test("copies that can't be sent change no count", () => {
  const responder = responderOf({ link: new Link({ duplicateShare: 1 }, () => 0) });
  const outputs = responder.receive(bytesOf("Heartbeat 1 1763824000.250000"), CLIENT, NOW);
  for (const output of outputs) {
    if (output.type === "transmit") responder.sendFailed(output, "no permission");
  }
  const { received, replied, sendFailures } = responder.summary(NOW.monotonicMs);
  assertEquals([received, replied, sendFailures], [1, 0, 1]);
});

Deno.test("delayed replies are bounded: what is too much is lost and counted", () => {
  const responder = responderOf({ link: new Link({ delayMs: 30 }, () => 0) });
  const request = bytesOf("Heartbeat 1 1763824000.250000");
  for (let i = 0; i < MAX_DELAYED + 5; i++) responder.receive(request, CLIENT, NOW);
  const { received, replied, waiting, overflowed } = responder.summary(NOW.monotonicMs);
  assertEquals([received, replied, waiting, overflowed], [MAX_DELAYED + 5, 0, MAX_DELAYED, 5]);
});

Deno.test("a client that falls silent is assumed to have stopped, and heard again after that", () => {
  const responder = responderOf();
  const at = (monotonicMs: number): Instant => ({ ...NOW, monotonicMs });
  const send = (seq: number, ms: number) =>
    responder.receive(bytesOf(`Heartbeat ${seq} 1763824000.25`), CLIENT, at(ms));
  for (let seq = 1; seq <= 5; seq++) send(seq, seq * 2000);
  const told: unknown[] = [];
  for (let ms = 10_000; ms <= 20_000; ms += 500) told.push(...responder.advance(at(ms)));
  // Three intervals of two seconds, looked for once a second.
  assertEquals(told, [{ type: "client_state", client: CLIENT, to: "down", silentMs: 6000 }]);
  assertEquals(responder.wakeAtMs, undefined);
  assertEquals(send(6, 25_000)[0], {
    type: "client_state",
    client: CLIENT,
    to: "up",
    silentMs: 15_000,
  });
});

Deno.test("a client's patience can be set, and one heartbeat alone is no client that could stop", () => {
  const responder = responderOf({ clientTimeoutMs: 1000 });
  const at = (monotonicMs: number): Instant => ({ ...NOW, monotonicMs });
  const send = (seq: number, port: number) =>
    responder.receive(bytesOf(`Heartbeat ${seq} 1763824000.25`), { ...CLIENT, port }, at(seq));
  send(1, 1);
  send(1, 2);
  send(2, 2);
  const told = [1001, 2001, 3001].flatMap((ms) => responder.advance(at(ms)));
  assertEquals(told.map((output) => output.type === "client_state" && output.client.port), [2]);
});
