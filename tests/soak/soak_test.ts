/**
 * What a soak plans, how it judges, and what it makes of that; the soak itself is a task, and takes
 * minutes.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { garbage, heartbeats, loopbackAddress, neighbour } from "./datagrams.ts";
import {
  BEFORE_STOP_MS,
  DETECTION_MS,
  IN_FLIGHT_MS,
  judgeLosses,
  judgeVerdicts,
  type Observation,
  type Outage,
  RECOVERY_MS,
} from "./judge.ts";
import { linesOf } from "../support/lines.ts";
import { addReading, readPs } from "./memory.ts";
import { planSoak } from "./plan.ts";
import { assess, resultLines } from "./result.ts";
import type { SoakRecord } from "./run.ts";
import { LEAD_MS, MEMORY_GROWTH_MB } from "./setup.ts";
import { decodeRequest } from "../../lib/wire/request.ts";

const MINUTE_MS = 60_000;

Deno.test("the plan of a minute has two kills, one of each kind, two garbage phases and two floods, one from the client's own network", () => {
  for (let seed = 0; seed < 200; seed++) {
    const { phases, kills } = planSoak(MINUTE_MS, seed);
    const count = (kind: string) => phases.filter((phase) => phase.kind === kind).length;
    assertEquals([count("garbage"), count("flood"), count("own_flood")], [2, 1, 1]);
    assertEquals(kills.map(({ signal }) => signal).sort(), ["SIGKILL", "SIGTERM"]);
    for (const { kind, forMs } of phases) {
      assert(kind === "quiet" || forMs >= 5000, `${kind} for ${forMs} ms`);
    }
  }
});

Deno.test("phases follow each other without a gap, and kills leave time to notice both changes", () => {
  for (const minutes of [0.5, 1, 1.4, 10]) {
    for (let seed = 0; seed < 50; seed++) {
      const { durationMs, phases, kills } = planSoak(minutes * MINUTE_MS, seed);
      let atMs = 0;
      for (const phase of phases) {
        assert(Math.abs(phase.atMs - atMs) < 0.001 && phase.forMs >= 0);
        atMs = phase.atMs + phase.forMs;
      }
      assert(Math.abs(atMs - durationMs) < 0.001);
      kills.forEach((kill, i) => {
        assert(kill.downMs > DETECTION_MS, "a stop may be too short to be noticed");
        const nextMs = kills[i + 1]?.atMs ?? durationMs;
        assert(kill.atMs + kill.downMs + RECOVERY_MS < nextMs, "no time to come back");
      });
      assert(kills[0]!.atMs > LEAD_MS + 1000, "killed before its memory was read");
    }
  }
});

Deno.test("a seed repeats a plan, another one gives another", () => {
  assertEquals(planSoak(5 * MINUTE_MS, 7), planSoak(5 * MINUTE_MS, 7));
  assert(JSON.stringify(planSoak(MINUTE_MS, 7)) !== JSON.stringify(planSoak(MINUTE_MS, 8)));
});

Deno.test("a soak of seconds is planned, too, without kills; the second half of a long one has none", () => {
  const short = planSoak(0.1 * MINUTE_MS, 1);
  assertEquals([short.durationMs, short.kills.length], [6000, 0]);
  const { kills, durationMs } = planSoak(10_080 * MINUTE_MS, 1);
  assertEquals(kills.length, 10_080);
  assert(kills.at(-1)!.atMs < durationMs / 2);
});

const OUTAGE: Outage = { fromMs: 10_000, toMs: 15_000 };

/**
 * A minute in which the server was down once, and the client said `states`, written as "from to
 * atMs".
 */
function observed(outages: readonly Outage[], ...states: string[]): Observation {
  return {
    ...{ fromMs: 0, untilMs: MINUTE_MS, outages },
    states: ["unknown up 50", ...states].map((text) => {
      const [from, to, atMs] = text.split(" ");
      return { from: from!, to: to!, atMs: Number(atMs) };
    }),
  };
}

/** What a judgement comes to: right, wrong, missed, and the faults as "wrong down 20000". */
function judged(observation: Observation): [number, number, number, ...string[]] {
  const { right, wrong, missed, faults } = judgeVerdicts(observation);
  const told = faults.map(({ fault, verdict, atMs }) => `${fault} ${verdict} ${atMs}`);
  return [right, wrong, missed, ...told];
}

Deno.test("a stop that is noticed and a return that is noticed: all right", () => {
  const states = ["up suspect 10400", "suspect down 10800", "down up 17000"];
  assertEquals(judged(observed([OUTAGE], ...states)), [3, 0, 0]);
});

Deno.test("suspicions are no verdicts, and their ends don't count as right", () => {
  const states = ["up suspect 20000", "suspect up 20100"];
  assertEquals(judged(observed([], ...states)), [1, 0, 0]);
});

