import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { verdictWorth } from "../../lib/detect/verdict_worth.ts";
import { Measurements } from "../../lib/monitor/measurements.ts";
import type { MonitorSummary } from "../../lib/monitor/events.ts";
import { clientJson } from "../../lib/report/client_json.ts";
import { type ClientEvent, clientLine } from "../../lib/report/client_lines.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import { PLAIN } from "../../lib/report/palette.ts";

const TARGET = { hostname: "127.0.0.1", port: 12000 };
const SERVER = "127.0.0.1:12000";
const WALL_MS = Date.UTC(2026, 10, 23, 2, 56, 49, 123);
const TIME = "2026-11-23T02:56:49.123000Z";

/** Four heartbeats: answered after 1 and 3 ms, lost and answered late, and one in flight. */
const measured = new Measurements();
measured.answered(1, { rttMs: 1, timeDifferenceS: 0.0005 });
measured.settled(1, false, 0);
measured.answered(2, { rttMs: 3, timeDifferenceS: 0.0015 }, { rttMs: 1, timeDifferenceS: 0.0005 });
measured.settled(2, false, 10);
measured.lost();
measured.settled(3, true, 20);
measured.late(3);

const SUMMARY: MonitorSummary = {
  ...measured.figures(),
  verdict: "alive",
  state: "up",
  sent: 4,
  consecutive: 0,
  outstanding: 1,
  unexpected: 0,
  unauthentic: 0,
  elsewhere: undefined,
  keyed: false,
  scheduleErrorMs: undefined,
  sendFailures: 0,
  receiveFailures: 0,
  direction: { up: 0, down: 0, late: 1, unknown: 0 },
  clock: {
    offsetS: -0.0025,
    lowS: -0.003,
    highS: 0.0125,
    driftPpm: 12.3456,
    steps: 1,
    forwardS: 0.0005,
    backwardS: 0.001,
  },
  worth: undefined,
  outages: 1,
  availability: { low: 0.5, high: 0.75 },
  stalls: 1,
  excused: 2,
  roundTrips: measured.roundTrips,
  startedAtMs: 0,
  durationMs: 1234.5,
};
const VIEW = { palette: PLAIN, columns: 80 };

const NO_MORE = { outageMs: undefined, worth: undefined };
const UNSENT = "3 heartbeats could not be sent: that is this machine's fault, not the server's.";

const TABLE: [ClientEvent, string | undefined, Record<string, unknown> | undefined][] = [
  [
    { type: "start", name: "localhost:12000", count: 100, intervalMs: 0, timeoutMs: 1000 },
    "Checking localhost:12000 (127.0.0.1:12000): 100 heartbeats, one after the other, timeout 1s",
    undefined,
  ],
  [
    { type: "start", name: SERVER, count: 0, intervalMs: 500, timeoutMs: 60_000 },
    "Checking 127.0.0.1:12000: until stopped, every 500ms, timeout 1m",
    undefined,
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
    { type: "timeout", seq: 2, consecutive: 1 },
    "Heartbeat 2: Request timed out",
    { type: "timeout", time: TIME, target: SERVER, seq: 2, consecutive: 1 },
  ],
  [
    { type: "late", seq: 2, rttMs: 1500.5 },
    "Heartbeat 2: late reply after 1500.500 ms; it stays lost",
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
      from: "[::1]:5",
      bytes: 1,
      beginning: '"\\x07"',
      reason: "not_a_reply",
    },
  ],
  [
    { type: "send_failed", seq: 3, reason: "Network is unreachable" },
    "Heartbeat 3: could not be sent: Network is unreachable",
    { type: "send_failed", time: TIME, target: SERVER, seq: 3, reason: "Network is unreachable" },
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
    {
      type: "state",
      from: "up",
      to: "down",
      consecutive: 3,
      heard: true,
      keyed: false,
      unauthentic: 0,
      elsewhere: undefined,
      sendFailures: 0,
      lastedMs: 5,
      ...NO_MORE,
    },
    "Server is assumed to have stopped after 3 consecutive timeouts. [2026-11-23 02:56:49 UTC]",
    {
      type: "state",
      time: TIME,
      target: SERVER,
      from: "up",
      to: "down",
      consecutive: 3,
      outage_s: null,
      worth: null,
    },
  ],
  [
    {
      type: "state",
      from: "down",
      to: "up",
      consecutive: 0,
      heard: true,
      keyed: false,
      unauthentic: 0,
      elsewhere: undefined,
      sendFailures: 0,
      lastedMs: 12_340,
      outageMs: { low: 11_000, high: 14_340 },
      worth: undefined,
    },
    "Server is answering again after an outage of 11.0 s to 14.3 s. [2026-11-23 02:56:49 UTC]",
    {
      type: "state",
      time: TIME,
      target: SERVER,
      from: "down",
      to: "up",
      consecutive: 0,
      outage_s: { low: 11, high: 14.34 },
      worth: null,
    },
  ],
  [
    {
      type: "state",
      from: "unknown",
      to: "up",
      consecutive: 0,
      heard: true,
      keyed: false,
      unauthentic: 0,
      elsewhere: undefined,
      sendFailures: 0,
      lastedMs: 5,
      ...NO_MORE,
    },
    undefined,
    {
      type: "state",
      time: TIME,
      target: SERVER,
      from: "unknown",
      to: "up",
      consecutive: 0,
      outage_s: null,
      worth: null,
    },
  ],
  [
    { type: "stall", lateMs: 3210 },
    "This machine stood still for 3.2 s: what was in flight doesn't count against the server.",
    { type: "stall", time: TIME, target: SERVER, late_s: 3.21 },
  ],
  [
    { type: "clock_step", whose: "server" },
    "The server's clock has stepped against this machine's; the comparison begins anew.",
    { type: "clock_step", time: TIME, target: SERVER, whose: "server" },
  ],
];

