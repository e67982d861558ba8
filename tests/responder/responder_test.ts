import { assert, assertEquals } from "@std/assert";
import type { Instant, Output, Transmit } from "../../lib/machine/machine.ts";
import type { RefusalReason } from "../../lib/admission/refusals.ts";
import { MAX_DELAYED } from "../../lib/responder/delayed_replies.ts";
import { Responder, type ResponderOptions } from "../../lib/responder/responder.ts";
import type {
  ClientSummary,
  MalformedReason,
  ResponderEvent,
  ResponderSummary,
} from "../../lib/responder/events.ts";
import { MAX_CLIENTS } from "../../lib/responder/client_table.ts";
import { Link } from "../../lib/impairment/link.ts";
import { Network } from "../../lib/wire/network.ts";
import { decodeReply } from "../../lib/wire/reply.ts";
import { requestText } from "../../lib/wire/request.ts";
import { openReply, sealRequest } from "../../lib/wire/seal.ts";
import { sealOf } from "../support/toy_seal.ts";
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

Deno.test("responder counts malformed datagrams, but neither answers nor drops them", () => {
  const responder = responderOf({
    loss: () => {
      throw new Error("asked");
    },
  });
  const table: [string, MalformedReason][] = [
    ["", "empty"],
    ["hello!", "not_a_heartbeat"],
    ["Heartbeat x 1", "bad_sequence_number"],
    ["Heartbeat 1 x", "bad_time"],
    // Its reply would have 50 bytes.
    ["Heartbeat 1 1   ", "too_short"],
  ];
  for (const [text, reason] of table) {
    const bytes = bytesOf(text);
    assertEquals(responder.receive(bytes, CLIENT, NOW), [
      { type: "malformed", client: CLIENT, bytes: bytes.length, beginning: bytes, reason },
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

Deno.test("counts that contradict each other are told, and the responder goes on", () => {
  const responder = responderOf();
  const [reply] = responder.receive(bytesOf("Heartbeat 1 1763824000"), CLIENT, NOW);
  for (let i = 0; i < 2; i++) {
    // The second failure of one reply is more than there can be.
    responder.sendFailed(reply as Transmit, { reason: "", hostUnreachable: false });
  }
  const { contradictions, contradiction } = responder.summary(0);
  assertEquals(contradictions, 1);
  assert(contradiction!.startsWith("datagrams 1, but replied -1 + "), contradiction);
  assertEquals(responder.receive(bytesOf("Heartbeat 2 1763824001"), CLIENT, NOW).length, 2);
  // These agree again; what was found stays known.
  assertEquals(responder.summary(0).contradictions, 1);
});

Deno.test("responder's counts add up, also when a reply can't be sent", () => {
  const fates = [false, true, false];
  const responder = responderOf({ loss: () => fates.shift()! });
  const request = bytesOf("Heartbeat 1 1763824000");
  const [reply] = responder.receive(request, CLIENT, NOW);
  responder.receive(request, CLIENT, NOW);
  responder.receive(request, { ...CLIENT, port: 50001 }, NOW);
  assertEquals(
    responder.sendFailed(reply as Transmit, {
      reason: "no route",
      hostUnreachable: true,
    }),
    [
      { type: "send_failed", client: CLIENT, seq: 1, reason: "no route" },
    ],
  );
  responder.receiveFailed("reset");
  responder.receiveFailed("Too long.", true);
  const [summary] = responder.stop(NOW);
  const { clients, refused, ...counts } = summary as { type: "summary" } & ResponderSummary;
  assertEquals(counts, {
    type: "summary",
    received: 3,
    replied: 1,
    dropped: 1,
    malformed: 1,
    waiting: 0,
    overflowed: 0,
    sendFailures: 1,
    receiveFailures: 1,
    clientsMet: 2,
    clientsForgotten: 0,
    contradictions: 0,
    contradiction: undefined,
  });
  assert(Object.values(refused).every((count) => count === 0));
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

Deno.test("responder tells its own client what it has read, counted, and how long that took", () => {
  const fates = [false, true, false, false, false];
  let nowMs = NOW.monotonicMs;
  const responder = responderOf({
    loss: () => fates.shift()!,
    readMonotonicMs: () => nowMs + 0.25,
  });
  const send = (seq: number, sentMs = 1763824000_250) => {
    nowMs++;
    const request = bytesOf(requestText(seq, sentMs));
    const [reply] = responder.receive(request, CLIENT, { ...NOW, monotonicMs: nowMs });
    return reply?.type === "transmit" ? textOf(reply.bytes) : undefined;
  };
  const echo = (seq: number, sentMs = 1763824000_250) => requestText(seq, sentMs).slice(-9);
  const plain = (seq: number) => `Seq: ${seq}, Time Difference: 0.250000 seconds`;
  const held = "Held: 0.000250";
  assertEquals(send(1), `${plain(1)}, Echo: ${echo(1)}, Count: 1/1-1, ${held}`);
  assertEquals(send(2), undefined);
  assertEquals(send(3), `${plain(3)}, Echo: ${echo(3)}, Count: 2/1-3, ${held}`);
  // The client starts anew: its first heartbeat may be a straggler, the second shows it.
  const later = [1763824000_260, 1763824000_270] as const;
  assertEquals(send(1, later[0])?.slice(41), `, Echo: ${echo(1, later[0])}, ${held}`);
  assertEquals(send(2, later[1])?.slice(41), `, Echo: ${echo(2, later[1])}, Count: 2/1-2, ${held}`);
});

Deno.test("check digits are no time: they change no difference", () => {
  const request = bytesOf(requestText(1, 1763824000_000.001));
  const [reply] = responderOf().receive(request, CLIENT, { ...NOW, wallMs: 1763824000_000.003 });
  assertEquals(
    textOf((reply as Transmit).bytes).slice(0, 41),
    "Seq: 1, Time Difference: 0.000002 seconds",
  );
});

Deno.test("a reply has as many extensions as three times its request allow, in their order", () => {
  const lengths = new Map<number, string>();
  for (const difference of [0, 10, 1000, 1e5, 1e7, 1e9, -1e9, 1e11, -998236175999]) {
    const sentMs = NOW.wallMs - difference * 1000;
    if (sentMs < 0) continue;
    const request = bytesOf(requestText(1, sentMs));
    const [reply] = responderOf().receive(request, CLIENT, NOW);
    const text = textOf((reply as Transmit).bytes);
    assert(text.length <= 3 * request.length, text);
    lengths.set(
      difference,
      [...text.matchAll(/, (\w+):/g)].map(([, name]) => name).join(" "),
    );
  }
  assertEquals(lengths.get(0), "Echo Count Held");
  assertEquals(lengths.get(-1e9), "Echo Count");
});

Deno.test("a server without a key ignores a fourth field", () => {
  const request = `${requestText(1, NOW.wallMs - 250)} run=${RUN} mac=${RUN}`;
  const [reply] = responderOf().receive(bytesOf(request), CLIENT, NOW);
  const text = textOf((reply as Transmit).bytes);
  assertEquals(
    text,
    `Seq: 1, Time Difference: 0.250000 seconds, Echo: ${
      requestText(1, NOW.wallMs - 250).slice(-9)
    }, Count: 1/1-1, Held: 0.000000`,
  );
});

Deno.test("a server that slept or stood still has heard of no client's silence in that time", () => {
  for (const asleepMs of [0, 60_000]) {
    const responder = responderOf();
    const events: Output<ResponderEvent>[] = [];
    const at = (ms: number, sleptMs = 0): Instant => ({
      monotonicMs: ms,
      wallMs: NOW.wallMs + ms + sleptMs,
    });
    for (let seq = 1; seq <= 5; seq++) {
      responder.receive(bytesOf(`Heartbeat ${seq} 1763824000.25`), CLIENT, at(seq * 1000));
    }
    // An hour passes unseen; the next heartbeat comes two seconds later.
    const wokenMs = asleepMs === 0 ? 3_600_000 : 6000;
    for (let ms = 0; ms < 2000; ms += 100) {
      events.push(...responder.advance(at(wokenMs + ms, asleepMs)));
    }
    assertEquals(events, [], `asleep for ${asleepMs} ms`);
    const [client] = responder.summary(wokenMs + 2000).clients;
    assertEquals(client!.silentMs, wokenMs + asleepMs + 2000 - 5000);
    // What it hears for itself counts again.
    for (let ms = 2000; ms < 9000; ms += 100) {
      events.push(...responder.advance(at(wokenMs + ms, asleepMs)));
    }
    assertEquals(events.map((event) => event.type === "client_state" && event.to), ["down"]);
  }
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

Deno.test("each copy of a reply stays within three times the request, and has all that it says", () => {
  const link = new Link({ duplicateShare: 1 }, () => 0);
  const sent = (request: string) => {
    const outputs = responderOf({ link }).receive(bytesOf(request), CLIENT, NOW);
    const copies = outputs.flatMap((output) => output.type === "transmit" ? [output.bytes] : []);
    for (const { length } of copies) assert(length <= 3 * request.length, request);
    return copies.map(textOf);
  };
  const plain = "Seq: 1, Time Difference: 0.250000 seconds";
  assertEquals(sent("Heartbeat 1 1763824000.25"), [plain, plain]);
  const request = requestText(1, 1763824000_250);
  const extended = `${plain}, Echo: ${request.slice(-9)}, Count: 1/1-1, Held: 0.000000`;
  assertEquals(sent(request), [extended, extended]);
});

Deno.test("copies that can't be sent change no count", () => {
  const responder = responderOf({ link: new Link({ duplicateShare: 1 }, () => 0) });
  const outputs = responder.receive(bytesOf("Heartbeat 1 1763824000.250000"), CLIENT, NOW);
  for (const output of outputs) {
    if (output.type === "transmit") {
      responder.sendFailed(output, { reason: "no permission", hostUnreachable: false });
    }
  }
  const { received, replied, sendFailures } = responder.summary(NOW.monotonicMs);
  assertEquals([received, replied, sendFailures], [1, 0, 1]);
});

Deno.test("delayed replies keep their own words, whatever is answered before they leave", () => {
  const responder = responderOf({ link: new Link({ delayMs: 30 }, () => 0) });
  for (const seq of [1, 2, 3]) {
    responder.receive(bytesOf(`Heartbeat ${seq} 1763824000.250000`), CLIENT, NOW);
  }
  const sent = responder.advance({ ...NOW, monotonicMs: NOW.monotonicMs + 30 });
  assertEquals(
    sent.map((output) => output.type === "transmit" && textOf(output.bytes).slice(0, 7)),
    ["Seq: 1,", "Seq: 2,", "Seq: 3,"],
  );
});

Deno.test("a client that comes back over the limit, and stops, is known to have stopped", () => {
  const responder = responderOf({ admission: { ratePerPrefix: 3 } });
  const events: string[] = [];
  const send = (seq: number, monotonicMs: number, hostname = CLIENT.hostname) =>
    responder.receive(bytesOf(`Heartbeat ${seq} 1763824000.25`), { hostname, port: 1 }, {
      ...NOW,
      monotonicMs,
    });
  const note = (outputs: Output<ResponderEvent>[]) => {
    for (const output of outputs) if (output.type === "client_state") events.push(output.to);
  };
  send(1, 0);
  send(2, 100);
  for (let ms = 100; ms <= 20_000; ms += 100) note(responder.advance({ ...NOW, monotonicMs: ms }));
  // Its network's rate is used up by a neighbour that is heard once when it comes back.
  for (let i = 0; i < 10; i++) send(1, 30_000, "192.0.2.77");
  note(send(3, 30_000));
  for (let ms = 30_000; ms <= 150_000; ms += 100) {
    note(responder.advance({ ...NOW, monotonicMs: ms }));
  }
  assertEquals(events.slice(0, 2), ["down", "up"]);
  assertEquals(events.slice(2), ["down"]);
});

Deno.test("delayed replies that are due together leave in small lots, none of them later", () => {
  const responder = responderOf({ link: new Link({ delayMs: 30 }, () => 0) });
  const request = bytesOf("Heartbeat 1 1763824000.250000");
  for (let i = 0; i < 1000; i++) responder.receive(request, CLIENT, NOW);
  const due = { ...NOW, monotonicMs: NOW.monotonicMs + 30 };
  const lots: number[] = [];
  while (responder.wakeAtMs !== undefined && responder.wakeAtMs <= due.monotonicMs) {
    lots.push(responder.advance(due).length);
  }
  assertEquals(lots.reduce((sum, lot) => sum + lot), 1000);
  assert(Math.max(...lots) <= 64);
});

Deno.test("delayed replies are bounded: what is too much is lost and counted", () => {
  const responder = responderOf({ link: new Link({ delayMs: 30 }, () => 0) });
  const request = bytesOf("Heartbeat 1 1763824000.250000");
  for (let i = 0; i < MAX_DELAYED + 5; i++) responder.receive(request, CLIENT, NOW);
  const { received, replied, waiting, overflowed } = responder.summary(NOW.monotonicMs);
  assertEquals([received, replied, waiting, overflowed], [MAX_DELAYED + 5, 0, MAX_DELAYED, 5]);
});

Deno.test("a client that falls silent has stopped, and is up when it is heard again", () => {
  const responder = responderOf();
  const at = (monotonicMs: number): Instant => ({ ...NOW, monotonicMs });
  const send = (seq: number, ms: number) =>
    responder.receive(bytesOf(`Heartbeat ${seq} 1763824000.25`), CLIENT, at(ms));
  for (let seq = 1; seq <= 5; seq++) send(seq, seq * 2000);
  const events: unknown[] = [];
  for (let ms = 10_000; ms <= 20_000; ms += 500) events.push(...responder.advance(at(ms)));
  // Three intervals of two seconds, looked for once a second.
  assertEquals(events, [{ type: "client_state", client: CLIENT, to: "down", silentMs: 6000 }]);
  assertEquals(responder.wakeAtMs, undefined);
  assertEquals(send(6, 25_000)[0], {
    type: "client_state",
    client: CLIENT,
    to: "up",
    silentMs: 15_000,
  });
});

Deno.test("a timeout for clients can be set; a single heartbeat is no client that stops", () => {
  const responder = responderOf({ clientTimeoutMs: 1000 });
  const at = (monotonicMs: number): Instant => ({ ...NOW, monotonicMs });
  const send = (seq: number, port: number) =>
    responder.receive(bytesOf(`Heartbeat ${seq} 1763824000.25`), { ...CLIENT, port }, at(seq));
  send(1, 1);
  send(1, 2);
  send(2, 2);
  const events = [1001, 2001, 3001].flatMap((ms) => responder.advance(at(ms)));
  assertEquals(events.map((output) => output.type === "client_state" && output.client.port), [2]);
});

Deno.test("two servers whose sockets are set on each other fall silent after one datagram", () => {
  const [one, two] = [{ hostname: "192.0.2.1", port: 12000 }, {
    hostname: "192.0.2.2",
    port: 12000,
  }];
  const servers = [one, two].map((local) => ({
    local,
    machine: responderOf({ admission: { local } }),
  }));
  // A heartbeat to the second, sent in the name of the first.
  let bytes: Uint8Array = bytesOf(requestText(1, NOW.wallMs));
  let [from, to] = servers;
  const exchanged: string[] = [];
  for (let i = 0; i < 10; i++) {
    const [output] = to!.machine.receive(bytes, from!.local, NOW);
    exchanged.push(output!.type);
    if (output?.type !== "transmit") break;
    bytes = output.bytes.slice();
    [from, to] = [to, from];
  }
  assertEquals(exchanged, ["transmit", "malformed"]);
});

Deno.test("refusals are counted, and reported at most once per second", () => {
  const responder = responderOf({
    admission: { allow: [new Network("192.0.2.0", 24)], ratePerPrefix: 10 },
  });
  const request = bytesOf("Heartbeat 1 1763824000.25");
  const events: [number, unknown][] = [];
  let answered = 0;
  for (let ms = 0; ms < 3000; ms++) {
    const now = { ...NOW, monotonicMs: ms };
    const stranger = { hostname: "198.51.100.1", port: 1 };
    for (const from of [CLIENT, { ...CLIENT, port: 0 }, stranger]) {
      for (const { type } of ms < 2500 ? responder.receive(request, from, now) : []) {
        assert(type === "transmit" || type === "replied", type);
        if (type === "replied") answered++;
      }
    }
    for (const output of responder.advance(now)) {
      if (output.type === "refused") events.push([ms, output]);
    }
  }
  assertEquals(answered, 34);
  assertEquals(events.map(([ms]) => ms), [0, 1000, 2000]);
  const stopped = responder.stop({ ...NOW, monotonicMs: 3000 });
  assertEquals(stopped.map(({ type }) => type), ["refused", "summary"]);
  const { refused, received } = responder.summary(3000);
  assertEquals([refused.unanswerable, refused.not_allowed, refused.limited], [2500, 2500, 2466]);
  assertEquals(received, 34);
});

Deno.test("the limit doesn't change which heartbeats a seed drops: each has its draw", () => {
  let draws = 0;
  const responder = responderOf({
    loss: () => ++draws % 2 === 0,
    admission: { ratePerPrefix: 5 },
  });
  for (let i = 0; i < 20; i++) {
    responder.receive(bytesOf("Heartbeat 1 1763824000.25"), CLIENT, NOW);
    responder.receive(bytesOf("no heartbeat"), CLIENT, NOW);
  }
  const { replied, dropped, refused } = responder.summary(0);
  assertEquals([draws, replied, dropped, refused.limited], [20, 3, 2, 15]);
});

Deno.test("strangers over the limit don't enter the books", () => {
  const responder = responderOf({ admission: { totalRate: 5 } });
  for (let i = 0; i < 10_000; i++) {
    const from = { hostname: `198.51.${i >> 8}.${i & 255}`, port: 50000 };
    responder.receive(bytesOf("Heartbeat 1 1763824000.25"), from, NOW);
  }
  const { received, clientsMet, clientsForgotten } = responder.summary(0);
  assertEquals([clientsMet, clientsForgotten], [received, 0]);
});

Deno.test("a server that has refused something wakes up to tell of it", () => {
  const responder = responderOf({ admission: { local: undefined, ratePerPrefix: 1 } });
  const from = { ...CLIENT, port: 0 };
  responder.receive(bytesOf("Heartbeat 1 1763824000.25"), from, NOW);
  assertEquals(responder.wakeAtMs! <= NOW.monotonicMs, true);
  assertEquals(responder.advance(NOW).map(({ type }) => type), ["refused"]);
  assertEquals(responder.wakeAtMs, undefined);
  responder.receive(bytesOf("Heartbeat 1 1763824000.25"), from, NOW);
  assertEquals(responder.wakeAtMs, NOW.monotonicMs + 1000);
});

Deno.test("an event has the first 32 bytes of a malformed datagram", () => {
  const [event] = responderOf().receive(new Uint8Array(1000), CLIENT, NOW);
  assertEquals(event?.type === "malformed" && [event.bytes, event.beginning.length], [1000, 32]);
});

Deno.test("a known client's heartbeats over the limit are no losses of the network", () => {
  const responder = responderOf({ admission: { ratePerPrefix: 10 } });
  for (let seq = 1; seq <= 30; seq++) {
    const now = { ...NOW, monotonicMs: seq };
    responder.receive(bytesOf(`Heartbeat ${seq} 1763824000.25`), CLIENT, now);
  }
  const [{ received, limited, lost }] = responder.summary(30).clients as [ClientSummary];
  assertEquals([received, limited, lost], [30, 20, 0]);
  assertEquals(responder.summary(30).received, 10);
});

Deno.test("a newcomer's record is its own, also when it reuses a forgotten one", () => {
  const responder = responderOf();
  for (let i = 0; i < MAX_CLIENTS; i++) {
    const from = { hostname: `198.51.${i >> 8}.${i & 255}`, port: 50000 };
    responder.receive(bytesOf(requestText(i, NOW.wallMs)), from, NOW);
  }
  const [reply] = responder.receive(
    bytesOf(requestText(7, NOW.wallMs)),
    CLIENT,
    NOW,
  );
  const decoded = decodeReply((reply as Transmit).bytes);
  assert(typeof decoded !== "string");
  assertEquals(decoded.count, { received: 1, first: 7, highest: 7 });
  const { clients, clientsMet, clientsForgotten } = responder.summary(NOW.monotonicMs);
  assertEquals([clientsMet - clientsForgotten, clientsMet], [clients.length, MAX_CLIENTS + 1]);
  const summary = clients.find(({ client }) => client.hostname === CLIENT.hostname)!;
  assertEquals(summary, {
    client: CLIENT,
    stopped: false,
    moved: false,
    silentMs: 0,
    received: 1,
    unique: 1,
    duplicates: 0,
    reordered: 0,
    lost: 0,
    dropped: 0,
    limited: 0,
    restarts: 0,
    jitterMs: undefined,
  });
});

const RUN = "0123456789abcdef0123456789abcdef";
const seal = sealOf("secret");
const sealed = (text: string, key = seal) => sealRequest(bytesOf(text), key);

Deno.test("a server with a key answers sealed heartbeats, and seals replies to their run", () => {
  const responder = responderOf({ seal });
  const [reply] = responder.receive(sealed(`Heartbeat 7 1763824000.25 run=${RUN}`), CLIENT, NOW);
  const opened = openReply((reply as Transmit).bytes, RUN, seal);
  assert(typeof opened !== "string");
  assertEquals(decodeReply(opened), {
    seq: 7,
    timeDifferenceS: 0.25,
    echo: undefined,
    count: { received: 1, first: 7, highest: 7 },
    heldS: 0,
  });
});

Deno.test("with a key the server is silent towards everyone else, and takes nothing twice", () => {
  const responder = responderOf({ seal });
  const good = sealed(`Heartbeat 1 1763824000.25 run=${RUN}`);
  const table: [Uint8Array, RefusalReason | "replied"][] = [
    [bytesOf(`Heartbeat 1 1763824000.25 run=${RUN}`), "unauthenticated"],
    [bytesOf("garbage"), "unauthenticated"],
    [sealed(`Heartbeat 1 1763824000.25 run=${RUN}`, sealOf("another")), "bad_mac"],
    // Without a run of its own, it is indistinguishable from a replay.
    [sealed("Heartbeat 1 1763824000.25"), "unauthenticated"],
    [sealed("Heartbeat 1 1763824000.25 run=0123abcd"), "unauthenticated"],
    [sealed(`Heartbeat 1 1763823900 run=${RUN}`), "stale"],
    [sealed(`Heartbeat 1 1763824100 run=${RUN}`), "stale"],
    [good, "replied"],
    [good, "replayed"],
    [sealed(`Heartbeat 2 1763824000.25 run=${RUN}`), "replied"],
    [good, "replayed"],
  ];
  for (const [bytes, expected] of table) {
    const before = responder.summary(0).refused;
    const outputs = responder.receive(bytes, CLIENT, NOW);
    if (expected === "replied") {
      assertEquals(outputs.map(({ type }) => type), ["transmit", "replied"]);
    } else {
      assertEquals(outputs, []);
      const after = responder.summary(0).refused;
      assertEquals(after, { ...before, [expected]: before[expected] + 1 });
    }
  }
});

Deno.test("strangers without the key can't use up the rate of those who have it", () => {
  const responder = responderOf({ seal, admission: { ratePerPrefix: 5, totalRate: 5 } });
  for (let i = 0; i < 1000; i++) {
    responder.receive(bytesOf("Heartbeat 1 1763824000.25"), CLIENT, NOW);
  }
  const [reply] = responder.receive(sealed(`Heartbeat 1 1763824000.25 run=${RUN}`), CLIENT, NOW);
  assertEquals(reply?.type, "transmit");
});

Deno.test("heartbeats that were recorded and are sent again don't use up the rate, either", () => {
  const responder = responderOf({ seal, admission: { ratePerPrefix: 5, totalRate: 5 } });
  const heartbeat = (seq: number) => sealed(`Heartbeat ${seq} 1763824000.25 run=${RUN}`);
  for (let i = 0; i < 1000; i++) responder.receive(heartbeat(1), CLIENT, NOW);
  const [reply] = responder.receive(heartbeat(2), CLIENT, NOW);
  assertEquals([reply?.type, responder.summary(0).refused.replayed], ["transmit", 999]);
});

Deno.test("sealed replies stay within three times their requests, too, copies included", () => {
  const link = new Link({ duplicateShare: 1 }, () => 0);
  const request = sealed(`Heartbeat 1 1763824000.25 run=${RUN}`);
  const outputs = responderOf({ seal, link }).receive(request, CLIENT, NOW);
  const lengths = outputs.flatMap((output) =>
    output.type === "transmit" ? [output.bytes.length] : []
  );
  assertEquals(lengths.length, 2);
  for (const length of lengths) assert(length <= 3 * request.length);
});
