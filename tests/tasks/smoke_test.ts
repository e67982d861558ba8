/** Runs each task as `deno task` does, as small as it can be. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { overlappingTest } from "../support/overlapping.ts";
import { mayRun } from "../support/permissions.ts";
import { type Ending, Program } from "../support/process.ts";
import { cellsOf } from "../support/table.ts";

const TASKS = {
  demo: "lib/tasks/demo.ts",
  simulate: "lib/tasks/simulate.ts",
  accuracy: "lib/tasks/accuracy.ts",
  soak: "tests/soak/soak.ts",
  fuzz: "tests/fuzz/fuzz.ts",
  bench: "tests/bench/bench.ts",
} as const;

type Task = keyof typeof TASKS;

const NAMES = Object.keys(TASKS) as Task[];

async function run(task: Task, ...args: string[]): Promise<Ending> {
  return await Program.deno(["--allow-all"], TASKS[task], args).end();
}

overlappingTest({
  name: "every task explains itself on --help, whatever else it is given, and does nothing else",
  ignore: !mayRun,
  async fn() {
    const endings = await Promise.all(NAMES.map((task) => run(task, "--no-such-flag", "--help")));
    for (const [i, { code, lines, stderr }] of endings.entries()) {
      assertEquals([code, stderr], [0, ""], NAMES[i]);
      const text = lines.join("\n");
      assertMatch(text, new RegExp(`^Usage: deno task ${NAMES[i]} \\[flags\\]`));
      assertMatch(text, /^ +-h, --help /m);
      for (const line of lines) assert(line.length <= 80, line);
    }
  },
});

overlappingTest({
  name: "every task refuses an unknown flag and a bad value in one line, with exit code 2",
  ignore: !mayRun,
  async fn() {
    const bad: Readonly<Record<Task, string>> = {
      demo: "--loss=lots",
      simulate: "--stops=1",
      accuracy: "--runs=0",
      soak: "--minutes=0",
      fuzz: "--cases=none",
      bench: "--rounds=0",
    };
    const trials = NAMES.flatMap((task) => [[task, "--no-such-flag"], [task, bad[task]]] as const);
    const endings = await Promise.all(trials.map(([task, flag]) => run(task, flag)));
    for (const [i, { code, lines, stderr }] of endings.entries()) {
      const [task, flag] = trials[i]!;
      assertEquals([code, lines], [2, []], `${task} ${flag}: ${stderr}`);
      assertMatch(stderr, new RegExp(`^${task}: [^\\n]*${flag.split("=")[0]}[^\\n]*\\n$`));
    }
  },
});

overlappingTest({
  name: "simulate judges four rules, and three at short intervals; its seed repeats its figures",
  ignore: !mayRun,
  async fn() {
    const args = ["--heartbeats", "2000", "--stops", "10", "--loss", "50%"];
    const [table, json] = await Promise.all([
      run("simulate", ...args),
      run("simulate", ...args, "--json"),
    ]);
    assertEquals([table.code, table.stderr], [0, ""]);
    assert(table.lines.every(({ length }) => length <= 80), table.lines.join("\n"));
    assertEquals(
      table.lines.filter((line) => /costs auto \d\.\d\d s here\.$/.test(line)).length,
      2,
    );
    const rules = json.lines.map((line) => JSON.parse(line));
    const short = ["auto", "auto, without its silence", "fixed 3"];
    assertEquals(rules.map(({ rule }) => rule), [
      ...["auto", "fixed 3", "fixed 5", "phi-accrual"],
      ...[...short, ...short],
    ]);
    assertEquals(rules.map(({ interval_s, loss, burst }) => [interval_s, loss, burst]), [
      ...new Array(4).fill([1, 0.5, null]),
      ...new Array(3).fill([0.01, 0.2, 40]),
      ...new Array(3).fill([0.01, 0.01, null]),
    ]);
    const fixed = rules[1];
    assertEquals([fixed.heartbeats, fixed.missed], [2000, 0]);
    // A false alarm before the stop leaves nothing to notice.
    assert(fixed.stops > 0 && fixed.stops <= 10, json.lines[1]);
    // At 50% loss, (1 - p) p^3 of all heartbeats begin a run of three: 625 in 10,000.
    assert(Math.abs(fixed.false_alarms_per_10000 - 625) < 150, json.lines[1]);
    assertEquals(
      cellsOf(table, "fixed 3")[0],
      fixed.false_alarms_per_10000.toFixed(2),
    );
  },
});

overlappingTest({
  name: "simulate counts the false alarms of a fleet, and says how many are allowed",
  ignore: !mayRun,
  async fn() {
    const args = ["--targets", "20", "--heartbeats", "2000", "--false-alarms", "500"];
    const [text, json] = await Promise.all([
      run("simulate", ...args),
      run("simulate", ...args, "--json"),
    ]);
    assertEquals([text.code, json.code], [0, 0]);
    const { targets, sent, false_alarms, allowed } = JSON.parse(json.lines[0]!);
    assertEquals([targets, sent, allowed], [20, 40_000, 80]);
    assert(false_alarms > 10 && false_alarms < 160, json.lines[0]);
    assertEquals(
      text.lines,
      [`20 servers, 40000 heartbeats: ${false_alarms} false alarms; at most 80.0 are allowed`],
    );
  },
});

overlappingTest({
  name: "accuracy's counts are the truth, and its clocks stay within their bounds",
  ignore: !mayRun,
  async fn() {
    const ending = await run("accuracy", "--runs", "3", "--heartbeats", "10000");
    assertEquals([ending.code, ending.stderr], [0, ""]);
    assertEquals(cellsOf(ending, "10/10 ms, drift 50 ppm")[2], "0 of 3");
    for (const name of ["lost", "duplicates", "reordered", "round trip p99.9, ms"]) {
      const [client, truth] = cellsOf(ending, name);
      assertEquals(client, truth, name);
    }
    assertEquals(cellsOf(ending, "10000 heartbeats").length, 3);
  },
});

overlappingTest({
  name: "fuzz holds its cases, and repeats one by its seed",
  ignore: !mayRun,
  async fn() {
    const [many, one] = await Promise.all([
      run("fuzz", "--cases", "300", "--seed", "7"),
      run("fuzz", "--cases", "1", "--seed", "8"),
    ]);
    for (const [ending, cases] of [[many, 300], [one, 1]] as const) {
      assertEquals([ending.code, ending.stderr], [0, ""]);
      const held = ending.lines.filter((line) => line.endsWith("cases hold"))
        .map((line) => Number(/(\d+) cases hold/.exec(line)![1]));
      assertEquals(held.reduce((sum, count) => sum + count, 0), cases);
    }
  },
});
