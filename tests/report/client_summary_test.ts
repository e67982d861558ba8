import { assert, assertEquals, assertMatch } from "@std/assert";
import { lossModel } from "../../lib/impairment/loss.ts";
import { derivedRandom, seededRandom } from "../../lib/impairment/random.ts";
import { Measurements } from "../../lib/monitor/measurements.ts";
import type { MonitorEvent, MonitorSummary } from "../../lib/monitor/events.ts";
import { clientLine } from "../../lib/report/client_lines.ts";
import { summaryLines } from "../../lib/report/client_summary.ts";
import { reportLines } from "../../lib/report/interim_report.ts";
import { PLAIN } from "../../lib/report/palette.ts";
import { runWorld } from "../../lib/simulation/world.ts";
import { NO_REPLIES, SERVER, SUMMARY, TARGET, VIEW, WALL_MS, WORTH } from "./client_samples.ts";

const LOST_OUT = { forward: 30, backward: 0, late: 0, unknown: 0 };

/** A run as the demo makes it, in figures. */
const DEMO: MonitorSummary = {
  ...SUMMARY,
  ...measured(70, 30),
  sent: 100,
  planned: 100,
  outstanding: 0,
  outages: 0,
  clock: undefined,
  direction: LOST_OUT,
  durationMs: 32_100,
};

/** The figures of heartbeats that were answered after 1 ms to 2 ms, and then some that were lost. */
function measured(answered: number, lost: number) {
  const measurements = new Measurements();
  for (let seq = 1; seq <= answered; seq++) {
    const rttMs = 1 + seq / answered;
    const before = seq === 1 ? undefined : { rttMs: rttMs - 1 / answered, timeDifferenceS: 0 };
    measurements.answered(seq, { rttMs, timeDifferenceS: 0 }, before);
    measurements.settled(seq, false, seq);
  }
  for (let seq = answered + 1; seq <= answered + lost; seq++) {
    measurements.lost();
    measurements.settled(seq, true, seq);
  }
  return { ...measurements.figures(), roundTrips: measurements.roundTrips };
}

const linesOf = (changes: Partial<MonitorSummary>, summary = DEMO) =>
  summaryLines({ ...summary, ...changes }, TARGET, VIEW).split("\n");

const noteOf = (changes: Partial<MonitorSummary>, summary = DEMO) => {
  const lines = linesOf(changes, summary);
  const from = lines.findIndex((line) => line.startsWith("note"));
  const until = lines.findIndex((line) => line.startsWith("Verdict"));
  return from < 0 ? undefined : lines.slice(from, until).map((line) => line.slice(12)).join(" ");
};

Deno.test("the summary says what was asked, what came, how soon, what was lost, and a verdict", () => {
  assertEquals(linesOf({}), [
    "--- 127.0.0.1:12000 heartbeat summary ---",
    "100 sent, 70 answered, 30 lost (30%), in 32.1 s",
    "round trip  min 1.01, median 1.51, p95 1.96, max 2.00, mean change 0.014 ms",
    "lost        30 out (on the way, or dropped or refused by the server), 0 on the",
    "            way back; longest run of losses 30",
    "Verdict: the server is alive.",
  ]);
});

Deno.test("late, copied, waiting and unsent heartbeats are told where there are any", () => {
  const unsent = { count: 4, reason: "Network is unreachable" };
  const counts = { sent: 106, planned: 106, outstanding: 5, unsent, lostUnsent: 3 };
  assertEquals(linesOf({ ...counts, late: 2, duplicates: 1 }).slice(1, 3), [
    "102 sent, 70 answered, 27 lost (28%), 2 of them answered late, 1 duplicate, 4",
    "still waiting, 4 could not be sent, in 32.1 s",
  ]);
});

Deno.test("a server that counts nothing leaves the direction of losses open", () => {
  assertEquals(
    linesOf({ direction: undefined }).filter((line) => line.startsWith("lost")),
    ["lost        longest run of losses 30"],
  );
  const some = { forward: 3, backward: 2, late: 1, unknown: 4 };
  assertEquals(linesOf({ direction: some }).slice(3, 5), [
    "lost        3 out (on the way, or dropped or refused by the server), 2 on the",
    "            way back, 1 late, 4 of unknown direction; longest run of losses 30",
  ]);
  const nowhere = { forward: 0, backward: 0, late: 0, unknown: 30 };
  assertEquals(
    linesOf({ direction: nowhere })[3],
    "lost        30 of unknown direction; longest run of losses 30",
  );
  assertEquals(linesOf({}, { ...DEMO, ...measured(100, 0) }).length, 4);
});