Deno.test("client events have the lines of the contract", () => {
  for (const [event, line] of TABLE) assertEquals(clientLine(event, TARGET, VIEW, WALL_MS), line);
});

Deno.test("client events have the JSON of the contract", () => {
  for (const [event, , json] of TABLE) {
    const line = clientJson(event, TARGET, WALL_MS);
    assertEquals(line === undefined ? undefined : JSON.parse(line), json);
  }
});

Deno.test("the summary shows every figure on one screen", () => {
  assertEquals(clientLine({ type: "summary", ...SUMMARY }, TARGET, VIEW, WALL_MS)!.split("\n"), [
    "--- 127.0.0.1:12000 heartbeat summary ---",
    "4 sent, 2 received, 1 lost (33.333% loss), 1 outstanding, 1 late, 0 duplicates",
    "milliseconds       min   mean median    p90    p95    p99  p99.9    max stddev",
    "round trip       1.000  2.000  2.000  3.000  3.000  3.000  3.000  3.000  1.000",
    "  of all sent                  3.000   lost   lost   lost   lost",
    "change (IPDV)    2.000  2.000  2.000  2.000  2.000  2.000  2.000  2.000  0.000",
    "  forward        1.000  1.000  1.000  1.000  1.000  1.000  1.000  1.000  0.000",
    "  back           1.000  1.000  1.000  1.000  1.000  1.000  1.000  1.000  0.000",
    "variation      smoothed rtt 1.250, rto 4.750, p99.9 - min 2.000 ms",
    "jitter         0.125 ms of the round trip, 0.063 forward (RFC 3550)",
    "loss           95% interval 3.875% to 82.326%; 50.000% after a reply",
    "               1 run, mean 1.00, longest 1; worst: 1 from heartbeat 3 (0.0 s)",
    "direction      0 lost on the way there, 0 on the way back, 1 late, 0 unknown",
    "clock          server's less ours -2.500 ms, certainly within -3.000 to 12.50",
    "drift          12.346 ppm, 1 step seen",
    "one-way        at least 0.500 ms there and 1.000 back, each +-7.750 by the clock's bounds",
    "outages        1, available 50.000% to 75.000% of the time",
    "this machine   stood still 1 time; 2 losses did not count against the server",
    "Verdict: the server is alive.",
  ]);
});

