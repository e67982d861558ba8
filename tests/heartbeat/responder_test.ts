import { assertEquals } from "@std/assert";
import { MAX_CLIENTS_COUNTED } from "../../lib/heartbeat/client_count.ts";
import type { Instant, Transmit } from "../../lib/heartbeat/machine.ts";
import { type MalformedReason, Responder } from "../../lib/heartbeat/responder.ts";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";

const CLIENT = { hostname: "192.0.2.1", port: 50000 };
const NOW: Instant = { monotonicMs: 77, wallMs: 1763824000_500 };
const loseNothing = () => false;

Deno.test("responder answers a heartbeat with its number and the time difference", () => {
  const responder = new Responder(loseNothing);
  const outputs = responder.receive(bytesOf("Heartbeat 12 1763824000.25"), CLIENT, NOW);
  const bytes = bytesOf("Seq: 12, Time Difference: 0.250000 seconds");
  assertEquals(outputs, [
    { type: "transmit", to: CLIENT, bytes, seq: 12 },
    { type: "replied", client: CLIENT, seq: 12, timeDifferenceS: 0.25 },
  ]);
});

Deno.test("responder echoes the number as it came, and differences below zero", () => {
  const responder = new Responder(loseNothing);
  const [reply] = responder.receive(bytesOf("Heartbeat 007 1763824001"), CLIENT, NOW);
  assertEquals(textOf((reply as Transmit).bytes), "Seq: 007, Time Difference: -0.500000 seconds");
});

Deno.test("responder drops what the loss model loses, and says so", () => {
  const fates = [true, false];
  const responder = new Responder(() => fates.shift()!);
  const request = bytesOf("Heartbeat 1 1763824000");
  assertEquals(responder.receive(request, CLIENT, NOW), [
    { type: "dropped", client: CLIENT, seq: 1 },
  ]);
  assertEquals(responder.receive(request, CLIENT, NOW).length, 2);
});

Deno.test("responder counts a malformed datagram, never answers it, and asks no loss model for it", () => {
  const responder = new Responder(() => {
    throw new Error("asked");
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
  assertEquals(responder.summary().malformed, table.length);
});

Deno.test("responder never answers with more than three times the bytes of the request", () => {
  const responder = new Responder(loseNothing);
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
  const responder = new Responder(() => fates.shift()!);
  const request = bytesOf("Heartbeat 1 1763824000");
  const [reply] = responder.receive(request, CLIENT, NOW);
  responder.receive(request, CLIENT, NOW);
  responder.receive(request, { ...CLIENT, port: 50001 }, NOW);
  assertEquals(responder.sendFailed(reply as Transmit, "no route"), [
    { type: "send_failed", client: CLIENT, seq: 1, reason: "no route" },
  ]);
  responder.receiveFailed("reset");
  const [summary] = responder.stop();
  assertEquals(summary, {
    type: "summary",
    received: 3,
    replied: 1,
    dropped: 1,
    malformed: 0,
    sendFailures: 1,
    receiveFailures: 1,
    clients: 2,
    moreClients: false,
  });
  assertEquals([responder.finished, responder.stop(), responder.receive(request, CLIENT, NOW)], [
    true,
    [],
    [],
  ]);
});

Deno.test("responder tells a bounded number of clients apart, whoever sends", () => {
  const responder = new Responder(loseNothing);
  const request = bytesOf("Heartbeat 1 1763824000");
  for (let i = 0; i < MAX_CLIENTS_COUNTED + 10; i++) {
    responder.receive(request, { hostname: `198.51.${i >> 8}.${i & 255}`, port: 1 }, NOW);
  }
  const { clients, moreClients } = responder.summary();
  assertEquals([clients, moreClients], [MAX_CLIENTS_COUNTED, true]);
});
