import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Instant, Output, Transmit } from "../../lib/machine/machine.ts";
import type { MonitorOptions } from "../../lib/monitor/options.ts";
import { SoloMonitor } from "../../lib/monitor/solo_monitor.ts";
import type { Endpoint } from "../../lib/wire/endpoint.ts";
import type { MonitorEvent } from "../../lib/monitor/events.ts";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";
import { replyText } from "../../lib/wire/reply.ts";
import { requestText } from "../../lib/wire/request.ts";
import { openRequest, sealReply } from "../../lib/wire/seal.ts";
import { keyedProtocol } from "../../lib/wire/protocol.ts";
import { leaveAtOnce } from "../../lib/simulation/leave_at_once.ts";
import { sealOf } from "../support/toy_seal.ts";

/** The system says that this machine has no network. */
const UNSENT = { reason: "Network is unreachable", hostUnreachable: false };

const TARGET = { hostname: "192.0.2.2", port: 12000 };

const at = (monotonicMs: number): Instant => ({
  monotonicMs,
  wallMs: 1763824000_000 + monotonicMs,
});

/** A monitor whose heartbeats leave as soon as it decides to send them. */
class Monitor extends SoloMonitor {
  override advance(now: Instant) {
    return leaveAtOnce(super.advance(now), now);
  }

  override receive(bytes: Uint8Array, from: Endpoint, now: Instant) {
    return leaveAtOnce(super.receive(bytes, from, now), now);
  }
}

function monitorOf(options: Partial<MonitorOptions> = {}): Monitor {
  return new Monitor({
    target: TARGET,
    count: 100,
    intervalMs: 0,
    timeoutMs: 1000,
    maxLosses: 3,
    watch: false,
    ...options,
  });
}

const reply = (monitor: Monitor, seq: number, nowMs: number, from = TARGET) =>
  monitor.receive(bytesOf(replyText(seq, 0.01)), from, at(nowMs));

/** Events in short: the type with the numbers that matter. */
function told(outputs: Output<MonitorEvent>[]): string[] {
  return outputs.map((output) => {
    switch (output.type) {
      case "transmit":
        return textOf(output.bytes);
      case "reply":
      case "late":
        return `${output.type} ${output.seq} ${output.rttMs}`;
      case "timeout":
        return `timeout ${output.seq} (${output.consecutive})`;
      case "state":
        return `${output.from} -> ${output.to}`;
      case "unexpected":
        return `unexpected ${output.reason}`;
      case "summary":
        return `summary ${output.verdict}`;
      case "receive_failed":
        return `${output.type} ${output.reason}`;
      case "stall":
        return `stall ${output.lateMs}`;
      case "clock_step":
        return `${output.type} ${output.whose}`;
      case "report":
        return `report ${output.window.received} of ${output.whole.received}`;
      default:
        return `${output.type} ${output.seq}`;
    }
  });
}

Deno.test("in lock-step the next heartbeat leaves as soon as the last is answered", () => {
  const monitor = monitorOf({ count: 2 });
  assertEquals(told(monitor.advance(at(0))), [requestText(1, 1763824000000.000), "sent 1"]);
  assertEquals(told(monitor.advance(at(10))), []);
  assertEquals(told(reply(monitor, 1, 20)), [
    "reply 1 20",
    "unknown -> up",
    requestText(2, 1763824000020.000),
    "sent 2",
  ]);
  assertEquals(told(reply(monitor, 2, 25)), ["reply 2 5", "summary alive"]);
  assertEquals(monitor.finished, true);
});

Deno.test("in lock-step the next heartbeat leaves when the last has timed out", () => {
  const monitor = monitorOf();
  monitor.advance(at(0));
  assertEquals(monitor.wakeAtMs, 1000);
  assertEquals(told(monitor.advance(at(999.9))), []);
  assertEquals(told(monitor.advance(at(1000))).slice(0, 3), [
    "timeout 1 (1)",
    requestText(2, 1763824001000.000),
    "sent 2",
  ]);
});

Deno.test("three losses in a row end the run: the server has stopped", () => {
  const monitor = monitorOf();
  monitor.advance(at(0));
  reply(monitor, 1, 10);
  monitor.advance(at(1010));
  monitor.advance(at(2010));
  assertEquals(told(monitor.advance(at(3010))), [
    "timeout 4 (3)",
    "suspect -> down",
    "summary stopped",
  ]);
  assertEquals([monitor.finished, monitor.wakeAtMs], [true, undefined]);
});

