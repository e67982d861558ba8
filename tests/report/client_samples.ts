/** A client's events, with the lines and the JSON that are printed for them. */

import type { VerdictWorth } from "../../lib/detect/verdict_worth.ts";
import { Measurements } from "../../lib/monitor/measurements.ts";
import type { MonitorSummary } from "../../lib/monitor/events.ts";
import type { ClientEvent } from "../../lib/report/client_events.ts";
import { type View, viewOf } from "../../lib/report/view.ts";
import type { Endpoint } from "../../lib/wire/endpoint.ts";
import { type StateEvent, stateEvent } from "../support/state_event.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";

export const TARGET: Endpoint = { hostname: "127.0.0.1", port: 12000 };
export const SERVER = "127.0.0.1:12000";
export const WALL_MS = Date.UTC(2026, 10, 23, 2, 56, 49, 123);
export const TIME = "2026-11-23T02:56:49.123000Z";

/** Four heartbeats: answered after 1 and 3 ms, lost and answered late, and one in flight. */
const measured = new Measurements();
measured.answered(1, { rttMs: 1, timeDifferenceS: 0.0005 });
measured.settled(1, false, 0);
measured.answered(2, { rttMs: 3, timeDifferenceS: 0.0015 }, { rttMs: 1, timeDifferenceS: 0.0005 });
measured.settled(2, false, 10);
measured.lost();
measured.settled(3, true, 20);
measured.late(3);

export const SUMMARY: MonitorSummary = {
  ...measured.figures(),
  verdict: "alive",
  state: "up",
  sent: 4,
  consecutive: 0,
  outstanding: 1,
  unexpected: 0,
  stamped: 0,
  unauthentic: 0,
  unanswering: undefined,
  elsewhere: undefined,
  keyed: false,
  ended: "finished",
  planned: 4,
  contradictions: 0,
  contradiction: undefined,
  clockSetMs: 0,
  scheduleErrorMs: undefined,
  unsent: { count: 0, reason: undefined },
  unreachable: { count: 0, reason: undefined },
  receiveFailures: 0,
  direction: { forward: 0, backward: 0, late: 1, unknown: 0 },
  clock: {
    offsetS: -0.0025,
    lowS: -0.003,
    highS: 0.0125,
    driftPpm: 12.3456,
    driftBoundsPpm: { low: 11.21, high: 13.39 },
    steps: 1,
    forwardS: 0.0005,
    backwardS: 0.001,
    mostOneWayS: 0.00201,
  },
  worth: undefined,
  outages: 1,
  availability: { low: 0.5, high: 0.75 },
  stalls: 0,
  asleepMs: 0,
  excused: 0,
  lostUnsent: 0,
  roundTrips: measured.roundTrips,
  startedAtMs: 0,
  durationMs: 1234.5,
};

const unanswered = new Measurements();
for (let seq = 1; seq <= 3; seq++) {
  unanswered.lost();
  unanswered.settled(seq, true, seq * 1000);
}

/** The figures of three heartbeats, none of which was answered. */
export const NO_REPLIES = {
  ...unanswered.figures(),
  roundTrips: unanswered.roundTrips,
  sent: 3,
  consecutive: 3,
  outstanding: 0,
  outages: 0,
  direction: undefined,
  clock: undefined,
} satisfies Partial<MonitorSummary>;

export const VIEW: View = viewOf({ colour: false, columns: 80 }, { stats: false });

const START = { type: "start", others: [], version: "0.1.0", transport: "deno" } as const;

