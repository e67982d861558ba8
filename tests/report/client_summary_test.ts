import { assertEquals, assertStringIncludes } from "@std/assert";
import { Measurements } from "../../lib/monitor/measurements.ts";
import type { MonitorEvent } from "../../lib/monitor/events.ts";
import { reportLines, summaryLines } from "../../lib/report/client_summary.ts";
import { BARS } from "../../lib/report/histogram.ts";
import { PLAIN } from "../../lib/report/palette.ts";
import { SERVER, SUMMARY, VIEW } from "./client_samples.ts";

Deno.test("the summary shows every figure on one screen", () => {
  assertEquals(summaryLines(SUMMARY, SERVER, VIEW).split("\n"), [
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

Deno.test("a summary without replies has few lines", () => {
  const empty = new Measurements();
  const nothing = {
    ...SUMMARY,
    ...empty.figures(),
    roundTrips: empty.roundTrips,
    direction: undefined,
    clock: undefined,
  };
  assertEquals(summaryLines(nothing, SERVER, VIEW).split("\n").length, 5);
});

Deno.test("a summary has a histogram of its round trips", () => {
  const many = new Measurements();
  for (let seq = 1; seq <= 20; seq++) many.answered(seq, { rttMs: seq, timeDifferenceS: 0 });
  const lines = summaryLines({ ...SUMMARY, roundTrips: many.roundTrips }, SERVER, VIEW).split("\n");
  assertEquals(lines.filter((line) => / \d+ #+$/.test(line)).length, BARS);
});

Deno.test("a report has the figures since the last one and of the whole run", () => {
  const report: MonitorEvent & { type: "report" } = {
    type: "report",
    windowMs: 2000,
    window: new Measurements().figures(),
    whole: SUMMARY,
  };
  assertEquals(reportLines(report, SERVER, PLAIN).split("\n"), [
    "--- 127.0.0.1:12000 after 1.2 s (up) ---",
    "last 2.0 s: 0 received, 0 lost, 0 late, no heartbeat settled",
    "since the start: 2 received, 1 lost, 1 late, 33.333% loss; " +
    "rtt min/median/p99/max = 1.000/2.000/3.000/3.000 ms",
  ]);
});

Deno.test("a summary says which failures are this machine's own", () => {
  const failures = {
    unsent: { count: 2, reason: "Network is unreachable" },
    unreachable: { count: 1, reason: "No route to host" },
    receiveFailures: 1,
    unexpected: 3,
    asleepMs: 28_800_000,
  };
  const line = summaryLines({ ...SUMMARY, ...failures }, SERVER, VIEW);
  assertStringIncludes(
    line,
    "2 heartbeats could not be sent: Network is unreachable. They say nothing about the server.",
  );
  assertStringIncludes(
    line,
    "1 heartbeat could not be sent to the host: No route to host. It counts as lost.",
  );
  assertStringIncludes(line, "slept for 28800.0 s (or its clock was set forward); 2 losses");
  assertStringIncludes(line, "1 time the socket could not receive");
  assertStringIncludes(line, "3 unexpected datagrams ignored");
});

Deno.test("a run that could not ask at the end has no verdict on the server", () => {
  const lines = summaryLines({ ...SUMMARY, verdict: "unknown", state: "unknown" }, SERVER, VIEW);
  assertEquals(
    lines.split("\n").at(-1),
    "Verdict: unknown: at the end this machine could not ask the server.",
  );
});
