import { assert, assertEquals, assertLess } from "@std/assert";
import {
  AdaptiveLimit,
  LARGEST_LIMIT,
  LIMIT_UNHEARD,
  SMALLEST_LIMIT,
} from "../../lib/detect/adaptive_limit.ts";
import { EndedRuns } from "../../lib/detect/ended_runs.ts";
import { lossModel, type LossOptions } from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";

const TARGET = 1 / 10_000;

/** A rule that learns from the fates of heartbeats, one a second. */
class FedLimit extends AdaptiveLimit {
  readonly #runs = new EndedRuns();
  #nowMs = 0;

  add(lost: boolean): void {
    this.#nowMs += 1000;
    if (lost) this.#runs.lost(this.#nowMs);
    else this.ended(this.#runs.answered(this.#nowMs));
    if (this.#runs.losses >= this.limit) this.#runs.alarm();
  }
}

/** Counts the alarms among heartbeats to a server that lives. */
function alarmsIn(loss: LossOptions, seed: number, heartbeats: number): number {
  const lose = lossModel(loss, seededRandom(seed));
  const adaptive = new FedLimit(TARGET);
  let alarms = 0;
  let run = 0;
  for (let i = 0; i < heartbeats; i++) {
    const lost = lose();
    run = lost ? run + 1 : 0;
    if (lost && run === adaptive.limit) alarms++;
    adaptive.add(lost);
  }
  return alarms;
}

Deno.test("before the first reply the limit is that of a server that was never heard", () => {
  const adaptive = new FedLimit(TARGET);
  for (let i = 0; i < 100; i++) adaptive.add(true);
  assertEquals(adaptive.limit, LIMIT_UNHEARD);
});

Deno.test("the limit goes where the loss is, and never below three", () => {
  const table: [LossOptions, number, number][] = [
    [{ share: 0.05 }, 4, 5],
    [{ share: 0.3 }, 7, 9],
    [{ share: 0.5 }, 11, 15],
    [{ share: 0.3, meanBurst: 3 }, 15, 24],
  ];
  for (const [loss, low, high] of table) {
    const lose = lossModel(loss, seededRandom(1));
    const adaptive = new FedLimit(TARGET);
    for (let i = 0; i < 5000; i++) adaptive.add(lose());
    assert(adaptive.limit >= low && adaptive.limit <= high, `${adaptive.limit} at ${loss.share}`);
  }
  const eager = new FedLimit(0.5);
  for (let i = 0; i < 1000; i++) eager.add(false);
  assertEquals(eager.limit, SMALLEST_LIMIT);
});

Deno.test("false alarms keep to the target at any independent loss, and in bursts of three", () => {
  const heartbeats = 400_000;
  for (const share of [0, 0.01, 0.05, 0.1, 0.3, 0.5]) {
    assert(alarmsIn({ share }, 2, heartbeats) / heartbeats <= TARGET, `at ${share}`);
  }
  assertLess(alarmsIn({ share: 0.3, meanBurst: 3 }, 2, heartbeats) / heartbeats, 1.2 * TARGET);
});

Deno.test("at most 1% of first runs of 100 heartbeats end in a false alarm", () => {
  for (const share of [0, 0.05, 0.3]) {
    let alarmed = 0;
    for (let seed = 1; seed <= 2000; seed++) if (alarmsIn({ share }, seed, 100) > 0) alarmed++;
    assert(alarmed / 2000 <= 0.01, `${alarmed} of 2000 at ${share}`);
  }
});

Deno.test("a server that stops for more than ten seconds teaches nothing, however long it is gone", () => {
  const [adaptive, other] = [new FedLimit(TARGET), new FedLimit(TARGET)];
  const lose = lossModel({ share: 0.3 }, seededRandom(3));
  const addToBoth = (lost: boolean) => {
    adaptive.add(lost);
    other.add(lost);
    assertEquals(adaptive.limit, other.limit);
  };
  for (let i = 0; i < 2000; i++) addToBoth(lose());
  addToBoth(false);
  const { limit } = adaptive;
  for (let i = 0; i < 10_000; i++) adaptive.add(true);
  assertEquals(adaptive.limit, limit);
  adaptive.add(false);
  for (let i = 0; i < 2000; i++) addToBoth(lose());
});

Deno.test("a run of losses that the rule took for a stop is learnt, if it lasted up to ten seconds", () => {
  const limitAfter = (losses: number) => {
    const adaptive = new FedLimit(TARGET);
    for (let i = 0; i < 2000; i++) adaptive.add(i % 20 === 0);
    const { limit } = adaptive;
    assert(limit <= 5, `${limit}`);
    for (let i = 0; i < losses; i++) adaptive.add(true);
    adaptive.add(false);
    return adaptive.limit - limit;
  };
  assert(limitAfter(9) > 0);
  assertEquals(limitAfter(11), 0);
});

Deno.test("the limit never goes above sixty-four", () => {
  const adaptive = new FedLimit(TARGET);
  for (let i = 0; i < 20_000; i++) adaptive.add(i % 50 !== 0);
  assert(adaptive.limit <= LARGEST_LIMIT);
});
