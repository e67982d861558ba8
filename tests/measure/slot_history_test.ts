import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/impairment/random.ts";
import { PathHistory } from "../../lib/measure/path_history.ts";
import { SlotHistory } from "../../lib/measure/slot_history.ts";

const OPTIONS = { slotMs: 1000, slots: 4, shares: [0, 0.5, 1], sampled: 8, exact: true };

Deno.test("a slot has what was settled in it, and the oldest is forgotten", () => {
  const history = new SlotHistory(OPTIONS);
  history.answered(10, 0);
  history.answered(30, 500);
  history.answered(20, 999);
  history.lost(false, 1000);
  history.lost(true, 1500);
  history.answered(5, 3000);
  assertEquals(history.read(3999), [
    { age: 3, received: 3, lost: 0, excused: 0, quantiles: [10, 20, 30] },
    { age: 2, received: 0, lost: 1, excused: 1, quantiles: undefined },
    { age: 0, received: 1, lost: 0, excused: 0, quantiles: [5, 5, 5] },
  ]);
  assertEquals(history.read(4000).map(({ age }) => age), [3, 1]);
  assertEquals(history.read(100_000), []);
});

Deno.test("the loss of all slots leaves out what is excused; without any it is unknown", () => {
  const history = new SlotHistory(OPTIONS);
  assertEquals(history.lossRatio(0), undefined);
  history.lost(true, 0);
  assertEquals(history.lossRatio(0), undefined);
  for (let i = 0; i < 3; i++) history.answered(1, 100);
  history.lost(false, 1100);
  assertEquals(history.lossRatio(1100), 0.25);
  assertEquals(history.lossRatio(4500), 1);
});

Deno.test("after a pause longer than all slots nothing old comes back", () => {
  const history = new SlotHistory(OPTIONS);
  for (const atMs of [0, 1000, 2000, 3000]) history.answered(1, atMs);
  history.answered(2, 1_000_000);
  assertEquals(history.read(1_000_000), [
    { age: 0, received: 1, lost: 0, excused: 0, quantiles: [2, 2, 2] },
  ]);
});

Deno.test("of many round trips in a slot the extremes are exact, and the median is near", () => {
  const random = seededRandom(5);
  const history = new SlotHistory({ ...OPTIONS, slots: 2, sampled: 64 });
  const values = Array.from({ length: 5000 }, () => 1 + 9 * random());
  for (const [i, value] of values.entries()) history.answered(value, i / 10);
  const [slot] = history.read(999);
  const [least, median, most] = slot!.quantiles!;
  assertEquals([least, most], [Math.min(...values), Math.max(...values)]);
  assertAlmostEquals(median!, 5.5, 1.5);
  assertEquals(slot!.received, 5000);
});

Deno.test("what alternates on a path is not taken for one of both", () => {
  const shares = [0.25, 0.75];
  const history = new SlotHistory({ ...OPTIONS, slotMs: 1e6, shares, sampled: 64 });
  for (let i = 0; i < 100_000; i++) history.answered(i % 2 === 0 ? 10 : 100, i);
  assertEquals(history.read(100_000)[0]!.quantiles, [10, 100]);
});

Deno.test("counts beyond 65,535 stay exact, or keep their proportion", () => {
  for (const exact of [true, false]) {
    const history = new SlotHistory({ ...OPTIONS, exact });
    for (let i = 0; i < 200_000; i++) {
      history.answered(1, 0);
      if (i % 200 === 0) history.lost(false, 0);
    }
    assertAlmostEquals(history.lossRatio(0)!, 1000 / 201_000, 1e-4);
    if (exact) assertEquals(history.read(0)[0]!.received, 200_000);
  }
});

Deno.test("round trips of more than a minute are finite, also in a slot that has ended", () => {
  const history = new SlotHistory(OPTIONS);
  history.answered(70_000, 0);
  assertEquals(history.read(1500)[0]!.quantiles, [65_504, 65_504, 65_504]);
});

// Needs --v8-flags=--expose-gc, as `deno task test` has it.
const { gc } = globalThis as { readonly gc?: () => void };

Deno.test({
  name: "the history of a path takes at most 4 KB, also when it is full",
  ignore: gc === undefined,
  fn() {
    const held = () => {
      gc!();
      const { heapUsed, external } = Deno.memoryUsage();
      return heapUsed + external;
    };
    const fill = (history: PathHistory) => {
      for (let second = 0; second < 4000; second += 20) history.answered(1, second * 1000);
      return history;
    };
    fill(new PathHistory());
    const before = held();
    const histories = Array.from({ length: 500 }, () => fill(new PathHistory()));
    const each = (held() - before) / histories.length;
    assert(each <= 4096, `each takes ${each} bytes`);
    assertEquals(histories[0]!.hour.read(3_999_000).length, 60);
  },
});
