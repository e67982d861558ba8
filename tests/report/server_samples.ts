/** A server's events, with the lines and the JSON that are printed for them. */

import type { ServerEvent } from "../../lib/report/server_events.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";

const CLIENT = { hostname: "127.0.0.1", port: 50554 };
export const WALL_MS = Date.UTC(2026, 10, 23, 2, 56, 49, 123);
const TIME = "2026-11-23T02:56:49.123000Z";
const NONE_REFUSED = {
  unanswerable: 0,
  not_allowed: 0,
  not_permitted: 0,
  unauthenticated: 0,
  bad_mac: 0,
  stale: 0,
  replayed: 0,
  limited: 0,
};
export const SUMMARY: ServerEvent & { type: "summary" } = {
  type: "summary",
  received: 10,
  replied: 7,
  dropped: 3,
  malformed: 1,
  refused: { ...NONE_REFUSED, not_allowed: 2, limited: 1500 },
  waiting: 0,
  overflowed: 0,
  sendFailures: 0,
  receiveFailures: 0,
  contradictions: 0,
  contradiction: undefined,
  clientsMet: 1,
  clientsForgotten: 0,
  clients: [{
    client: CLIENT,
    stopped: true,
    moved: false,
    silentMs: 6040,
    received: 10,
    unique: 9,
    duplicates: 1,
    reordered: 2,
    lost: 4,
    dropped: 3,
    limited: 5,
    restarts: 1,
    jitterMs: 0.0764,
  }],
};
const NO_IMPAIRMENT = { delayMs: 0, jitterMs: 0, duplicateShare: 0, reorderShare: 0 };

/** A server has started. */
export const LISTENING: ServerEvent & { type: "listening" } = {
  type: "listening",
  local: { hostname: "0.0.0.0", port: 12000 },
  mapsIPv4: false,
  transport: "deno",
  lossShare: 0.3,
  meanBurst: undefined,
  seed: 7,
  impairment: NO_IMPAIRMENT,
  allow: [],
  limits: { ratePerPrefix: 5000, totalRate: 10_000, limitLoopback: false },
  keyed: false,
};