Deno.test("outages are told with the time in reach, as bounds", () => {
  assertEquals(
    linesOf({ outages: 2, availability: { low: 0.6259, high: 0.7501 } }).at(-2),
    "outages     2; in reach for 62% to 76% of the time",
  );
  assert(!linesOf({ outages: 1, verdict: "stopped" }).join().includes("outages"));
});

Deno.test("the note is the first that applies", () => {
  const stranded = { count: 2, reason: "Network is unreachable" };
  const clock = {
    ...SUMMARY.clock!,
    lowS: 3599.51,
    highS: 3599.62,
    steps: 0,
  };
  const asked = { ended: "given_up", planned: 132 } as const;
  const all = { unsent: stranded, unexpected: 3, ...asked, clock, worth: WORTH };
  assertEquals(
    noteOf(all),
    "2 heartbeats could not be sent: Network is unreachable. They say nothing about the server.",
  );
  const unsent = { count: 0, reason: undefined };
  assertEquals(
    noteOf({ ...all, unsent }),
    "3 datagrams came besides that were no replies to heartbeats of this run.",
  );
  assertEquals(
    noteOf({ ...all, unsent, unexpected: 0 }),
    "32 of 132 heartbeats were not sent: the run ends when the server is given up. --watch goes " +
      "on through outages.",
  );
  assertEquals(
    noteOf({ ...all, unsent, unexpected: 0, ended: "stopped" }),
    "32 of 132 heartbeats were not sent: the run was stopped early.",
  );
  assertEquals(
    noteOf({ ...all, unsent, unexpected: 0, ended: "finished" }),
    "The server's clock is ahead of this machine's by at least 59 min 59 s.",
  );
  assertEquals(
    noteOf({ worth: WORTH }),
    "At this loss, 3 losses in a row come by chance about once in 34 to 290 heartbeats.",
  );
  assertEquals(noteOf({}), undefined);
});

Deno.test("time that was missed, a host out of reach and clocks that stepped have notes", () => {
  assertEquals(
    noteOf({ stalls: 1, excused: 2 }),
    "This program stood still once; 2 losses say nothing about the server.",
  );
  assertEquals(
    noteOf({ stalls: 2, excused: 1, asleepMs: 28_800_000 }),
    "This program stood still 2 times, and this machine slept for 8 h or had its clock set " +
      "forward; 1 loss says nothing about the server.",
  );
  assertEquals(
    noteOf({ unreachable: { count: 3, reason: "No route to host" } }),
    "3 heartbeats could not be sent to the host: No route to host. They count as lost.",
  );
  const clock = SUMMARY.clock!;
  assertEquals(
    noteOf({ clock: { ...clock, lowS: -2.34, highS: -1.26 } }),
    "The server's clock is behind this machine's by 1.200 to 2.400 s.",
  );
  assertEquals(
    noteOf({ clock: { ...clock, steps: 1 } }),
    "The clocks of the server and of this machine stepped against each other once.",
  );
});

Deno.test("the worth of a rule is told from ten losses on, and advice only where it helps", () => {
  assertEquals(noteOf({ worth: { ...WORTH, losses: 9 } }), undefined);
  assertEquals(
    noteOf({ worth: { ...WORTH, rightLimit: 8 } }),
    "At this loss, 3 losses in a row come by chance about once in 34 to 290 heartbeats. At this " +
      "interval and loss, --max-losses 8 would keep false alarms to about one in 10,000 heartbeats.",
  );
});

Deno.test("a verdict says no more than is known", () => {
  const verdict = (changes: Partial<MonitorSummary>) => linesOf(changes).at(-1);
  assertEquals(verdict({ verdict: "alive" }), "Verdict: the server is alive.");
  assertEquals(
    verdict({ consecutive: 2 }),
    "Verdict: alive when last heard; the last 2 heartbeats went unanswered.",
  );
  assertEquals(
    verdict({ consecutive: 1 }),
    "Verdict: alive when last heard; the last heartbeat went unanswered.",
  );
  assertEquals(
    verdict({ verdict: "stopped" }),
    "Verdict: the server is assumed to have stopped, or to be out of reach.",
  );
  assertEquals(
    verdict({ verdict: "unknown" }),
    "Verdict: unknown: at the end this machine could not ask the server.",
  );
  const silent = { ...NO_REPLIES, verdict: "never_answered" } as const;
  assertEquals(verdict(silent), "Verdict: the server did not answer.");
  assertEquals(verdict({ ...silent, lost: 0 }), "Verdict: no answer yet.");
});

