/** Runs the benchmark as `deno task bench` does, as small as it can be. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { overlappingTest } from "../support/overlapping.ts";
import { canStart, hasNode, hasPython, mayRun } from "../support/permissions.ts";
import { type Ending, Program } from "../support/process.ts";
import { cellsOf } from "../support/table.ts";

async function bench(...args: string[]): Promise<Ending> {
  return await Program.deno(["--allow-all"], "tests/bench/bench.ts", args).end();
}

// By itself: it takes all the processor that there is.
Deno.test({
  name: "bench prints every measurement, with ratios to the echo of the same run",
  ignore: !hasPython || !hasNode || Deno.build.os !== "linux",
  async fn() {
    const ending = await bench("--rounds", "1", "--heartbeats", "1000");
    assertEquals([ending.code, ending.stderr], [0, ""]);
    assertEquals(cellsOf(ending, "bare echo on Deno")[1], "1.00");
    for (
      const measurement of [
        "As fast as they can, 200 on their way",
        "20000 heartbeats a second",
        "A long run of the server",
        "The schedule, ms late",
        "From start to end",
      ]
    ) assert(ending.lines.some((line) => line.startsWith(measurement)), measurement);
    // Three closed loops, the open one, and the start.
    const few = "These are medians of 1 round only: too few to go by.";
    assertEquals(ending.lines.filter((line) => line === few).length, 5);
  },
});

overlappingTest({
  name: "bench targets has a help of its own, and says what is wrong with a flag",
  ignore: !mayRun || !canStart("gcc") || Deno.build.os !== "linux",
  async fn() {
    const [help, wrong] = await Promise.all([
      bench("targets", "--help"),
      bench("targets", "--rounds", "0"),
    ]);
    assertEquals([help.code, help.lines[0]], [0, "Usage: deno task bench targets [flags]"]);
    assertEquals(wrong.code, 2);
    assertMatch(wrong.stderr, /^bench targets: --rounds can't be 0: expected /);
  },
});

overlappingTest({
  name: "bench targets watches servers at many addresses, and loses no reply",
  ignore: !mayRun || !canStart("gcc") || Deno.build.os !== "linux",
  async fn() {
    const args = ["targets", "--seconds", "2", "--rounds", "1", "--targets", "300"];
    const ending = await bench(...args);
    assertEquals([ending.code, ending.stderr], [0, ""]);
    assertMatch(ending.lines[0]!, /^The round trip of 300 targets is \d\.\d\d \(plain\) and /);
    const rows = ending.lines.filter((line) => line.startsWith("300 targets, "));
    // A row of the first table, and one of the second, for each transport.
    assertEquals(rows.length, 4);
    for (const line of rows.slice(2)) assertMatch(line, /, \w+ +600 +0 /);
  },
});

overlappingTest({
  name: "bench targets --scrape measures what it costs that metrics are read, and the page",
  ignore: !mayRun || !canStart("gcc") || Deno.build.os !== "linux",
  async fn() {
    const args = ["targets", "--scrape", "--seconds", "2", "--rounds", "1", "--targets", "300"];
    const ending = await bench(...args);
    assertEquals([ending.code, ending.stderr], [0, ""]);
    const [megabytes, ms] = cellsOf(ending, "300 targets").map(Number);
    assert(megabytes! > 0.5 && megabytes! < 3, `${megabytes} MB`);
    assert(ms! > 0, `${ms} ms`);
    assert(Number(cellsOf(ending, "300 targets, 1000 rows")[0]) > 0, "the page took no time");
  },
});
