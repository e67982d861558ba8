/** The shipped responder in a flood from invented sources, in virtual time. */

import { assert, assertEquals } from "@std/assert";
import { Admission, RATE_PER_PREFIX, TOTAL_RATE } from "../../lib/admission/admission.ts";
import { Responder } from "../../lib/responder/responder.ts";
import { seededRandom } from "../../lib/impairment/random.ts";
import type { Endpoint } from "../../lib/wire/endpoint.ts";
import { requestText } from "../../lib/wire/request.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";

const CLIENTS = 100;
const FLOOD_PER_SECOND = 20_000;
/** By this time all clients have been heard for a minute, and once after that; seconds. */
const quietS = (everyMs: number) => 61 + everyMs / 1000;
const WALL_MS = 1763824000_000;

interface Flood {
  /** The source address of each of its heartbeats. */
  readonly sourceOf: (random: () => number, number: number) => Endpoint;
  /** Its duration, seconds. */
  readonly floodS?: number;
  /** The interval of each client's heartbeats, milliseconds. */
  readonly everyMs?: number;
}

/** Runs clients through a flood that begins a minute after they do; returns both sides' counts. */
function flooded({ sourceOf, floodS = 20, everyMs = 1000 }: Flood) {
  const random = seededRandom(20251122);
  const responder = new Responder({
    loss: () => false,
    admission: { ratePerPrefix: RATE_PER_PREFIX, totalRate: TOTAL_RATE },
    quiet: true,
  });
  const receive = (bytes: Uint8Array, from: Endpoint, atMs: number) => {
    const now = { monotonicMs: atMs, wallMs: WALL_MS + atMs };
    const outputs = responder.receive(bytes, from, now);
    responder.advance(now);
    return outputs.some(({ type }) => type === "transmit");
  };
  let [sent, answered, floodSent, floodAnswered] = [0, 0, 0, 0];
  const floodAtMs = quietS(everyMs) * 1000;
  for (let ms = 0; ms < floodAtMs + floodS * 1000; ms++) {
    const flooding = ms >= floodAtMs;
    // Written once for each millisecond: writing took longer than answering.
    const forged = bytesOf(requestText(1, WALL_MS + ms));
    for (let i = 0; flooding && i < FLOOD_PER_SECOND / 1000; i++) {
      if (receive(forged, sourceOf(random, floodSent++), ms)) floodAnswered++;
    }
    if (ms % (everyMs / CLIENTS) !== 0) continue;
    const client = ms / (everyMs / CLIENTS) % CLIENTS;
    const from = { hostname: `192.0.${client}.7`, port: 50000 };
    const heartbeat = requestText(Math.floor(ms / everyMs) + 1, WALL_MS + ms);
    const reply = receive(bytesOf(heartbeat), from, ms);
    if (!flooding) continue;
    sent++;
    if (reply) answered++;
  }
  return { sent, answered, floodSent, floodAnswered, summary: responder.summary(0) };
}

const byte = (random: () => number) => Math.floor(random() * 256);

Deno.test("established clients are answered through 20,000 forged heartbeats per second", () => {
  const { sent, answered, floodSent, floodAnswered, summary } = flooded({
    sourceOf: (random) => ({
      hostname: `${1 + Math.floor(random() * 126)}.${byte(random)}.${byte(random)}.${byte(random)}`,
      port: 1024 + Math.floor(random() * 60_000),
    }),
  });
  assertEquals([sent, floodSent], [CLIENTS * 20, FLOOD_PER_SECOND * 20]);
  assert(answered / sent >= 0.99, `${answered} of ${sent}`);
  // The flood is answered within the total rate, no more.
  assert(floodAnswered <= TOTAL_RATE * (20 + 1), `${floodAnswered} of the flood`);
  assertEquals(
    summary.received + summary.refused.limited,
    floodSent + CLIENTS * (quietS(1000) + 20),
  );
  // Their records are kept, too.
  const known = summary.clients.filter(({ client }) => client.hostname.startsWith("192.0."));
  assertEquals(
    known.filter(({ received }) => received >= quietS(1000) + 0.99 * 20).length,
    CLIENTS,
  );
});

const networks: Endpoint[] = [];

const networkOf = (number: number) =>
  networks[number] ??= {
    hostname: `${11 + (number >> 16)}.${number >> 8 & 255}.${number & 255}.1`,
    port: 50000,
  };

Deno.test("established clients are answered when a flood uses each of its networks twice", () => {
  for (const everyMs of [1000, 10_000]) {
    const { sent, answered } = flooded({
      sourceOf: (_random, number) => networkOf(number >> 1),
      everyMs,
    });
    assert(answered / sent >= 0.99, `each ${everyMs} ms: ${answered} of ${sent}`);
  }
});

Deno.test("established clients are answered when a flood draws from 65,536 networks", () => {
  const { sent, answered } = flooded({
    sourceOf: (random) => networkOf(Math.floor(random() * 65_536)),
    everyMs: 5000,
  });
  assert(answered / sent >= 0.99, `${answered} of ${sent}`);
});

Deno.test("established clients are answered when a flood from 2,000 networks lasts minutes", () => {
  const { sent, answered } = flooded({
    sourceOf: (random) => networkOf(Math.floor(random() * 2000)),
    floodS: 100,
  });
  assert(answered / sent >= 0.99, `${answered} of ${sent}`);
});