Deno.test("down while the server is up is wrong, the return from it is right", () => {
  const states = ["suspect down 20000", "down up 21000"];
  assertEquals(judged(observed([], ...states)), [2, 1, 0, "wrong down 20000"]);
});

Deno.test("down is right until the detection time after the return, then wrong", () => {
  const short: Outage = { fromMs: 10_000, toMs: 10_500 };
  const dueMs = short.toMs + DETECTION_MS;
  const inTime = [`suspect down ${dueMs}`, `down up ${dueMs + 1000}`];
  assertEquals(judged(observed([short], ...inTime)), [3, 0, 0]);
  const tooLate = [`suspect down ${dueMs + 1}`, `down up ${dueMs + 1000}`];
  assertEquals(judged(observed([short], ...tooLate)), [2, 1, 0, `wrong down ${dueMs + 1}`]);
});

Deno.test("a stop that is never noticed is missed; one shorter than the detection time need not be", () => {
  assertEquals(judged(observed([OUTAGE])), [1, 0, 1, "missed down 10000"]);
  assertEquals(judged(observed([{ fromMs: 10_000, toMs: 10_000 + DETECTION_MS }])), [1, 0, 0]);
});

Deno.test("up while the server is down is wrong, unless the reply was on its way when it stopped", () => {
  const states = ["suspect down 10800", "down up 12000", "up down 13000", "down up 17000"];
  assertEquals(judged(observed([OUTAGE], ...states)), [4, 1, 0, "wrong up 12000"]);
  const inFlightMs = OUTAGE.fromMs + IN_FLIGHT_MS;
  const late = [`suspect up ${inFlightMs}`, "suspect down 10800", "down up 17000"];
  assertEquals(judged(observed([OUTAGE], ...late)), [3, 0, 0]);
  const later = [`suspect up ${inFlightMs + 1}`, "suspect down 10800", "down up 17000"];
  assertEquals(judged(observed([OUTAGE], ...later)), [3, 1, 0, `wrong up ${inFlightMs + 1}`]);
});

Deno.test("a return that is not noticed in time is missed, and right when it is told at last", () => {
  const lateMs = OUTAGE.toMs + RECOVERY_MS + 1;
  const states = ["suspect down 10800", `down up ${lateMs}`];
  assertEquals(judged(observed([OUTAGE], ...states)), [3, 0, 1, "missed up 15000"]);
  assertEquals(judged(observed([OUTAGE], states[0]!)), [2, 0, 1, "missed up 15000"]);
});

Deno.test("what the client had no time to say is not missed", () => {
  const again: Outage = { fromMs: OUTAGE.toMs + RECOVERY_MS - 1, toMs: 30_000 };
  const states = ["suspect down 10800", "down up 32000"];
  assertEquals(judged(observed([OUTAGE, again], ...states)), [3, 0, 0]);
  const atEnd: Outage = { fromMs: MINUTE_MS - 3000, toMs: MINUTE_MS };
  assertEquals(judged(observed([atEnd], `suspect down ${MINUTE_MS - 2000}`)), [2, 0, 0]);
});

Deno.test("a client that says down already when the server stops has noticed", () => {
  const states = ["suspect down 9000", "down up 17000"];
  assertEquals(judged(observed([OUTAGE], ...states)), [2, 1, 0, "wrong down 9000"]);
  // It came back in flight, so it has to notice anew.
  const back = ["suspect down 9000", "down up 10100"];
  const faults = ["wrong down 9000", "missed down 10000"];
  assertEquals(judged(observed([OUTAGE], ...back)), [2, 1, 1, ...faults]);
});

Deno.test("a client that never finds the server up has missed that", () => {
  const observation = { fromMs: 0, untilMs: MINUTE_MS, states: [], outages: [] };
  assertEquals(judged(observation), [0, 0, 1, "missed up 0"]);
  assertEquals(judged({ ...observation, untilMs: RECOVERY_MS - 1 }), [0, 0, 0]);
});

Deno.test("a loss counts for the time at which its heartbeat left", () => {
  const { fromMs, toMs } = OUTAGE;
  const sentAtMs = [5000, fromMs - BEFORE_STOP_MS - 1, fromMs - BEFORE_STOP_MS, toMs - 1, toMs];
  assertEquals(judgeLosses(sentAtMs, [OUTAGE]), { whileUp: 3, whileDown: 2 });
});

const OBSERVED = observed([OUTAGE], "suspect down 10800", "down up 17000");

const RECORD: SoakRecord = {
  ...OBSERVED,
  states: [...OBSERVED.states],
  outages: [...OBSERVED.outages],
  durationMs: MINUTE_MS,
  sent: 1234,
  answered: 1230,
  late: 1,
  lostSentAtMs: [5000, 12_000],
  stalls: 0,
  killed: 1,
  asked: 0,
  hardships: undefined,
  failures: [],
  barrages: [
    { kind: "flood", sent: 100_000, refused: 0, tookMs: 5000 },
    { kind: "flood", sent: 60_000, refused: 3, tookMs: 5000 },
  ],
  serverMemory: { first: 50, last: 60, peak: 50 + MEMORY_GROWTH_MB },
  clientMemory: undefined,
};