/** Events, with their line and their JSON. */
export const SERVER_TABLE: [ServerEvent, string, Record<string, unknown>][] = [
  [
    LISTENING,
    "UDP Heartbeat Server is running... on 0.0.0.0:12000\n" +
    "  drops 30% of heartbeats on purpose (seed 7)",
    {
      type: "listening",
      time: TIME,
      address: "0.0.0.0",
      port: 12000,
      maps_ipv4: false,
      transport: "deno",
      loss: 0.3,
      burst: null,
      seed: 7,
      delay_ms: 0,
      jitter_ms: 0,
      duplicate: 0,
      reorder: 0,
      allow: [],
      rate: 5000,
      total_rate: 10_000,
      keyed: false,
    },
  ],
  [
    { type: "replied", client: CLIENT, seq: 12, timeDifferenceS: 0.000123 },
    "Responded to 127.0.0.1:50554 with Seq: 12, Time Difference: 0.000123 seconds",
    {
      type: "replied",
      time: TIME,
      client: "127.0.0.1:50554",
      seq: 12,
      time_difference_s: 0.000123,
    },
  ],
  [
    { type: "dropped", client: CLIENT, seq: 9007199254740991 },
    "Simulating packet loss for message from 127.0.0.1:50554 (Heartbeat 9007199254740991)",
    { type: "dropped", time: TIME, client: "127.0.0.1:50554", seq: 9007199254740991 },
  ],
  [
    {
      type: "malformed",
      client: CLIENT,
      bytes: 50,
      beginning: bytesOf("\x1b[2Jhello\r\n"),
      reason: "not_a_heartbeat",
    },
    'Ignored 50 bytes from 127.0.0.1:50554: not a heartbeat: "\\x1b[2Jhello\\x0d\\x0a"...',
    {
      type: "malformed",
      time: TIME,
      client: "127.0.0.1:50554",
      bytes: 50,
      reason: "not_a_heartbeat",
      beginning: '"\\x1b[2Jhello\\x0d\\x0a"...',
    },
  ],
  [
    {
      type: "refused",
      counts: { ...NONE_REFUSED, bad_mac: 1, limited: 12_345 },
      last: CLIENT,
    },
    "Refused 1 datagram with a code of another key, or changed on the way, " +
    "12345 datagrams over the rate limit; " +
    "the last from 127.0.0.1:50554",
    {
      type: "refused",
      time: TIME,
      ...NONE_REFUSED,
      bad_mac: 1,
      limited: 12_345,
      last: "127.0.0.1:50554",
    },
  ],
  [
    { type: "client_state", client: CLIENT, to: "down", silentMs: 5040 },
    "Client 127.0.0.1:50554 has gone quiet: nothing was heard for 5.0 s.",
    { type: "client_state", time: TIME, client: "127.0.0.1:50554", to: "down", silent_s: 5.04 },
  ],
  [
    { type: "client_state", client: CLIENT, to: "up", silentMs: 65_040 },
    "Client 127.0.0.1:50554 is heard again after 65.0 s.",
    { type: "client_state", time: TIME, client: "127.0.0.1:50554", to: "up", silent_s: 65.04 },
  ],
  [
    { type: "client_moved", client: CLIENT, from: { hostname: "192.0.2.9", port: 9 } },
    "Client 192.0.2.9:9 goes on from 127.0.0.1:50554.",
    { type: "client_moved", time: TIME, client: "127.0.0.1:50554", from: "192.0.2.9:9" },
  ],
  [
    { type: "send_failed", client: CLIENT, seq: 1, reason: "Network is unreachable" },
    "Could not answer heartbeat 1 of 127.0.0.1:50554: Network is unreachable",
    {
      type: "send_failed",
      time: TIME,
      client: "127.0.0.1:50554",
      seq: 1,
      reason: "Network is unreachable",
    },
  ],
  [
    { type: "receive_failed", reason: "reset" },
    "Could not receive: reset",
    { type: "receive_failed", time: TIME, reason: "reset" },
  ],
  [
    { type: "held_back", lines: 1 },
    "... left out: 1 more line about datagrams that went wrong (10 a second are shown)",
    { type: "held_back", time: TIME, lines: 1 },
  ],
  [
    SUMMARY,
    "--- heartbeat server summary ---\n" +
    "10 heartbeats from 1 client: 7 answered, 3 dropped on purpose (30%)\n" +
    "1 malformed datagram ignored\n" +
    "Refused: 2 datagrams from networks that --allow leaves out, 1500 datagrams\n" +
    "over the rate limit\n" +
    "  127.0.0.1:50554\n" +
    "    10 received, 3 of them dropped on purpose, 5 over the rate limit, 4 lost\n" +
    "    on the way out, 1 duplicate, 2 reordered, jitter at the end 0.076 ms,\n" +
    "    started anew 1 time, last heard 6.0 s ago, gone quiet",
    {
      type: "summary",
      time: TIME,
      received: 10,
      replied: 7,
      dropped: 3,
      malformed: 1,
      ...NONE_REFUSED,
      not_allowed: 2,
      limited: 1500,
      clients: 1,
      clients_forgotten: 0,
      waiting: 0,
      overflowed: 0,
      send_failures: 0,
      receive_failures: 0,
      contradictions: 0,
      contradiction: null,
      busiest: [{
        client: "127.0.0.1:50554",
        received: 10,
        unique: 9,
        duplicates: 1,
        reordered: 2,
        lost: 4,
        dropped: 3,
        limited: 5,
        restarts: 1,
        jitter_ms: 0.0764,
        last_heard_s_ago: 6.04,
        stopped: true,
        moved: false,
      }],
    },
  ],
];