Deno.test("a flood from one network gets that network's rate, and costs others nothing", () => {
  const { sent, answered, floodAnswered } = flooded({
    sourceOf: (random) => ({
      hostname: `198.51.100.${byte(random)}`,
      port: 1024 + Math.floor(random() * 60_000),
    }),
  });
  assertEquals(answered, sent);
  assert(floodAnswered <= RATE_PER_PREFIX * (20 + 1), `${floodAnswered} of the flood`);
});

/** How a flood in the victims' own network is tried. */
interface OwnNetworkFlood {
  /** Where the watchers are, each of whom sends ten heartbeats a second. */
  readonly watchers: readonly Endpoint[];
  /** Where a heartbeat of the flood says that it comes from. */
  readonly forge: (random: () => number) => Endpoint;
  /** Heartbeats of the flood a second in that network, and from elsewhere. */
  readonly rate: number;
  readonly elsewhere?: number;
}

/** The share of the watchers' heartbeats that are answered in a flood; they had two minutes. */
function keptIn({ watchers, forge, rate, elsewhere = 0 }: OwnNetworkFlood): number {
  const random = seededRandom(20251127);
  const admission = new Admission({ ratePerPrefix: RATE_PER_PREFIX, totalRate: TOTAL_RATE });
  const [floodAtMs, endMs] = [120_000, 140_000];
  let [sent, answered] = [0, 0];
  /** The numbers of Poisson's arrivals in a millisecond. */
  const arrivals = (perSecond: number) => {
    let count = 0;
    for (let p = random(); p > Math.exp(-perSecond / 1000); p *= random()) count++;
    return count;
  };
  const anywhere = () => ({
    hostname: `${1 + Math.floor(random() * 126)}.${byte(random)}.${byte(random)}.${byte(random)}`,
    port: 50000,
  });
  for (let ms = 0; ms < endMs; ms++) {
    const flooding = ms >= floodAtMs;
    const [inside, outside] = flooding ? [arrivals(rate), arrivals(elsewhere)] : [0, 0];
    for (let i = 0; i < inside; i++) admission.admit(forge(random), ms);
    for (let i = 0; i < outside; i++) admission.admit(anywhere(), ms);
    for (const [i, watcher] of watchers.entries()) {
      if ((ms + 7 * i) % (100 * watchers.length) !== 0) continue;
      const admitted = admission.admit(watcher, ms);
      if (!flooding) continue;
      sent++;
      if (admitted) answered++;
    }
  }
  assert(sent > 150, `${sent} sent`);
  return answered / sent;
}

const anyPort = (random: () => number) => 1024 + Math.floor(random() * 60_000);
const WATCHER = { hostname: "192.0.2.7", port: 50000 };
const inItsNetwork = (random: () => number) => ({
  hostname: `192.0.2.${byte(random)}`,
  port: anyPort(random),
});

Deno.test("a watcher keeps its replies in a flood in its own network's name, at any rate", () => {
  for (const rate of [200, 8000, 20_000]) {
    const kept = keptIn({ watchers: [WATCHER], forge: inItsNetwork, rate });
    assert(kept >= 0.99, `${kept} at ${rate} a second`);
  }
});

Deno.test("a trickle in a watcher's network doesn't undo its protection in a large flood", () => {
  for (const rate of [25, 60, 200]) {
    const kept = keptIn({ watchers: [WATCHER], forge: inItsNetwork, rate, elsewhere: 20_000 });
    assert(kept >= 0.99, `${kept} at ${rate} a second`);
  }
});

Deno.test("the same holds in a network of IPv6, and for many clients behind one address", () => {
  const sixth = keptIn({
    watchers: [{ hostname: "2001:db8:1:2::7", port: 50000 }],
    forge: (random) => ({
      hostname: `2001:db8:1:${byte(random).toString(16)}::${byte(random).toString(16)}`,
      port: anyPort(random),
    }),
    rate: 20_000,
  });
  assert(sixth >= 0.99, `${sixth}`);
  const shared = keptIn({
    watchers: Array.from({ length: 10 }, (_, i) => ({ hostname: "192.0.2.7", port: 40_000 + i })),
    forge: (random) => ({ hostname: "192.0.2.7", port: 50_000 + Math.floor(random() * 10_000) }),
    rate: 20_000,
  });
  assert(shared >= 0.99, `${shared}`);
});

Deno.test("a new client of a network whose known ones are gone has its modest share", () => {
  const admission = new Admission({ ratePerPrefix: RATE_PER_PREFIX, totalRate: TOTAL_RATE });
  const from = (port: number) => ({ hostname: "192.0.2.7", port });
  for (let ms = 0; ms < 120_000; ms += 1000) admission.admit(from(1), ms);
  const random = seededRandom(1);
  let answered = 0;
  for (let ms = 300_000; ms < 320_000; ms++) {
    for (let i = 0; i < 20; i++) {
      admission.admit({ hostname: `10.${byte(random)}.${byte(random)}.1`, port: 1 }, ms);
    }
    if (ms % 1000 === 0 && admission.admit(from(2), ms)) answered++;
  }
  assertEquals(answered, 20);
});