Deno.test("a server that never answers gets a verdict of its own", () => {
  const monitor = monitorOf();
  for (const ms of [0, 1000, 2000]) monitor.advance(at(ms));
  assertEquals(told(monitor.advance(at(3000))), [
    "timeout 3 (3)",
    "unknown -> down",
    "summary never_answered",
  ]);
});

Deno.test("monitor ignores a late reply when a newer heartbeat is pending", () => {
  const monitor = monitorOf();
  monitor.advance(at(0));
  monitor.advance(at(1000));
  assertEquals(told(reply(monitor, 1, 1500)), ["late 1 1500", "unknown -> up"]);
  const { received, lost, late, outstanding } = monitor.summary();
  assertEquals([received, lost, late, outstanding], [0, 1, 1, 1]);
  assertEquals(told(reply(monitor, 2, 1600))[0], "reply 2 600");
});

Deno.test("a reply that arrives with its timeout is late, even when the timer is later still", () => {
  const monitor = monitorOf();
  monitor.advance(at(0));
  assertEquals(told(reply(monitor, 1, 1000)), [
    "timeout 1 (1)",
    "late 1 1000",
    "unknown -> up",
    requestText(2, 1763824001000.000),
    "sent 2",
  ]);
});

Deno.test("a late reply is recognised for a minute after its heartbeat's timeout, if no longer", () => {
  for (const intervalMs of [200, 1000]) {
    const monitor = monitorOf({ count: 0, intervalMs, maxLosses: 0 });
    for (let nowMs = 0; nowMs <= 61_000; nowMs += intervalMs) monitor.advance(at(nowMs));
    assertEquals(told(reply(monitor, 1, 61_000)), ["late 1 61000", "unknown -> suspect"]);
    for (let nowMs = 61_000; nowMs <= 200_000; nowMs += intervalMs) monitor.advance(at(nowMs));
    assertEquals(told(reply(monitor, 2, 200_000)), ["unexpected too_old"]);
  }
});

Deno.test("a second reply is a duplicate, after a reply in time as after a late one", () => {
  const monitor = monitorOf();
  monitor.advance(at(0));
  reply(monitor, 1, 10);
  assertEquals(told(reply(monitor, 1, 20)), ["duplicate 1"]);
  monitor.advance(at(1010));
  reply(monitor, 2, 1100);
  assertEquals(told(reply(monitor, 2, 1200)), ["duplicate 2"]);
  const { received, late, duplicates } = monitor.summary();
  assertEquals([received, late, duplicates], [1, 1, 2]);
});

Deno.test("what isn't a reply to a heartbeat of ours is unexpected, and changes nothing", () => {
  const monitor = monitorOf();
  monitor.advance(at(0));
  const elsewhere = [
    { ...TARGET, hostname: "192.0.2.3" },
    { ...TARGET, port: 12001 },
  ];
  for (const from of elsewhere) {
    assertEquals(told(reply(monitor, 1, 10, from)), ["unexpected wrong_source"]);
  }
  assertEquals(told(reply(monitor, 2, 10)), ["unexpected never_sent"]);
  assertEquals(told(reply(monitor, 0, 10)), ["unexpected never_sent"]);
  assertEquals(told(monitor.receive(bytesOf("hello"), TARGET, at(10))), [
    "unexpected not_a_reply",
  ]);
  assertEquals(told(monitor.receive(bytesOf(""), TARGET, at(10))), ["unexpected empty"]);
  const { received, unexpected, outstanding } = monitor.summary();
  assertEquals([received, unexpected, outstanding], [0, 6, 1]);
});

Deno.test("with an interval heartbeats leave on schedule, whatever became of those before", () => {
  const monitor = monitorOf({ count: 4, intervalMs: 100, timeoutMs: 250 });
  const sent: number[] = [];
  for (let nowMs = 0; !monitor.finished; nowMs++) {
    for (const output of monitor.advance(at(nowMs))) if (output.type === "sent") sent.push(nowMs);
  }
  assertEquals(sent, [0, 100, 200, 300]);
  assertEquals(monitor.summary().lost, 4);
});

/** Three heartbeats of four are lost; the fate of the last, which left with them, is open. */
function threeLost(options: Partial<MonitorOptions> = {}): Monitor {
  const monitor = monitorOf({ count: 4, intervalMs: 100, timeoutMs: 350, ...options });
  for (const ms of [0, 100, 200, 300, 350, 450, 550]) monitor.advance(at(ms));
  assertEquals([monitor.summary().state, monitor.summary().consecutive], ["unknown", 3]);
  return monitor;
}