Deno.test("a verdict says what it is worth, and so does the summary of a run that ended alive", () => {
  const worth = verdictWorth(
    { limit: 3, newer: 0, rates: { afterReply: 0.3, afterLoss: 0.3 } },
    100,
    1e-4,
  );
  const down: ClientEvent = {
    type: "state",
    ...{
      from: "suspect",
      to: "down",
      consecutive: 3,
      heard: true,
      keyed: false,
      unauthentic: 0,
      elsewhere: undefined,
      sendFailures: 0,
      lastedMs: 1,
    },
    ...{ outageMs: undefined, worth },
  };
  const rule =
    "Worth: 3 losses in a row - with a loss of about 30% after a reply and 30% after a loss, " +
    "loss alone does that once in 53 heartbeats, in 86 of 100 runs like this one.";
  assertEquals(clientLine(down, TARGET, VIEW, WALL_MS)!.split("\n"), [
    "Server is assumed to have stopped after 3 consecutive timeouts. [2026-11-23 02:56:49 UTC]",
    rule,
    "The server has really stopped with a probability of 0.512%, if servers stop once in 10,000 " +
    "heartbeats; --max-losses 8 would be right.",
  ]);
  const alive = clientLine({ type: "summary", ...SUMMARY, worth }, TARGET, VIEW, WALL_MS)!.split(
    "\n",
  );
  assertEquals(alive.slice(-3, -1), [
    rule,
    "For as few false alarms as wanted, --max-losses 8 would be right.",
  ]);
  const json = JSON.parse(clientJson(down, TARGET, WALL_MS)!).worth;
  const { max_losses, newer_unanswered, right_max_losses, stop_prior_per_heartbeat } = json;
  assertEquals(
    [max_losses, newer_unanswered, right_max_losses, stop_prior_per_heartbeat],
    [3, 0, 8, 0.0001],
  );
  const newer = { ...down, worth: { ...worth, newer: 9 } };
  assertStringIncludes(
    clientLine(newer, TARGET, VIEW, WALL_MS)!,
    "Worth: 3 losses in a row, and no reply to the 9 newer ones by then - with a loss of about",
  );
  assertAlmostEquals(json.false_alarm_share_of_runs, 0.863948, 1e-6);
});

Deno.test("the summary's JSON has every figure, with its unit, and null where there is none", () => {
  const spread = (value: number | null) =>
    Object.fromEntries(
      ["min", "mean", "median", "p90", "p95", "p99", "p999", "max"].map((name) => [name, value]),
    );
  assertEquals(JSON.parse(clientJson({ type: "summary", ...SUMMARY }, TARGET, WALL_MS)!), {
    type: "summary",
    time: TIME,
    target: SERVER,
    verdict: "alive",
    duration_s: 1.2345,
    schedule_error_ms: { ...spread(null), stddev: null },
    sent: 4,
    consecutive: 0,
    outstanding: 1,
    received: 2,
    lost: 1,
    late: 1,
    duplicates: 0,
    loss_ratio: 0.333333,
    loss_ratio_95: { low: 0.038748, high: 0.823264 },
    loss_runs: {
      count: 1,
      mean_length: 1,
      longest: 1,
      mean_distance: null,
      mean_gap: null,
      loss_after_reply: 0.5,
      loss_after_loss: null,
      worst: [{ first_seq: 3, length: 1 }],
    },
    rtt_ms: { min: 1, mean: 2, median: 2, p90: 3, p95: 3, p99: 3, p999: 3, max: 3, stddev: 1 },
    rtt_of_sent_ms: { median: 3, p90: null, p95: null, p99: null, p999: null },
    srtt_ms: 1.25,
    rto_ms: 4.75,
    ipdv_ms: { ...spread(2), stddev: 0 },
    forward_ipdv_ms: { ...spread(1), stddev: 0 },
    backward_ipdv_ms: { ...spread(1), stddev: 0 },
    pdv_ms: { p95: 2, p99: 2, p999: 2 },
    jitter_ms: 0.125,
    forward_jitter_ms: 0.0625,
    reordering: { reordered: 0, ratio: 0, max_extent: 0 },
    duplication: { replicated: 0, fraction: 0 },
    unexpected: 0,
    unauthentic: 0,
    elsewhere: null,
    send_failures: 0,
    receive_failures: 0,
    loss_direction: { up: 0, down: 0, late: 1, unknown: 0 },
    outages: 1,
    availability: { low: 0.5, high: 0.75 },
    stalls: 1,
    excused: 2,
    worth: null,
    clock: {
      offset_s: -0.0025,
      offset_low_s: -0.003,
      offset_high_s: 0.0125,
      drift_ppm: 12.3456,
      steps: 1,
      min_forward_delay_s: 0.0005,
      min_backward_delay_s: 0.001,
    },
  });
});

Deno.test("a run without replies has null for its figures, and few lines", () => {
  const empty = new Measurements();
  const nothing: ClientEvent = {
    type: "summary",
    ...SUMMARY,
    ...empty.figures(),
    roundTrips: empty.roundTrips,
    direction: undefined,
    clock: undefined,
  };
  const json = JSON.parse(clientJson(nothing, TARGET, WALL_MS)!);
  assertEquals([json.loss_ratio, json.clock, json.loss_direction, json.srtt_ms], [
    null,
    null,
    null,
    null,
  ]);
  assertEquals(Object.values(json.rtt_ms), new Array(9).fill(null));
  assertEquals(clientLine(nothing, TARGET, VIEW, WALL_MS)!.split("\n").length, 5);
});

