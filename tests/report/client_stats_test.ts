import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exponentialJitter } from "../../lib/impairment/link.ts";
import { lossModel } from "../../lib/impairment/loss.ts";
import { derivedRandom, seededRandom } from "../../lib/impairment/random.ts";
import { Measurements } from "../../lib/monitor/measurements.ts";
import { statsLines } from "../../lib/report/client_stats.ts";
import { summaryLines } from "../../lib/report/client_summary.ts";
import { BARS } from "../../lib/report/histogram.ts";
import { runWorld } from "../../lib/simulation/world.ts";
import { NO_REPLIES, SUMMARY, TARGET, VIEW } from "./client_samples.ts";

Deno.test("with --stats every figure is told, bounds as ranges and outwards", () => {
  assertEquals(statsLines(SUMMARY, 80), [
    "milliseconds       min   mean median    p90    p95    p99  p99.9    max stddev",
    "round trip       1.000  2.000  2.000      -      -      -      -  3.000  1.000",
    "  of all sent                  3.000      -      -      -      -",
    "change (IPDV)    2.000  2.000  2.000      -      -      -      -  2.000  0.000",
    "  out            1.000  1.000  1.000      -      -      -      -  1.000  0.000",
    "  back           1.000  1.000  1.000      -      -      -      -  1.000  0.000",
    "at the end     smoothed round trip 1.250, timeout 4.750 ms (RFC 6298); jitter",
    "               0.125 ms of the round trip, 0.063 out (RFC 3550)",
    "loss           33%, 95% interval 8.6% to 99.85%; 50% after a reply",
    "runs of losses 1, mean length 1.00, longest 1: 1 from heartbeat 3 (after 0.0",
    "               s)",
    "lost on way    0 out (or dropped or refused by the server), 0 back, 1 late, 0",
    "               unknown or not sent",
    "clock          the server's is ahead by -3 to 13 ms (-3 if both ways are",
    "               alike)",
    "one-way        at their fastest, each way took 0 to 2.1 ms (0.5 out and 1.0",
    "               back if both ways are alike)",
    "drift          the server's clock runs fast by 11.2 to 13.4 ppm",
    "clock steps    1",
    "round trips    end where this program read the reply",
  ]);
});

Deno.test("which clock round trips hang on is told with the figures, and in the summary", () => {
  const row = (stamped: number) =>
    statsLines({ ...SUMMARY, stamped }, 80).find((line) => line.startsWith("round trips"));
  assertEquals(row(2), "round trips    2 of 3 end at the kernel's time stamp on the reply");
  const text = (stamped: number) =>
    summaryLines({ ...SUMMARY, stamped }, TARGET, VIEW).replaceAll(/\n +/g, " ");
  assert(!text(0).includes("kernel"));
  assertStringIncludes(text(2), "mean change 2.00 ms, some by the kernel's time stamps\n");
  assertStringIncludes(text(3), "mean change 2.00 ms, by the kernel's time stamps\n");
});

Deno.test("lost heartbeats count as rounds without an end, in percentiles that are known", () => {
  const many = new Measurements();
  for (let seq = 1; seq <= 80; seq++) many.answered(seq, { rttMs: seq, timeDifferenceS: 0 });
  for (let seq = 81; seq <= 100; seq++) many.lost();
  const changes = { ...many.figures(), roundTrips: many.roundTrips };
  assertEquals(
    statsLines({ ...SUMMARY, ...changes }, 80).find((line) => line.startsWith("  of all sent")),
    "  of all sent                  50.00   lost   lost   lost      -",
  );
});

Deno.test("a run without replies has few lines", () => {
  assertEquals(statsLines({ ...SUMMARY, ...NO_REPLIES }, 80), [
    "loss           100%, 95% interval 0.92% to 100%; 100% after a loss",
    "runs of losses 1, mean length 3.00, longest 3: 3 from heartbeat 1 (after 1.0",
    "               s)",
  ]);
});

Deno.test("a histogram of the round trips follows", () => {
  const many = new Measurements();
  for (let seq = 1; seq <= 20; seq++) many.answered(seq, { rttMs: seq, timeDifferenceS: 0 });
  const lines = statsLines({ ...SUMMARY, roundTrips: many.roundTrips }, 80);
  assertEquals(lines.filter((line) => / \d+ #+$/.test(line)).length, BARS);
  assertStringIncludes(lines.join("\n"), "round trips, ms: each bar spans the same ratio");
});

Deno.test("what was ignored, and what this machine missed, has lines", () => {
  const changes = {
    unexpected: 3,
    receiveFailures: 1,
    stalls: 1,
    asleepMs: 28_800_000,
    excused: 2,
  };
  assertEquals(statsLines({ ...SUMMARY, ...changes }, 80).slice(-3), [
    "ignored        3 unexpected datagrams, 1 time the socket failed to receive",
    "this machine   this program stood still 1 time, slept for 8 h or had its clock",
    "               set forward; 2 losses say nothing about the server",
  ]);
});

Deno.test("no line is wider than 80 columns, whatever the figures are", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seededRandom(seed);
    const intervalMs = [0, 1, 100, 10_000][Math.floor(random() * 4)]!;
    const { monitor } = runWorld({
      seed,
      monitor: { count: 1200, intervalMs, timeoutMs: 1000, maxLosses: 0, watch: false },
      serverLoss: lossModel({ share: random() * 0.9 }, derivedRandom(seed, 1)),
      forward: {
        delayMs: random() ** 4 * 800,
        jitter: exponentialJitter(random() ** 4 * 400, derivedRandom(seed, 2)),
        duplicateShare: 0.1,
      },
      serverClock: { offsetMs: (random() - 0.5) * 10 ** (7 * random()), driftPpm: 80 * random() },
    });
    for (const columns of [0, 80, 200]) {
      for (const line of statsLines(monitor.summary(), columns)) {
        assert(line.length <= 80, `seed ${seed}: ${line}`);
        assert(!/NaN|undefined|Infinity/.test(line), `seed ${seed}: ${line}`);
      }
    }
  }
});