Deno.test("the last heartbeats of a run are settled before the server is judged", () => {
  assertEquals(told(reply(threeLost(), 4, 560)), [
    "reply 4 260",
    "unknown -> up",
    "summary alive",
  ]);
  assertEquals(told(threeLost().advance(at(650))), [
    "timeout 4 (4)",
    "unknown -> down",
    "summary never_answered",
  ]);
  // While there are more to send, the rule is the rule.
  const more = monitorOf({ count: 5, intervalMs: 100, timeoutMs: 250 });
  for (const ms of [0, 100, 200, 250, 300, 350]) more.advance(at(ms));
  assertEquals(told(more.advance(at(450))).slice(-2), [
    "unknown -> down",
    "summary never_answered",
  ]);
});

Deno.test("a run that is told to stop waits for no heartbeat, and is judged at once", () => {
  assertEquals(told(threeLost().stop(at(560))), ["unknown -> down", "summary never_answered"]);
});

Deno.test("a run says why it ended, and how many heartbeats were planned", () => {
  const ended = (monitor: Monitor) => [monitor.summary().ended, monitor.summary().planned];
  const monitor = threeLost();
  assertEquals(ended(monitor), [undefined, 4]);
  reply(monitor, 4, 560);
  assertEquals(ended(monitor), ["finished", 4]);
  const stopped = threeLost();
  stopped.stop(at(560));
  assertEquals(ended(stopped), ["stopped", 4]);
  const givenUp = monitorOf({ count: 100, maxLosses: 1 });
  for (const ms of [0, 1000]) givenUp.advance(at(ms));
  assertEquals(ended(givenUp), ["given_up", 100]);
});

Deno.test("the timeout of one heartbeat delays no other, and replies may come in any order", () => {
  const monitor = monitorOf({ count: 3, intervalMs: 100, timeoutMs: 250, maxLosses: 2 });
  for (const ms of [0, 100, 200]) monitor.advance(at(ms));
  assertEquals(told(reply(monitor, 3, 220)), ["reply 3 20", "unknown -> up"]);
  assertEquals(told(monitor.advance(at(250))), ["timeout 1 (0)"]);
  assertEquals(told(reply(monitor, 2, 300)), ["reply 2 200", "summary alive"]);
});

Deno.test("after its last heartbeat the monitor waits for replies, one timeout at most", () => {
  const monitor = monitorOf({ count: 2, intervalMs: 100, timeoutMs: 1000 });
  monitor.advance(at(0));
  monitor.advance(at(100));
  reply(monitor, 1, 150);
  assertEquals([monitor.finished, monitor.wakeAtMs], [false, 1100]);
  assertEquals(told(monitor.advance(at(1100))), [
    "timeout 2 (1)",
    "up -> suspect",
    "summary alive",
  ]);
});

Deno.test("stopping leaves heartbeats in flight outstanding: neither lost nor received", () => {
  const monitor = monitorOf({ intervalMs: 100 });
  for (const ms of [0, 100, 200]) monitor.advance(at(ms));
  reply(monitor, 1, 210);
  assertEquals(told(monitor.stop(at(250))), ["summary alive"]);
  const { sent, received, lost, outstanding, lossRatio } = monitor.summary();
  assertEquals([sent, received, lost, outstanding, lossRatio], [3, 1, 0, 2, 0]);
  assertEquals(monitor.stop(at(260)), []);
});

Deno.test("a heartbeat that could not be sent stays outstanding until its timeout", () => {
  const monitor = monitorOf();
  const [transmit] = monitor.advance(at(0));
  assertEquals(told(monitor.sendFailed(transmit as Transmit, UNSENT)), ["send_failed 1"]);
  assertEquals(monitor.summary().outstanding, 1);
  // It is lost, but no evidence against the server.
  assertEquals(told(monitor.advance(at(1000)))[0], "timeout 1 (0)");
  const { unsent, lost, sent } = monitor.summary();
  assertEquals([unsent, lost, sent], [{ count: 1, reason: UNSENT.reason }, 1, 2]);
});

