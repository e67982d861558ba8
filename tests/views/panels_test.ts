import { assert, assertEquals, assertMatch } from "@std/assert";
import { listed } from "../../lib/simulation/fleet_world.ts";
import { PathHistory } from "../../lib/measure/path_history.ts";
import { PLAIN } from "../../lib/report/palette.ts";
import { columnsOf } from "../../lib/text/columns.ts";
import { fleetPanel, type PanelSize } from "../../lib/views/fleet_panel.ts";
import { Marks } from "../../lib/views/marks.ts";
import { type SoloNow, soloPanel } from "../../lib/views/solo_panel.ts";
import type { Watch } from "../../lib/views/watch.ts";
import { renamed, sampleFleet, watchOf } from "./sample_watch.ts";

function panelOf(watch: Watch, size: PanelSize): string[] {
  const work = fleetPanel(watch, size, PLAIN);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

function watchOfMany(count: number): Watch {
  const watch = watchOf(sampleFleet());
  const targets = Array.from(
    { length: count },
    (_, i) => renamed(watch.targets[2]!, `server-${i}`),
  );
  return { ...watch, targets: [...targets, watch.targets[1]!] };
}

Deno.test("the worst server stands first, with what is known of it", () => {
  const lines = panelOf(watchOf(sampleFleet()), { columns: 80, rows: 24 });
  assertEquals(lines.length, 5);
  assertMatch(lines[0]!, /^3 servers: 1 down, 2 up +15:07:42 UTC$/);
  assertMatch(lines[1]!, /^state +server +for +loss +last ms +median ms +last \d min$/);
  assertMatch(lines[2]!, /^■ down +host-1 +2\d s +50% +[\d.]+ +[\d.]+ +[▁-█]*×+ *$/);
  assertMatch(lines[3]!, /^● up +host-0 /);
});

Deno.test("no line is wider than the window, whatever the names are", () => {
  const names = ["\u6771".repeat(60), "n".repeat(300), "\u202e\u202e", "e\u0301".repeat(90)];
  const fleet = sampleFleet(names.map((name, i) => ({ ...listed(i % 3), port: 12000 + i, name })));
  for (const columns of [1, 8, 20, 30, 40, 60, 80, 100, 200]) {
    for (const line of panelOf(watchOf(fleet), { columns, rows: 30 })) {
      assert(columnsOf(line) <= Math.max(1, columns - 1), `${columns}: ${line}`);
    }
  }
});

Deno.test("the table is cut to the window, and says what is left out", () => {
  const lines = panelOf(watchOfMany(10_000), { columns: 80, rows: 24 });
  assert(lines.length <= 23 - 6, `${lines.length} lines`);
  assertMatch(lines[2]!, /^■ down +host-1 /);
  assertMatch(lines.at(-1)!, /^and 9,9\d\d more, all up$/);
  assertMatch(lines[0]!, /^10,001 servers: 1 down, 10,000 up/);
  // In the lowest window there is one of them.
  assertEquals(panelOf(watchOfMany(50), { columns: 80, rows: 5 }).length, 4);
  assertEquals(panelOf(watchOfMany(5), { columns: 80, rows: 12 }).length, 8);
});

Deno.test("names keep what tells them apart, and other columns go first", () => {
  const fleet = sampleFleet([0, 1, 2].map((i) => ({ ...listed(i), name: `127.0.0.11:2604${i}` })));
  const rowOf = (columns: number) => panelOf(watchOf(fleet), { columns, rows: 24 })[2]!;
  assertMatch(rowOf(60), /^■ down +127\.0\.0\.11:26041 +50% /);
  assertMatch(rowOf(30), /^■ down +127\.0\.0\.11:26041/);
  assertMatch(rowOf(24), /^■ down +127\.0\.\.26041/);
});

Deno.test("a slow path has higher bars than a fast one, whatever stands beside it", () => {
  const watch = watchOf(sampleFleet());
  const [, , fast] = watch.targets;
  const history = new PathHistory();
  for (let i = 0; i < 60; i++) history.answered(600, i * 1000);
  const slow = {
    ...renamed(fast!, "slow:1", "slow"),
    vitals: () => ({ ...fast!.vitals(), srttMs: 600, shown: { history } as never }),
  };
  const [, , first, second] = panelOf({ ...watch, targets: [fast!, slow] }, {
    columns: 90,
    rows: 24,
  });
  assertMatch(first!, /^● up +slow +.*[▆▇█]{6} *$/);
  assertMatch(second!, /^● up +host-2 +.*▁+ *$/);
});

Deno.test("a wider window has longer names and pictures", () => {
  const widths = [60, 80, 120, 200].map((columns) => {
    const [, , row] = panelOf(watchOf(sampleFleet()), { columns, rows: 24 });
    return row!.length;
  });
  assertEquals(widths.map((width, i) => width <= [59, 79, 119, 199][i]!), new Array(4).fill(true));
  assert(widths[0]! < widths[1]! && widths[1]! < widths[2]!, widths.join(" "));
  const [, heading] = panelOf(watchOf(sampleFleet()), { columns: 200, rows: 24 });
  assertMatch(heading!, /last 10 min$/);
});

const NOW: SoloNow = {
  name: "web-1 (192.0.2.1:12000)",
  state: "up",
  reason: "answered",
  lastedMs: 308_000,
  marks: marksOf(),
  lastRttMs: 0.5,
  heartbeatsAMark: 1,
};

function marksOf(): Marks {
  const marks = new Marks(1);
  for (let seq = 1; seq <= 4; seq++) marks.sent(seq);
  marks.answered(1, 0.3);
  marks.lost(2, false);
  marks.answered(3, 0.5);
  return marks;
}

Deno.test("one server has its state, its marks, and their figures", () => {
  assertEquals(soloPanel(NOW, 80, PLAIN), [
    "● up for 5 min 8 s  web-1 (192.0.2.1:12000)",
    "▁×█·",
    "of the last 3: 1 lost (33%); ms: last 0.500, median 0.300, 0.300 to 0.500",
  ]);
});

Deno.test("what is not known of one server is not said", () => {
  const unknown = { ...NOW, state: "unknown", reason: "not_heard", marks: new Marks(1) } as const;
  assertEquals(soloPanel({ ...unknown, lastRttMs: undefined }, 80, PLAIN), [
    "◆ unknown for 5 min 8 s: no reply yet  web-1 (192.0.2.1:12000)",
    "",
    "no heartbeat is answered or lost yet",
  ]);
  const [title] = soloPanel({ ...unknown, reason: "unsent" }, 80, PLAIN);
  assertMatch(title!, /unknown for 5 min 8 s: this machine can't send to it /);
  // Of heartbeats that share a mark only the longest is known.
  const [, , figures] = soloPanel({ ...NOW, heartbeatsAMark: 5 }, 80, PLAIN);
  assert(!figures!.includes("median"), figures);
  for (const line of soloPanel(NOW, 30, PLAIN)) assert(columnsOf(line) < 30, line);
});
