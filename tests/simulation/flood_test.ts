/** The shipped responder in a flood from invented sources, in virtual time. */

import { assert, assertEquals } from "@std/assert";
import { RATE_PER_PREFIX, TOTAL_RATE } from "../../lib/admission/admission.ts";
import { Responder } from "../../lib/heartbeat/responder.ts";
import { seededRandom } from "../../lib/impairment/random.ts";
import type { Endpoint } from "../../lib/wire/endpoint.ts";
import { requestText } from "../../lib/wire/request.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";

const CLIENTS = 100;
const FLOOD_PER_SECOND = 20_000;
const QUIET_S = 61;
const FLOOD_S = 20;
const WALL_MS = 1763824000_000;

/** Runs clients with a heartbeat a second each through a flood; returns their heartbeats and replies in it. */
function flooded(sourceOf: (random: () => number) => Endpoint) {
  const random = seededRandom(20251122);
  const responder = new Responder({
    loss: () => false,
    admission: { ratePerPrefix: RATE_PER_PREFIX, totalRate: TOTAL_RATE },
    quiet: true,
  });
  const receive = (seq: number, from: Endpoint, atMs: number) => {
    const now = { monotonicMs: atMs, wallMs: WALL_MS + atMs };
    const outputs = responder.receive(bytesOf(requestText(seq, now.wallMs)), from, now);
    responder.advance(now);
    return outputs.some(({ type }) => type === "transmit");
  };
  let [sent, answered, floodSent, floodAnswered] = [0, 0, 0, 0];
  for (let ms = 0; ms < (QUIET_S + FLOOD_S) * 1000; ms++) {
    const flooding = ms >= QUIET_S * 1000;
    for (let i = 0; flooding && i < FLOOD_PER_SECOND / 1000; i++) {
      floodSent++;
      if (receive(1, sourceOf(random), ms)) floodAnswered++;
    }
    if (ms % (1000 / CLIENTS) !== 0) continue;
    const client = ms / (1000 / CLIENTS) % CLIENTS;
    const reply = receive(
      Math.floor(ms / 1000) + 1,
      { hostname: `192.0.${client}.7`, port: 50000 },
      ms,
    );
    if (!flooding) continue;
    sent++;
    if (reply) answered++;
  }
  return { sent, answered, floodSent, floodAnswered, summary: responder.summary(0) };
}

const byte = (random: () => number) => Math.floor(random() * 256);

Deno.test("established clients keep their replies through 20,000 heartbeats a second from random sources", () => {
  const { sent, answered, floodSent, floodAnswered, summary } = flooded((random) => ({
    hostname: `${1 + Math.floor(random() * 126)}.${byte(random)}.${byte(random)}.${byte(random)}`,
    port: 1024 + Math.floor(random() * 60_000),
  }));
  assertEquals([sent, floodSent], [CLIENTS * FLOOD_S, FLOOD_PER_SECOND * FLOOD_S]);
  assert(answered / sent >= 0.99, `${answered} of ${sent}`);
  // The server doesn't do the flood's work for it.
  assert(floodAnswered <= TOTAL_RATE * (FLOOD_S + 1), `${floodAnswered} of the flood`);
  assertEquals(
    summary.received + summary.refused.limited,
    floodSent + CLIENTS * (QUIET_S + FLOOD_S),
  );
  // The books on them are kept, too.
  const known = summary.clients.filter(({ client }) => client.hostname.startsWith("192.0."));
  assertEquals(
    known.filter(({ received }) => received >= QUIET_S + 0.99 * FLOOD_S).length,
    CLIENTS,
  );
});

Deno.test("established clients keep their replies, also when the flood repeats two thousand invented networks", () => {
  const { sent, answered } = flooded((random) => {
    const network = Math.floor(random() * 2000);
    return { hostname: `10.${network >> 8}.${network & 255}.${byte(random)}`, port: 50000 };
  });
  assert(answered / sent >= 0.99, `${answered} of ${sent}`);
});

Deno.test("a flood from one network is held to that network's rate, and costs others nothing", () => {
  const { sent, answered, floodAnswered } = flooded((random) => ({
    hostname: `198.51.100.${byte(random)}`,
    port: 1024 + Math.floor(random() * 60_000),
  }));
  assertEquals(answered, sent);
  assert(floodAnswered <= RATE_PER_PREFIX * (FLOOD_S + 1), `${floodAnswered} of the flood`);
});