Deno.test("with max-losses 0 the monitor measures on and never gives the server up", () => {
  const monitor = monitorOf({ count: 10, maxLosses: 0 });
  for (let i = 0; i <= 10; i++) monitor.advance(at(i * 1000));
  const { lost, verdict, state, lossRatio } = monitor.summary();
  assertEquals([lost, verdict, state, lossRatio], [10, "never_answered", "unknown", 1]);
});

Deno.test("watching goes on through an outage, and asks for two replies to end it", () => {
  const monitor = monitorOf({ count: 0, intervalMs: 500, timeoutMs: 1000, watch: true });
  monitor.advance(at(0));
  reply(monitor, 1, 10);
  const states: string[] = [];
  const sentMs: number[] = [];
  for (let ms = 500; ms <= 6500; ms += 100) {
    const outputs = monitor.advance(at(ms));
    states.push(...told(outputs).filter((line) => line.includes("->")));
    if (outputs.some(({ type }) => type === "sent")) sentMs.push(ms);
  }
  assertEquals(states, ["up -> suspect", "suspect -> down"]);
  // 2, 3 and 4 have timed out at 2.5 s; from then on a heartbeat leaves once a second.
  assertEquals(sentMs, [500, 1000, 1500, 2000, 3000, 4000, 5000, 6000]);
  assertEquals(monitor.summary().verdict, "stopped");
  assertEquals(told(reply(monitor, 9, 6510)), ["reply 9 510"]);
  monitor.advance(at(7000));
  const recovered = reply(monitor, 10, 7010);
  assertEquals(told(recovered), ["reply 10 10", "down -> up"]);
  const change = recovered.find(({ type }) => type === "state") as MonitorEvent & { type: "state" };
  // Heartbeat 2, which left at 0.5 s, was the first to be lost and 8, at 5 s, the last; 1 left at 0
  // s.
  assertEquals(change.outageMs, { low: 4500, high: 6510 });
  const { verdict, outages, availability } = monitor.summary();
  assertEquals([verdict, outages, monitor.finished], ["alive", 1, false]);
  assertEquals([availability!.low, availability!.high], [0, 1 - 4500 / 7010]);
});

Deno.test("a machine that stood still doesn't blame the server, and says so", () => {
  const monitor = monitorOf({ count: 0, intervalMs: 1000, maxLosses: 1 });
  monitor.advance(at(0));
  reply(monitor, 1, 10);
  monitor.advance(at(1000));
  // Wanted at 2 s, the timeout of heartbeat 2.
  assertEquals(told(monitor.advance(at(60_000))).slice(0, 2), ["stall 58000", "timeout 2 (0)"]);
  assertEquals(told(monitor.advance(at(61_000)))[0], "timeout 3 (1)");
  const { stalls, excused, lost, state } = monitor.summary();
  assertEquals([stalls, excused, lost, state], [1, 1, 2, "down"]);
});

Deno.test("a laptop that slept while its steady clock stood still shows it by its wall clock", () => {
  const monitor = monitorOf({ count: 0, intervalMs: 1000, maxLosses: 1 });
  monitor.advance(at(0));
  reply(monitor, 1, 10);
  monitor.advance(at(1000));
  const woken = (ms: number): Instant => ({ ...at(ms), wallMs: at(ms).wallMs + 3_600_000 });
  assertEquals(told(monitor.advance(woken(2000))).slice(0, 2), [
    "clock_step client",
    "timeout 2 (0)",
  ]);
  const { state, asleepMs, durationMs } = monitor.summary();
  assertEquals([state, asleepMs, durationMs], ["unknown", 3_600_000, 3_602_000]);
});

Deno.test("with fast probing an overdue heartbeat counts at once, and the next leaves soon", () => {
  const monitor = monitorOf({ count: 0, intervalMs: 1000, maxLosses: 3, probeFast: true });
  monitor.advance(at(0));
  reply(monitor, 1, 10);
  monitor.advance(at(1000));
  // Round trip 10 ms: SRTT 10, RTTVAR 5, so the timeout is 30 ms.
  assertEquals(monitor.wakeAtMs, 1030);
  assertEquals(told(monitor.advance(at(1030))), ["up -> suspect"]);
  assertEquals(monitor.wakeAtMs, 1200);
  assertEquals(told(monitor.advance(at(1200))).at(-1), "sent 3");
  monitor.advance(at(1230));
  monitor.advance(at(1400));
  assertEquals(told(monitor.advance(at(1430))), ["suspect -> down", "summary stopped"]);
});