Deno.test("the result adds up, and its lines say what its JSON says", () => {
  const result = assess(RECORD);
  const { heartbeats, verdicts, garbage, flood, memory_mb: memory, passed } = result;
  assertEquals(heartbeats, {
    sent: 1234,
    answered: 1230,
    outstanding: 2,
    late: 1,
    lost_while_up: 1,
    lost_while_up_ratio: 0.001,
    lost_while_down: 1,
  });
  assertEquals([verdicts.right, verdicts.wrong, verdicts.missed, passed], [3, 0, 0, true]);
  assertEquals(flood, { phases: 2, sent: 160_000, refused: 3, per_second: 16_000 });
  assertEquals([garbage.per_second, memory.client], [null, null]);
  const lines = resultLines(result).join("\n");
  assertMatch(
    lines,
    /^heartbeats +sent 1234, answered 1230, outstanding 2, late 1, lost while up 1/m,
  );
  assertMatch(lines, /^flood +phases 2, sent 160000, refused 3, per second 16000$/m);
  assertMatch(lines, /^verdicts +right 3, wrong 0, missed 0$/m);
  assertMatch(lines, /^memory mb +server \(first 50, last 60, peak \d+\), client -$/m);
  assertMatch(lines, /^passed +true$/m);
});

Deno.test("the lines have each fault of the client and each failure of a program", () => {
  const result = assess({ ...RECORD, outages: [], failures: ["server.ts ended by itself"] });
  const lines = resultLines(result);
  assertEquals(lines.filter((line) => line.startsWith("  fault")).length > 0, true);
  assertEquals(lines.filter((line) => line.startsWith("failures")), [
    "failures     server.ts ended by itself",
  ]);
});

Deno.test("a wrong verdict, a missed one, a failure, and memory that grows: each fails the soak", () => {
  const grown = { first: 50, last: 50, peak: 50.1 + MEMORY_GROWTH_MB };
  assert(assess(RECORD).passed);
  assert(!assess({ ...RECORD, outages: [] }).passed);
  assert(!assess({ ...RECORD, states: RECORD.states.slice(0, 1) }).passed);
  assert(!assess({ ...RECORD, failures: ["server.ts ended by itself"] }).passed);
  assert(!assess({ ...RECORD, clientMemory: grown }).passed);
});

Deno.test("memory: the first reading, the last and the largest; a program that is down has none", () => {
  const readings = [undefined, 50, 80, undefined, 40];
  const figures = readings.reduce(addReading, undefined);
  assertEquals(figures, { first: 50, last: 40, peak: 80 });
  assertEquals([...readPs(["   12  2048", " 345 1024", "  7     0"])], [[12, 2], [345, 1]]);
});

Deno.test("strangers' heartbeats are good, garbage is nearly always bad, and a seed repeats it", () => {
  const next = heartbeats();
  const [first, second] = [decodeRequest(next(1000)), decodeRequest(next(1500))];
  assert(typeof first === "object" && typeof second === "object");
  assertEquals([first.seq, second.seq, second.timeS], [1, 2, 1.5]);
  const random = seededRandom(2);
  const bad = Array.from({ length: 2000 }, () => decodeRequest(garbage(random)));
  assert(bad.filter((request) => typeof request === "string").length > 1800);
  assertEquals(garbage(seededRandom(3)), garbage(seededRandom(3)));
});

Deno.test("strangers come from many networks, or from that of the client", () => {
  const random = seededRandom(1);
  const addresses = Array.from({ length: 2000 }, () => loopbackAddress(random));
  const prefixes = new Set(addresses.map((address) => address.replace(/\.\d+$/, "")));
  assert(prefixes.size > 1900, `${prefixes.size}`);
  assert(addresses.every((address) => /^127\.[1-9]/.test(address)));
  // Those of the client's own network aren't the client either.
  const neighbours = Array.from({ length: 2000 }, () => neighbour(random));
  assert(neighbours.every((address) => /^127\.0\.0\.([2-9]|\d\d+)$/.test(address)));
  assert(!neighbours.includes("127.0.0.255") && new Set(neighbours).size > 250);
});

Deno.test("lines are whole however the bytes come, and one without an end is none", async () => {
  const bytes = new TextEncoder().encode("one\ntwö\nhalf");
  const pieces = ReadableStream.from([bytes.slice(0, 2), bytes.slice(2, 7), bytes.slice(7)]);
  assertEquals(await Array.fromAsync(linesOf(pieces)), ["one", "twö"]);
});