/** Events, with their line and their JSON; `undefined` where there is none. */
export const CLIENT_TABLE: [
  ClientEvent,
  string | undefined,
  Record<string, unknown> | undefined,
][] = [
  [
    { ...START, name: "localhost:12000", count: 100, intervalMs: 0, timeoutMs: 1000, maxLosses: 3 },
    "Checking localhost:12000 (127.0.0.1:12000)\n" +
    "  100 heartbeats, one after the other, timeout 1s",
    {
      type: "start",
      time: TIME,
      target: SERVER,
      name: "localhost:12000",
      other_addresses: [],
      version: "0.1.0",
      count: 100,
      interval_s: 0,
      timeout_s: 1,
      max_losses: 3,
      transport: "deno",
    },
  ],
  [
    { ...START, name: SERVER, count: 0, intervalMs: 500, timeoutMs: 60_000, maxLosses: "auto" },
    "Checking 127.0.0.1:12000\n  until stopped, every 500ms, timeout 1m",
    {
      type: "start",
      time: TIME,
      target: SERVER,
      name: SERVER,
      other_addresses: [],
      version: "0.1.0",
      count: 0,
      interval_s: 0.5,
      timeout_s: 60,
      max_losses: "auto",
      transport: "deno",
    },
  ],
  [
    {
      type: "address",
      from: { hostname: "192.0.2.7", port: 12000 },
      to: TARGET,
      reason: "Network is unreachable",
    },
    "Nothing could be sent to 192.0.2.7:12000: Network is unreachable. Going on\n" +
    "with 127.0.0.1:12000.",
    {
      type: "address",
      time: TIME,
      target: SERVER,
      from: "192.0.2.7:12000",
      reason: "Network is unreachable",
    },
  ],
  [
    { type: "sent", seq: 1, text: "Heartbeat 1 1763824000.123456" },
    "Sent: Heartbeat 1 1763824000.123456",
    { type: "sent", time: TIME, target: SERVER, seq: 1 },
  ],
  [
    { type: "reply", seq: 1, rttMs: 0.2151, timeDifferenceS: 0.000123 },
    "Reply from 127.0.0.1:12000: Seq: 1, Time Difference: 0.000123 seconds (rtt 0.215 ms)",
    {
      type: "reply",
      time: TIME,
      target: SERVER,
      seq: 1,
      rtt_ms: 0.2151,
      time_difference_s: 0.000123,
    },
  ],
  [
    { type: "reply", seq: 1, rttMs: 0.2151, timeDifferenceS: undefined },
    "Reply from 127.0.0.1:12000: echo of Heartbeat 1 (rtt 0.215 ms)",
    { type: "reply", time: TIME, target: SERVER, seq: 1, rtt_ms: 0.2151, time_difference_s: null },
  ],
  [
    { type: "timeout", seq: 2, consecutive: 1, excuse: undefined },
    "Heartbeat 2: Request timed out",
    { type: "timeout", time: TIME, target: SERVER, seq: 2, consecutive: 1, excuse: null },
  ],
  [
    { type: "timeout", seq: 2, consecutive: 0, excuse: "unsent" },
    undefined,
    { type: "timeout", time: TIME, target: SERVER, seq: 2, consecutive: 0, excuse: "unsent" },
  ],
  [
    { type: "timeout", seq: 2, consecutive: 0, excuse: "asleep" },
    "Heartbeat 2: Request timed out; this machine slept or stood still meanwhile",
    { type: "timeout", time: TIME, target: SERVER, seq: 2, consecutive: 0, excuse: "asleep" },
  ],
  [
    { type: "late", seq: 2, rttMs: 1500.5 },
    "Heartbeat 2: the reply came late, after 1500.500 ms; it counts as lost",
    { type: "late", time: TIME, target: SERVER, seq: 2, rtt_ms: 1500.5 },
  ],
  [
    { type: "duplicate", seq: 2 },
    "Heartbeat 2: duplicate reply",
    { type: "duplicate", time: TIME, target: SERVER, seq: 2 },
  ],
  [
    {
      type: "unexpected",
      from: { hostname: "::1", port: 5 },
      bytes: 1,
      beginning: bytesOf("\x07"),
      reason: "not_a_reply",
    },
    'Unexpected 1 byte from [::1]:5: not a reply to a heartbeat: "\\x07"',
    {
      type: "unexpected",
      time: TIME,
      target: SERVER,
      from: "[::1]:5",
      bytes: 1,
      beginning: '"\\x07"',
      reason: "not_a_reply",
    },
  ],
  [
    { type: "send_failed", seq: 3, reason: "Network is unreachable", hostUnreachable: false },
    "Heartbeat 3: could not be sent: Network is unreachable",
    {
      type: "send_failed",
      time: TIME,
      target: SERVER,
      seq: 3,
      reason: "Network is unreachable",
      host_unreachable: false,
    },
  ],
  [
    { type: "receive_failed", reason: "reset" },
    "Could not receive: reset",
    { type: "receive_failed", time: TIME, target: SERVER, reason: "reset" },
  ],
  [
    { type: "held_back", lines: 12 },
    "... left out: 12 more lines about datagrams that went wrong (10 a second are shown)",
    { type: "held_back", time: TIME, target: SERVER, lines: 12 },
  ],
  [
    stateEvent({
      from: "up",
      to: "down",
      consecutive: 3,
      lastedMs: 5,
    }),
    "Server is assumed to have stopped after 3 consecutive timeouts.\n  127.0.0.1:12000, 2026-11-23 02:56:49 UTC",
    {
      type: "state",
      time: TIME,
      target: SERVER,
      from: "up",
      to: "down",
      reason: "unanswered",
      consecutive: 3,
      outage_s: null,
      worth: null,
    },
  ],
  [
    stateEvent({
      from: "down",
      to: "up",
      consecutive: 0,
      lastedMs: 12_340,
      outageMs: { low: 11_000, high: 14_340 },
    }),
    "Server is answering again after an outage of 11.0 s to 14.4 s.\n  127.0.0.1:12000, 2026-11-23 02:56:49 UTC",
    {
      type: "state",
      time: TIME,
      target: SERVER,
      from: "down",
      to: "up",
      reason: "answered",
      consecutive: 0,
      outage_s: { low: 11, high: 14.34 },
      worth: null,
    },
  ],
  [
    stateEvent({
      from: "unknown",
      to: "up",
      consecutive: 0,
      lastedMs: 5,
    }),
    undefined,
    {
      type: "state",
      time: TIME,
      target: SERVER,
      from: "unknown",
      to: "up",
      reason: "answered",
      consecutive: 0,
      outage_s: null,
      worth: null,
    },
  ],
  [
    { type: "stall", lateMs: 3210 },
    "This program stood still for at least 3.2 s: what waited\n" +
    "  for a reply doesn't count against the server.",
    { type: "stall", time: TIME, target: SERVER, late_s: 3.21 },
  ],
  [
    { type: "clock_step", whose: "server", stepMs: undefined, sleepMs: 0 },
    "The server's clock has stepped against this machine's; the comparison begins\nanew.",
    { type: "clock_step", time: TIME, target: SERVER, whose: "server", step_s: null },
  ],
  [
    { type: "clock_step", whose: "client", stepMs: -5000, sleepMs: 0 },
    "This machine's clock has stepped; the comparison with the server's begins\nanew.",
    { type: "clock_step", time: TIME, target: SERVER, whose: "client", step_s: -5 },
  ],
  [
    { type: "clock_step", whose: "client", stepMs: 28_800_000, sleepMs: 28_800_000 },
    "This machine slept for 8 h, or its clock was set forward; the comparison with\n" +
    "the server's begins anew.",
    { type: "clock_step", time: TIME, target: SERVER, whose: "client", step_s: 28_800 },
  ],
  [
    stateEvent({
      from: "up",
      to: "unknown",
      reason: "unsent",
      unsent: "Network is unreachable",
      consecutive: 0,
      lastedMs: 5,
    }),
    "The state of the server is unknown: this machine can't send to it.\n" +
    "  127.0.0.1:12000, 2026-11-23 02:56:49 UTC\n  The last error: Network is unreachable",
    {
      type: "state",
      time: TIME,
      target: SERVER,
      from: "up",
      to: "unknown",
      reason: "unsent",
      consecutive: 0,
      outage_s: null,
      worth: null,
    },
  ],
  [
    stateEvent({ from: "up", to: "unknown", reason: "asleep", consecutive: 0, lastedMs: 5 }),
    "The state of the server is unknown: this machine slept or stood still.\n" +
    "  127.0.0.1:12000, 2026-11-23 02:56:49 UTC",
    {
      type: "state",
      time: TIME,
      target: SERVER,
      from: "up",
      to: "unknown",
      reason: "asleep",
      consecutive: 0,
      outage_s: null,
      worth: null,
    },
  ],
  [
    stateEvent({
      from: "unknown",
      to: "up",
      reasonBefore: "unsent",
      lastKnown: "up",
      consecutive: 0,
      lastedMs: 5,
    }),
    "Server is answering again.\n  127.0.0.1:12000, 2026-11-23 02:56:49 UTC",
    {
      type: "state",
      time: TIME,
      target: SERVER,
      from: "unknown",
      to: "up",
      reason: "answered",
      consecutive: 0,
      outage_s: null,
      worth: null,
    },
  ],
];

/** The worth of the default rule at a loss of 30%. */
export const WORTH: VerdictWorth = {
  limit: 3,
  newer: 0,
  losses: 30,
  rates: { afterReply: 0.3, afterLoss: 0.3 },
  everyHeartbeats: { low: 34.2, high: 288 },
  shareOfRuns: { low: 0.3, high: 0.95 },
  stopProbability: 0.005,
  rightLimit: undefined,
};

/** A server is given up. */
export const DOWN: StateEvent = stateEvent({
  from: "suspect",
  to: "down",
  consecutive: 3,
  lastedMs: 1,
});