Deno.test("a reply that refutes an overdue heartbeat starts the schedule anew", () => {
  const monitor = monitorOf({ count: 0, intervalMs: 1000, maxLosses: 3, probeFast: true });
  monitor.advance(at(0));
  reply(monitor, 1, 10);
  for (const ms of [1000, 1030, 1200]) monitor.advance(at(ms));
  assertEquals(told(reply(monitor, 3, 1205)), ["reply 3 5", "suspect -> up"]);
  // The figures keep the timeout: heartbeat 2 may still be answered in time.
  assertEquals(monitor.summary().lost, 0);
  assertEquals(told(monitor.advance(at(2000)))[0], "timeout 2 (0)");
  assertEquals(monitor.wakeAtMs, 2200);
  assertEquals(told(monitor.advance(at(2200))).at(-1), "sent 4");
});

Deno.test("auto gives up a server that was never heard after fifteen timeouts", () => {
  const monitor = monitorOf({ maxLosses: "auto" });
  const lines: string[] = [];
  for (let ms = 0; !monitor.finished; ms += 1000) lines.push(...told(monitor.advance(at(ms))));
  assertEquals(lines.slice(-3), ["timeout 15 (15)", "unknown -> down", "summary never_answered"]);
});

Deno.test("a verdict comes with its worth at the loss that was seen", () => {
  const monitor = monitorOf({ count: 1000, intervalMs: 1000, maxLosses: 3 });
  for (let seq = 1; seq <= 100; seq++) {
    monitor.advance(at(seq * 1000));
    if (seq % 10 !== 0) reply(monitor, seq, seq * 1000 + 1);
  }
  const outputs = [101, 102, 103, 104].flatMap((s) => monitor.advance(at(s * 1000)));
  const verdict = outputs.findLast(({ type }) => type === "state") as MonitorEvent & {
    type: "state";
  };
  assertEquals([verdict.to, verdict.worth!.limit], ["down", 3]);
  // One in ten lost after a reply, never two in a row; the losses of the last run are not among
  // them.
  assertAlmostEquals(verdict.worth!.rates.afterReply, 9.5 / 90, 1e-9);
  assertAlmostEquals(verdict.worth!.rates.afterLoss, 0.5 / 10, 1e-9);
});

Deno.test("after a standstill overdue heartbeats leave in portions", () => {
  const monitor = monitorOf({ count: 0, intervalMs: 1, timeoutMs: 1000, maxLosses: 0 });
  monitor.advance(at(0));
  const sentAt = (ms: number) =>
    monitor.advance(at(ms)).filter((output) => output.type === "sent").length;
  assertEquals([sentAt(200), sentAt(200), sentAt(200)], [64, 64, 64]);
  assertEquals([sentAt(200), sentAt(200)], [8, 0]);
});

Deno.test("a wall clock that steps changes no round trip and no timeout", () => {
  const monitor = monitorOf();
  monitor.advance({ monotonicMs: 0, wallMs: 1763824000_000 });
  const back = { monotonicMs: 20, wallMs: 1763820400_020 };
  assertEquals(told(monitor.receive(bytesOf(replyText(1, 0.01)), TARGET, back)).slice(0, 4), [
    "clock_step client",
    "reply 1 20",
    "unknown -> up",
    requestText(2, 1763820400020.000),
  ]);
  assertEquals(monitor.wakeAtMs, 1020);
});

Deno.test("an error of the socket is counted and survived", () => {
  const monitor = monitorOf();
  monitor.advance(at(0));
  assertEquals(told(monitor.receiveFailed("connection reset")), [
    "receive_failed connection reset",
  ]);
  assertEquals(monitor.summary().receiveFailures, 1);
  assertEquals(told(reply(monitor, 1, 10))[0], "reply 1 10");
});

Deno.test("reports tell the time since the last one and the whole run, on time", () => {
  const monitor = monitorOf({ count: 0, intervalMs: 100, reportEveryMs: 250, maxLosses: 0 });
  const reports: string[] = [];
  for (let ms = 0; ms <= 750; ms += 10) {
    const outputs = monitor.advance(at(ms));
    reports.push(
      ...told(outputs).filter((line) => line.startsWith("report")).map((line) => `${ms}: ${line}`),
    );
    if (ms % 100 === 10) reply(monitor, (ms - 10) / 100 + 1, ms);
  }
  assertEquals(reports, ["250: report 3 of 3", "500: report 2 of 5", "750: report 3 of 8"]);
});

