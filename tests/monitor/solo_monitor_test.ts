import { assertEquals } from "@std/assert";
import type { Instant } from "../../lib/machine/machine.ts";
import { Monitor } from "../../lib/monitor/monitor.ts";
import { OwnMachine } from "../../lib/machine/own_machine.ts";
import { emptySnapshot } from "../../lib/monitor/snapshot.ts";
import { SoloMonitor } from "../../lib/monitor/solo_monitor.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import { replyText } from "../../lib/wire/reply.ts";

const TARGET = { hostname: "192.0.2.2", port: 12000 };
const OPTIONS = {
  target: TARGET,
  count: 0,
  intervalMs: 1000,
  timeoutMs: 500,
  maxLosses: 1,
  watch: true,
};

const at = (monotonicMs: number, aheadMs = 0): Instant => ({
  monotonicMs,
  wallMs: 1e12 + monotonicMs + aheadMs,
});

Deno.test("a standstill is reported first, and what was in flight is no evidence against the server", () => {
  const monitor = new SoloMonitor(OPTIONS);
  monitor.advance(at(0));
  monitor.receive(bytesOf(replyText(1, 0)), TARGET, at(10));
  monitor.advance(at(1000));
  const types = monitor.advance(at(9000)).map(({ type }) => type);
  assertEquals(types, ["stall", "timeout", "state", "departure"]);
  const { state, stalls, excused, lost } = monitor.summary();
  assertEquals([state, stalls, excused, lost], ["unknown", 1, 1, 1]);
});

Deno.test("a step of this machine's clock is reported once, and comparing clocks begins anew", () => {
  const monitor = new SoloMonitor(OPTIONS);
  monitor.advance(at(0));
  monitor.receive(bytesOf(replyText(1, 0)), TARGET, at(10));
  assertEquals(monitor.summary().clock?.steps, 0);
  const types = monitor.advance(at(1000, -5000)).map(({ type }) => type);
  assertEquals(types, ["clock_step", "departure"]);
  assertEquals(monitor.summary().clock, undefined);
  assertEquals(monitor.advance(at(1100, -5000)), []);
});

Deno.test("a heartbeat that was in flight when the clock stepped tells nothing of the server's clock", () => {
  const monitor = new SoloMonitor(OPTIONS);
  monitor.advance(at(0));
  monitor.receive(bytesOf(replyText(1, 0)), TARGET, at(10, -5000));
  assertEquals([monitor.summary().received, monitor.summary().clock], [1, undefined]);
  monitor.advance(at(1000, -5000));
  monitor.receive(bytesOf(replyText(2, 0)), TARGET, at(1010, -5000));
  assertEquals([monitor.summary().received, monitor.summary().clock?.steps], [2, 1]);
});

Deno.test("a report that became due while this machine slept is made at once, and no standstill", () => {
  const monitor = new SoloMonitor({ ...OPTIONS, timeoutMs: 1000, reportEveryMs: 60_000 });
  monitor.advance(at(0));
  const sleepMs = 8 * 3_600_000;
  const woken = monitor.receive(bytesOf(replyText(1, 0)), TARGET, at(10, sleepMs));
  assertEquals(woken.map(({ type }) => type), ["clock_step", "reply", "state", "report"]);
  monitor.advance(at(11, sleepMs));
  assertEquals(monitor.summary().stalls, 0);
});

Deno.test("monitors of one process share its machine, and each is told once", () => {
  const ownMachine = new OwnMachine();
  const monitors = [1, 2, 3].map((port) => {
    const monitor = new Monitor({ ...OPTIONS, target: { ...TARGET, port } }, ownMachine);
    monitor.advance(at(0));
    return monitor;
  });
  const { excusesInFlight } = ownMachine.look(at(5000), 500, 250);
  assertEquals(excusesInFlight, true);
  for (const monitor of monitors) {
    monitor.heed({ stallMs: 600, stepMs: 0, sleepMs: 0, excusesInFlight: true });
    monitor.advance(at(5000));
    const { stalls, excused, state } = monitor.summary();
    assertEquals([stalls, excused, state], [1, 1, "unknown"]);
  }
});

Deno.test("a snapshot has the counts of the summary, and writes into the object that it is given", () => {
  const monitor = new SoloMonitor({ ...OPTIONS, timeoutMs: 1000, maxLosses: 5 });
  const snapshot = emptySnapshot();
  monitor.snapshot(0, snapshot);
  assertEquals(snapshot, emptySnapshot());
  for (let seq = 1; seq <= 6; seq++) {
    const nowMs = (seq - 1) * 1000;
    monitor.advance(at(nowMs));
    if (seq === 2 || seq > 4) continue;
    monitor.receive(bytesOf(replyText(seq, 0)), TARGET, at(nowMs + seq));
  }
  monitor.receive(bytesOf(replyText(2, 0)), TARGET, at(5001));
  monitor.snapshot(5001, snapshot);
  const { sent, received, lost, late, outstanding, consecutive, state, srttMs, outages } = monitor
    .summary();
  assertEquals([sent, received, lost, late, outstanding, consecutive], [6, 3, 2, 1, 1, 1]);
  assertEquals(snapshot, {
    verdict: "alive",
    unsent: 0,
    lostUnsent: 0,
    sent,
    received,
    lost,
    late,
    outstanding,
    consecutive,
    state,
    srttMs,
    outages,
    lastRttMs: 4,
    lastMinute: { received: 3, lost: 2 },
  });
});

Deno.test("a report's window, and the run's length, take in the time that the machine slept", () => {
  const monitor = new SoloMonitor({ ...OPTIONS, reportEveryMs: 60_000 });
  monitor.advance(at(0));
  monitor.receive(bytesOf(replyText(1, 0)), TARGET, at(10));
  const hourMs = 3_600_000;
  const events = [...monitor.advance(at(1000, hourMs)), ...monitor.advance(at(2000, hourMs))];
  const reports = events.flatMap((event) => event.type === "report" ? [event] : []);
  assertEquals(reports.map(({ windowMs }) => windowMs), [hourMs + 1000]);
  assertEquals(reports[0]!.whole.durationMs, hourMs + 1000);
  assertEquals(monitor.summary().durationMs, hourMs + 2000);
  // The next one is due a minute later, by the monotonic clock.
  assertEquals(monitor.advance(at(60_900, hourMs)).some(({ type }) => type === "report"), false);
  assertEquals(monitor.advance(at(61_000, hourMs)).some(({ type }) => type === "report"), true);
});
