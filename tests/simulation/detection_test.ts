/**
 * The rules of `deno task simulate`, at a size that takes seconds; every figure is repeated by its
 * seed.
 */

import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { lossModel, type LossOptions } from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";
import {
  burstsInTime,
  coldFalseAlarms,
  detectionDelays,
  type DetectionRule,
  falseAlarms,
} from "../../lib/simulation/detection.ts";
import { runWorld } from "../../lib/simulation/world.ts";

const AUTO: DetectionRule = { maxLosses: "auto" };
const trial = (loss: LossOptions) => ({ seed: 1, loss, intervalMs: 1000, timeoutMs: 1000 });

const alarmsPer10000 = (rule: DetectionRule | "phi", loss: LossOptions, heartbeats = 50_000) => {
  const { alarms, heartbeats: sent } = falseAlarms(rule, trial(loss), heartbeats);
  return alarms / sent * 10_000;
};

const meanDelayS = (rule: DetectionRule | "phi", loss: LossOptions, stops: number) => {
  const { delaysMs, missed } = detectionDelays(rule, trial(loss), stops);
  assertEquals(missed, 0);
  assert(delaysMs.length > 0.85 * stops, `${delaysMs.length} of ${stops}`);
  return delaysMs.reduce((sum, ms) => sum + ms, 0) / delaysMs.length / 1000;
};

Deno.test("fixed 3 at 30% loss: (1 - p) p^3 false alarms, and 3.07 s to notice a stop", () => {
  assertAlmostEquals(alarmsPer10000({ maxLosses: 3 }, { share: 0.3 }) / 188, 1, 0.05);
  assertAlmostEquals(meanDelayS({ maxLosses: 3 }, { share: 0.3 }, 500) / 3.07, 1, 0.02);
});

Deno.test("auto at 5%, 30% and 50% loss: at most one false alarm in 10,000, and soon enough", () => {
  for (const [share, limitS] of [[0.05, 4.6], [0.3, 8.4], [0.5, 13]] as const) {
    assert(alarmsPer10000(AUTO, { share }) <= 1, `alarms at ${share}`);
    assertLess(meanDelayS(AUTO, { share }, 200), limitS);
  }
});

Deno.test("auto in bursts of three: 1.2 false alarms in 10,000 at the most, 20 s to notice", () => {
  const loss = { share: 0.3, meanBurst: 3 };
  assert(alarmsPer10000(AUTO, loss, 250_000) <= 1.2);
  assertLess(meanDelayS(AUTO, loss, 200), 20);
});

Deno.test("auto with fast probing at 30% loss: better than fixed 3 in both", () => {
  const rule: DetectionRule = { maxLosses: "auto", probeFast: true };
  assert(alarmsPer10000(rule, { share: 0.3 }) <= 1);
  assertLess(meanDelayS(rule, { share: 0.3 }, 200), 2.5);
});

Deno.test("bursts in time are Gilbert's chain for heartbeats at the interval", () => {
  const loss = { share: 0.3, meanBurst: 3 };
  const periods = burstsInTime(trial(loss), 200_000_000);
  let next = 0;
  const fates = Array.from({ length: 200_000 }, (_, i) => {
    while (next < periods.length && periods[next]!.untilMs! <= i * 1000) next++;
    return next < periods.length && periods[next]!.fromMs <= i * 1000;
  });
  const lost = fates.filter((fate) => fate).length;
  const twice = fates.filter((fate, i) => i > 0 && fate && fates[i - 1]).length;
  assertAlmostEquals(lost / fates.length, 0.3, 0.01);
  assertAlmostEquals(twice / lost, 2 / 3, 0.01);
});

Deno.test("fast probing is not for links that fail in bursts: its probes share one burst", () => {
  const loss = { share: 0.3, meanBurst: 3 };
  const fast = alarmsPer10000({ maxLosses: "auto", probeFast: true }, loss, 50_000);
  assert(fast > 2, `${fast} false alarms in 10,000, where one is wanted`);
});

Deno.test("auto in the first 100 heartbeats: at most 1% of runs alarmed at 0, 5 and 30% loss", () => {
  for (const share of [0, 0.05, 0.3]) {
    assert(coldFalseAlarms(AUTO, trial({ share }), 100, 600) <= 0.01, `at ${share}`);
  }
});

Deno.test("phi-accrual is slower or more often wrong than the rule that knows about loss", () => {
  const loss = { share: 0.3, meanBurst: 3 };
  assert(alarmsPer10000("phi", loss) > 10 * alarmsPer10000(AUTO, loss));
});

Deno.test("auto at 10 ms: bursts of 400 ms give no live server up, and a stop is noticed in 3 s", () => {
  const bursts = {
    seed: 1,
    loss: { share: 0.2, meanBurst: 40 },
    intervalMs: 10,
    timeoutMs: 200,
  };
  const alarms = (rule: DetectionRule) => falseAlarms(rule, bursts, 50_000).alarms;
  assertEquals(alarms(AUTO), 0);
  // Without its silence, auto learns these bursts, but too late for some of them.
  assert(alarms({ ...AUTO, shortestSilenceMs: 0 }) > 5);
  assert(alarms({ maxLosses: 3 }) > 50);
  const { delaysMs, missed } = detectionDelays(AUTO, bursts, 5);
  assertEquals(missed, 0);
  assert(delaysMs.every((ms) => ms <= 3200), delaysMs.join());
});

Deno.test("auto forgets no restart: one of 30 s at 1% loss leaves the limit as it was", () => {
  const delayS = (serverDown: { fromMs: number; untilMs: number }[]) => {
    let downAtMs = 0;
    runWorld({
      seed: 1,
      monitor: { count: 1000, intervalMs: 1000, timeoutMs: 1000, watch: true, ...AUTO },
      serverLoss: lossModel({ share: 0.01 }, seededRandom(1)),
      serverDown: [...serverDown, { fromMs: 900_000, untilMs: 1_000_000 }],
      onClientEvent: (event, atMs) => {
        if (event.type === "state" && event.to === "down" && atMs > 900_000) downAtMs ||= atMs;
      },
    });
    return (downAtMs - 900_000) / 1000;
  };
  assertAlmostEquals(delayS([{ fromMs: 800_000, untilMs: 830_000 }]), delayS([]), 1.1);
  assertLess(delayS([]), 6);
});