Deno.test("the server's count tells on which way heartbeats were lost", () => {
  const monitor = monitorOf({
    intervalMs: 100,
    timeoutMs: 300,
    maxLosses: 0,
    count: 6,
  });
  for (let ms = 0; ms <= 500; ms += 100) monitor.advance(at(ms));
  const answer = (seq: number, received: number) =>
    monitor.receive(
      bytesOf(
        `${replyText(seq, 0.01)}, Count: ${received}/1-${seq}, Held: 0.000010`,
      ),
      TARGET,
      at(510),
    );
  // 1 and 2 have timed out; 2 never reached the server, 1 did; 3 is lost on the way back, 6 nobody
  // knows where.
  answer(4, 3);
  answer(5, 4);
  monitor.advance(at(900));
  const { lost, direction } = monitor.summary();
  assertEquals([lost, direction], [4, { forward: 1, backward: 2, late: 0, unknown: 1 }]);
});

Deno.test("of what isn't a reply 32 bytes are kept, to be shown", () => {
  const monitor = monitorOf();
  monitor.advance(at(0));
  const [event] = monitor.receive(new Uint8Array(1000), TARGET, at(1));
  assertEquals(event?.type === "unexpected" && [event.bytes, event.beginning.length], [1000, 32]);
});

Deno.test("what came from another address since the last reply is known when the server is given up", () => {
  const monitor = monitorOf({ intervalMs: 1000, maxLosses: 1, watch: true });
  monitor.advance(at(0));
  reply(monitor, 1, 10, { hostname: "192.0.2.9", port: 12000 });
  assertEquals(monitor.summary().elsewhere?.last.from.hostname, "192.0.2.9");
  const [down] = monitor.advance(at(1000)).filter((output) => output.type === "state");
  assertEquals(down?.type === "state" && [down.to, down.elsewhere?.last.from.hostname], [
    "down",
    "192.0.2.9",
  ]);
  reply(monitor, 1, 1010);
  assertEquals(monitor.summary().elsewhere, undefined);
});

Deno.test("the newer heartbeats that could be answered when one is given up are counted", () => {
  const newer = (intervalMs: number, options: Partial<MonitorOptions> = {}) => {
    const monitor = monitorOf({ intervalMs, maxLosses: 3, ...options });
    const arrivals = new Map<number, number>();
    let timedOut = false;
    // A reply takes 10 ms; the third heartbeat is lost, and the others show that it was.
    for (let ms = 0; ms < 5000; ms++) {
      for (const output of monitor.advance(at(ms))) {
        if (output.type === "timeout") timedOut = true;
        if (output.type === "sent" && output.seq !== 3) arrivals.set(ms + 10, output.seq);
      }
      const seq = arrivals.get(ms);
      if (seq === undefined) continue;
      reply(monitor, seq, ms);
      if (timedOut) return monitor.summary().worth?.newer;
    }
    return undefined;
  };
  assertEquals([newer(1000), newer(900), newer(100)], [0, 1, 9]);
  // One after the other, none has left.
  const lockStep = monitorOf({ maxLosses: 5 });
  lockStep.advance(at(0));
  for (let seq = 1; seq < 5; seq++) reply(lockStep, seq, seq * 10);
  lockStep.advance(at(1040));
  reply(lockStep, 6, 1050);
  assertEquals(lockStep.summary().worth?.newer, 0);
});

Deno.test("at the end of a run those that were not sent count for nothing", () => {
  // All but the first two of ten are lost; nine newer ones would have left in a longer run.
  const monitor = monitorOf({ count: 10, intervalMs: 100, maxLosses: 3 });
  const states: MonitorEvent[] = [];
  for (let ms = 0; !monitor.finished; ms += 10) {
    states.push(
      ...monitor.advance(at(ms)).filter(({ type }) => type === "state") as MonitorEvent[],
    );
    if (ms === 10) reply(monitor, 1, ms);
    if (ms === 210) reply(monitor, 3, ms);
  }
  const [down] = states.slice(-1);
  assertEquals(down?.type === "state" && [down.to, down.consecutive, down.worth?.newer], [
    "down",
    7,
    0,
  ]);
});

const RUN = "0123456789abcdef0123456789abcdef";

