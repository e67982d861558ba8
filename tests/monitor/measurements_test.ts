import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Measurements } from "../../lib/monitor/measurements.ts";
import { seededRandom } from "../../lib/impairment/random.ts";

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

Deno.test("without heartbeats there are no figures", () => {
  const { lossRatio, transitions, rttMs, ipdvMs, jitterMs, rttOfSentMs } = new Measurements()
    .figures();
  assertEquals([lossRatio, transitions.settled, rttMs, ipdvMs, jitterMs, rttOfSentMs.median], [
    undefined,
    0,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("percentiles of all sent count a lost heartbeat as one that takes for ever (RFC 7679)", () => {
  const measurements = new Measurements();
  for (let seq = 1; seq <= 70; seq++) {
    measurements.answered(seq, { rttMs: seq, timeDifferenceS: 0 });
  }
  for (let i = 0; i < 30; i++) measurements.lost();
  const { rttMs, rttOfSentMs, lossRatio } = measurements.figures();
  assertEquals([rttMs!.p90, rttOfSentMs.median, rttOfSentMs.p90, lossRatio], [
    63,
    50,
    undefined,
    0.3,
  ]);
});

Deno.test("delay variation equals its definition on neighbours that were both answered (RFC 3393)", () => {
  const random = seededRandom(1);
  const measurements = new Measurements();
  const answers = Array.from({ length: 500 }, () => {
    if (random() < 0.3) return undefined;
    const forwardMs = 10 + 5 * random();
    return {
      rttMs: forwardMs + 10 + 5 * random(),
      timeDifferenceS: 3 + forwardMs / 1000,
      forwardMs,
    };
  });
  // Arrivals change places with their neighbours now and then.
  const order = answers.map((_, i) => i).sort((a, b) => a - b);
  for (let i = 1; i < order.length; i += 5) [order[i - 1], order[i]] = [order[i]!, order[i - 1]!];
  const arrived = new Set<number>();
  for (const i of order) {
    const answer = answers[i];
    if (answer === undefined) continue;
    const known = (j: number) => arrived.has(j) ? answers[j] : undefined;
    measurements.answered(i + 1, answer, known(i - 1), known(i + 1));
    arrived.add(i);
  }
  const pairs = answers.slice(1).flatMap((second, i) => {
    const first = answers[i];
    return first && second ? [[first, second] as const] : [];
  });
  const { ipdvMs, forwardIpdvMs, backwardIpdvMs } = measurements.figures();
  const back = (answer: { rttMs: number; forwardMs: number }) => answer.rttMs - answer.forwardMs;
  assertAlmostEquals(ipdvMs!.mean, mean(pairs.map(([a, b]) => Math.abs(b.rttMs - a.rttMs))), 1e-9);
  assertAlmostEquals(
    forwardIpdvMs!.mean,
    mean(pairs.map(([a, b]) => Math.abs(b.forwardMs - a.forwardMs))),
    1e-6,
  );
  assertAlmostEquals(
    backwardIpdvMs!.mean,
    mean(pairs.map(([a, b]) => Math.abs(back(b) - back(a)))),
    1e-6,
  );
});

Deno.test("a clock that steps is no variation of a delay", () => {
  const measurements = new Measurements();
  const before = { rttMs: 20, timeDifferenceS: 0.01 };
  const after = { rttMs: 22, timeDifferenceS: 3600.01 };
  measurements.answered(1, before);
  measurements.answered(2, after, before);
  const later = { rttMs: 22, timeDifferenceS: 3600.026 };
  const { forwardJitterMs: jitterMs } = (() => {
    const copy = new Measurements();
    copy.answered(1, before);
    copy.answered(2, after);
    copy.answered(3, later);
    return copy.figures();
  })();
  // After the step the change is 16 ms: J = 16 / 16.
  assertAlmostEquals(jitterMs!, 1, 1e-6);
  const { ipdvMs, forwardIpdvMs, backwardIpdvMs, forwardJitterMs } = measurements.figures();
  assertEquals([ipdvMs!.max, forwardIpdvMs, backwardIpdvMs, forwardJitterMs], [
    2,
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("duplicates are counted by copies and by heartbeats (RFC 5560)", () => {
  const measurements = new Measurements();
  measurements.duplicate(true);
  measurements.duplicate(false);
  measurements.duplicate(true);
  const { duplicates, replicated } = measurements.figures();
  assertEquals([duplicates, replicated], [3, 2]);
});