Deno.test("a report tells the time since the last one and the whole run", () => {
  const report: ClientEvent = {
    type: "report",
    windowMs: 2000,
    window: new Measurements().figures(),
    whole: SUMMARY,
  };
  assertEquals(clientLine(report, TARGET, VIEW, WALL_MS)!.split("\n"), [
    "--- 127.0.0.1:12000 after 1.2 s (up) ---",
    "last 2.0 s: 0 received, 0 lost, 0 late, no heartbeat settled",
    "since the start: 2 received, 1 lost, 1 late, 33.333% loss; " +
    "rtt min/median/p99/max = 1.000/2.000/3.000/3.000 ms",
  ]);
  const json = JSON.parse(clientJson(report, TARGET, WALL_MS)!);
  assertEquals([json.window_s, json.window.received, json.whole.received], [2, 0, 2]);
});

Deno.test("a reply from elsewhere says from where, and what mends it", () => {
  const from = { hostname: "192.0.2.9", port: 12000 };
  const line = clientLine(
    { type: "unexpected", from, bytes: 41, beginning: bytesOf("hello"), reason: "wrong_source" },
    TARGET,
    VIEW,
    WALL_MS,
  )!;
  assertStringIncludes(line, "Unexpected 41 bytes from 192.0.2.9:12000");
  assertStringIncludes(line, SERVER);
  assertStringIncludes(line, "--host");
  const otherPort: ClientEvent = {
    ...{ type: "unexpected", from: { ...TARGET, port: 5 }, bytes: 41, beginning: bytesOf("hello") },
    reason: "wrong_source",
  };
  const text = clientLine(otherPort, TARGET, VIEW, WALL_MS)!;
  assertStringIncludes(text, `heartbeats go to ${SERVER}, and replies count only from there`);
  assert(!text.includes("--host"), text);
});

Deno.test("a server that never answered gets a hint, once", () => {
  const down: ClientEvent = {
    type: "state",
    from: "unknown",
    to: "down",
    consecutive: 3,
    heard: false,
    keyed: false,
    unauthentic: 0,
    elsewhere: undefined,
    sendFailures: 0,
    lastedMs: 3000,
    ...NO_MORE,
  };
  const silent: ClientEvent = {
    type: "summary",
    ...SUMMARY,
    verdict: "never_answered",
    state: "down",
  };
  const hint = "Is the server running there? Is a firewall between?";
  const lines = [
    clientLine(down, TARGET, VIEW, WALL_MS)!,
    clientLine(silent, TARGET, VIEW, WALL_MS)!,
  ];
  assertStringIncludes(
    lines[0]!,
    "Server is assumed to have stopped after 3 consecutive timeouts. [2026-11-23 02:56:49 UTC]",
  );
  assertEquals(lines.map((line) => line.includes(hint)), [true, false]);
  const unsent = clientLine({ ...down, sendFailures: 3 }, TARGET, VIEW, WALL_MS)!;
  assertEquals(unsent.split("\n")[1], UNSENT);
  const measured = clientLine({ ...silent, state: "unknown" }, TARGET, VIEW, WALL_MS)!;
  assertStringIncludes(measured, hint);
  const hints = [
    [down, "Does it want a key (--key-file), or leave this network out (--allow)?"],
    [
      { ...down, elsewhere: { hostname: "192.0.2.9", port: 12000 } },
      "answers from 192.0.2.9:12000",
    ],
    // Of one that was heard, only a clue is worth a line.
    [{ ...down, heard: true, unauthentic: 1 }, "answers, but not with this key"],
    [{ ...down, keyed: true }, "Has it the same key, and a clock within 60 s of this one?"],
    [{ ...down, keyed: true, unauthentic: 3 }, "answers, but not with this key"],
  ] as const;
  for (const [event, text] of hints) {
    assertStringIncludes(clientLine(event, TARGET, VIEW, WALL_MS)!, text);
  }
  assertEquals(clientLine({ ...down, heard: true }, TARGET, VIEW, WALL_MS)!.split("\n").length, 1);
  assertStringIncludes(
    clientLine({ ...silent, unauthentic: 3 }, TARGET, VIEW, WALL_MS)!,
    "Verdict: the server never answered with this key.",
  );
});

Deno.test("a summary says which failures are this machine's own", () => {
  const line = clientLine(
    { type: "summary", ...SUMMARY, sendFailures: 2, receiveFailures: 1, unexpected: 3 },
    TARGET,
    VIEW,
    WALL_MS,
  )!;
  assertStringIncludes(line, "2 heartbeats could not be sent: that is this machine's fault");
  assertStringIncludes(line, "1 time the socket could not receive");
  assertStringIncludes(line, "3 unexpected datagrams ignored");
});