Deno.test("with a key heartbeats are sealed, and only replies sealed for this run are believed", () => {
  const [seal, other] = [sealOf("secret"), sealOf("another")];
  const monitor = monitorOf({ protocol: keyedProtocol(RUN, seal), intervalMs: 1000, maxLosses: 0 });
  const [sent] = monitor.advance(at(0));
  const opened = openRequest((sent as Transmit).bytes, seal);
  assertEquals(
    typeof opened !== "string" && textOf(opened),
    `${requestText(1, 1763824000_000)} run=${RUN}`,
  );
  const bytes = bytesOf(replyText(1, 0.01));
  const receive = (reply: Uint8Array) => told(monitor.receive(reply, TARGET, at(10)));
  assertEquals(receive(bytes), ["unexpected unauthenticated"]);
  assertEquals(receive(sealReply(bytes, RUN, other)), ["unexpected bad_mac"]);
  assertEquals(receive(sealReply(bytes, RUN.replace("0", "f"), seal)), ["unexpected bad_mac"]);
  assertEquals(receive((sent as Transmit).bytes), ["unexpected unauthenticated"]);
  assertEquals(receive(sealReply(bytes, RUN, seal)), ["reply 1 10", "unknown -> up"]);
  assertEquals(receive(sealReply(bytes, RUN, seal)), ["duplicate 1"]);
  const { received, duplicates, unexpected, unauthentic, keyed } = monitor.summary();
  assertEquals([received, duplicates, unexpected, unauthentic, keyed], [1, 1, 4, 4, true]);
});

Deno.test("a server that lost its key in a restart is known for that when it is given up", () => {
  const monitor = monitorOf({ protocol: keyedProtocol(RUN, sealOf("secret")) });
  monitor.advance(at(0));
  const sealed = sealReply(bytesOf(replyText(1, 0.01)), RUN, sealOf("secret"));
  reply(monitor, 1, 5);
  monitor.receive(sealed, TARGET, at(10));
  const events: (Transmit | MonitorEvent)[] = [];
  for (let ms = 1010; ms <= 4010; ms += 1000) {
    events.push(...reply(monitor, ms, ms - 500));
    events.push(...monitor.advance(at(ms)));
  }
  const down = events.find((event) => event.type === "state" && event.to === "down");
  assertEquals(down?.type === "state" && [down.heard, down.unauthentic], [true, 3]);
  assertEquals(monitor.summary().unauthentic, 4);
});

Deno.test("a server that answers without the key is known for that when it is given up", () => {
  const monitor = monitorOf({ protocol: keyedProtocol(RUN, sealOf("secret")) });
  const events: (Transmit | MonitorEvent)[] = [];
  for (let ms = 0; ms <= 3000; ms += 1000) {
    events.push(...monitor.advance(at(ms)));
    events.push(...reply(monitor, ms / 1000 + 1, ms + 1));
  }
  const down = events.find((event) => event.type === "state" && event.to === "down");
  assertEquals(down?.type === "state" && [down.keyed, down.unauthentic, down.heard], [
    true,
    3,
    false,
  ]);
});

Deno.test("a reply that the clock's bounds exclude revives no suspect until another agrees", () => {
  const monitor = monitorOf({ count: 0, intervalMs: 1000, timeoutMs: 500, maxLosses: 3 });
  const answer = (seq: number, ms: number, differenceS: number) =>
    told(monitor.receive(bytesOf(replyText(seq, differenceS)), TARGET, at(ms)));
  monitor.advance(at(0));
  answer(1, 10, 0.005);
  for (const ms of [1000, 1500, 2000, 2500, 3000]) monitor.advance(at(ms));
  assertEquals([monitor.summary().state, monitor.summary().consecutive], ["suspect", 2]);
  // Its server's clock would be an hour ahead.
  assertEquals(answer(4, 3010, 3600), ["reply 4 10", "clock_step server"]);
  assertEquals([monitor.summary().state, monitor.summary().received], ["suspect", 2]);
  monitor.advance(at(4000));
  assertEquals(answer(5, 4010, 3600), ["reply 5 10", "suspect -> up"]);
});

Deno.test("a server that is up stays so when its clock steps", () => {
  const monitor = monitorOf({ count: 0, intervalMs: 1000, timeoutMs: 500, maxLosses: 3 });
  monitor.advance(at(0));
  monitor.receive(bytesOf(replyText(1, 0.005)), TARGET, at(10));
  monitor.advance(at(1000));
  monitor.receive(bytesOf(replyText(2, 3600)), TARGET, at(1010));
  assertEquals([monitor.summary().state, monitor.summary().consecutive], ["up", 0]);
});