Deno.test("with --stats the summary has every figure", () => {
  const text = summaryLines(DEMO, TARGET, { ...VIEW, stats: true });
  for (const name of ["stddev", "IPDV", "95% interval"]) {
    assert(text.includes(name), `${name} in\n${text}`);
  }
  assertEquals(text.split("\n").at(-1), "Verdict: the server is alive.");
});

Deno.test("a report has the figures since the last one and of the whole run", () => {
  const report: MonitorEvent & { type: "report" } = {
    type: "report",
    windowMs: 2000,
    window: new Measurements().figures(),
    whole: SUMMARY,
  };
  assertEquals(reportLines(report, SERVER, PLAIN, WALL_MS).split("\n"), [
    "--- 127.0.0.1:12000 after 1.2 s: up ---",
    "  2026-11-23 02:56:49 UTC",
    "  last 2.0 s: no heartbeat answered or lost",
    "  since the start: 2 answered, 1 lost (33%), 1 late; round trip min 1.00,",
    "  median 2.00, max 3.00 ms",
  ]);
});

/** A run in a random network, with a random rule; everything that it prints. */
function randomRun(seed: number) {
  const random = seededRandom(seed);
  const pick = <Value>(...values: Value[]) => values[Math.floor(random() * values.length)]!;
  const intervalMs = pick(0, 10, 100, 1000, 30_000);
  const count = pick(1, 3, 40, 1500);
  const lengthMs = count * Math.max(intervalMs, 50);
  const printed: string[] = [];
  const { monitor } = runWorld({
    seed,
    monitor: {
      count,
      intervalMs,
      timeoutMs: pick(50, 200, 1000),
      maxLosses: pick<number | "auto">(0, 1, 3, 12, "auto"),
      watch: pick(true, false),
      reportEveryMs: pick(undefined, 10_000),
    },
    serverLoss: lossModel(
      pick({ share: 0 }, { share: 0.01 }, { share: 0.3 }, { share: 0.3, meanBurst: 10 }),
      derivedRandom(seed, 1),
    ),
    backward: { delayMs: pick(0, 20, 150), duplicateShare: pick(0, 0.1) },
    serverClock: { offsetMs: pick(0, -4_000_000, 5000) },
    serverDown: pick([], [{ fromMs: lengthMs * random(), untilMs: lengthMs }], [{ fromMs: 0 }]),
    unsent: pick([], [], [{ fromMs: lengthMs / 2, untilMs: lengthMs }]),
    stopAtMs: pick(undefined, lengthMs * random()),
    onClientEvent: (event) => {
      const line = clientLine(event, TARGET, VIEW, WALL_MS);
      if (line === undefined) return;
      if (["state", "report", "summary", "stall", "clock_step"].includes(event.type)) {
        printed.push(line);
      }
    },
  });
  return { printed, summary: monitor.summary() };
}

Deno.test("no summary has more than ten lines, no line for people more than 80 columns", () => {
  const verdicts = new Set<string>();
  for (let seed = 1; seed <= 150; seed++) {
    const { printed, summary } = randomRun(seed);
    verdicts.add(summary.verdict);
    for (const line of printed.flatMap((text) => text.split("\n"))) {
      assert(line.length <= 78, `seed ${seed}: ${line}`);
    }
    const last = printed.at(-1)!;
    assertMatch(last, /^--- .* heartbeat summary ---\n/);
    assertMatch(last, /\nVerdict: [^\n]+$/);
    assert(last.split("\n").length <= 10, `seed ${seed}: ${last}`);
    for (const text of printed) {
      assert(!/\bnever\b|probab|NaN|undefined|Infinity|-0\b/.test(text), `seed ${seed}: ${text}`);
    }
  }
  assertEquals(verdicts.size, 4, [...verdicts].join());
});

Deno.test("figures that contradict each other are told wherever figures are, in every form", () => {
  const changes = { contradictions: 2, contradiction: "sent 5, but received 3 + lost 1" };
  const told = "This program contradicts itself (2 times; the last: sent 5, but received 3 + " +
    "lost 1). Don't trust its figures, and please report it.";
  const joined = (lines: readonly string[]) => lines.map((line) => line.trim()).join(" ");
  assert(joined(linesOf(changes)).includes(`fault       ${told}`));
  assert(!joined(linesOf({})).includes("fault"));
  const whole = { ...DEMO, ...changes };
  const soFar = clientLine({ type: "figures_so_far", ...whole }, TARGET, VIEW, WALL_MS)!;
  assert(joined(soFar.split("\n")).includes(told));
  const report: MonitorEvent = { type: "report", windowMs: 1000, window: DEMO, whole };
  assert(joined(clientLine(report, TARGET, VIEW, WALL_MS)!.split("\n")).includes(told));
});
