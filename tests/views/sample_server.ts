/** A server that has answered two clients, as views see it. */

import { Responder } from "../../lib/responder/responder.ts";
import type { ServerView } from "../../lib/views/server_view.ts";

const NOW_MS = 5000;

/** A server with two clients unless none asked, a malformed datagram and a refused one. */
export function sampleServer(asked = true): ServerView {
  const responder = new Responder({ loss: () => false });
  const receive = (text: string, hostname: string, port: number, monotonicMs: number) =>
    responder.receive(
      new TextEncoder().encode(text),
      { hostname, port },
      { monotonicMs, wallMs: 1_763_824_000_000 + monotonicMs },
    );
  if (asked) receive("Heartbeat 1 1763824000.123456", "192.0.2.1", 50_000, 0);
  if (asked) receive("Heartbeat 2 1763824001.123456", "192.0.2.1", 50_000, 1000);
  if (asked) receive("Heartbeat 1 1763824001.523456", "192.0.2.2", 50_001, 1400);
  receive("<b>", "192.0.2.3", 50_002, 1500);
  receive("Heartbeat 1 1763824001.523456", "192.0.2.3", 0, 1600);
  return {
    totals: responder.totals,
    clients: () => responder.clientSummaries(NOW_MS),
    wallMs: 1_763_824_005_000,
    program: {
      ...{ version: "0.1.0", transport: "deno" },
      startedAtWallMs: 1_000_000_000_500,
      residentBytes: 50_000_000,
    },
  };
}
