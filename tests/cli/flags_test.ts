import { assert, assertEquals, assertThrows } from "@std/assert";
import { describeFlags, type FlagTable, readFlags } from "../../lib/cli/flags.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { share, wholeNumber } from "../../lib/cli/quantity.ts";

const TABLE = {
  size: { short: "s", metavar: "N", quantity: wholeNumber(0, 9), help: "how large" },
  tall: { help: "whether tall" },
} satisfies FlagTable;

Deno.test("readFlags() separates values, switches and the rest", () => {
  assertEquals(readFlags(TABLE, []), {
    flags: { size: undefined, tall: false },
    positionals: [],
  });
  assertEquals(readFlags(TABLE, ["one", "-s", "3", "--tall", "2", "--", "--size"]), {
    flags: { size: 3, tall: true },
    positionals: ["one", "2", "--size"],
  });
});

Deno.test("readFlags() takes the last of a flag that is given twice", () => {
  assertEquals(readFlags(TABLE, ["--size=3", "-s4"]).flags.size, 4);
});

Deno.test("readFlags() reads any value that directly follows its letter", () => {
  const table = { share: { short: "s", metavar: "SHARE", quantity: share, help: "how much" } };
  const given = ["-s30%", "-s=30%", "-s.3", "-s0.3"].map((arg) =>
    readFlags(table, [arg]).flags.share
  );
  assertEquals(given, [0.3, 0.3, 0.3, 0.3]);
  assertEquals(readFlags(table, ["x", "--", "-s30%"]).positionals, ["x", "-s30%"]);
  assertThrows(() => readFlags(table, ["-s-1"]), OperatorError, "--share can't be -1: expected");
});

Deno.test("readFlags() collects all values of a flag that may be repeated, in their order", () => {
  const table = {
    size: { metavar: "N", quantity: wholeNumber(0, 9), repeatable: true, help: "sizes" },
  } satisfies FlagTable;
  assertEquals(readFlags(table, []).flags.size, []);
  assertEquals(readFlags(table, ["--size", "3", "--size=1"]).flags.size, [3, 1]);
  assertThrows(
    () => readFlags(table, ["--size=3", "--size=x"]),
    OperatorError,
    "--size can't be x",
  );
});

Deno.test("readFlags() refuses what isn't in the table", () => {
  const table: [string[], string][] = [
    [["--wide"], "unknown flag --wide"],
    [["--wide=3"], "unknown flag --wide=3"],
    [["-w"], "unknown flag -w"],
    [["-sw"], "--size can't be w"],
    [["--size=10"], "--size can't be 10: expected a whole number from 0 to 9"],
    [["--tall=3"], "--tall takes no value"],
    [["--size"], "--size needs a value: expected a whole number from 0 to 9"],
  ];
  for (const [args, message] of table) {
    assertThrows(() => readFlags(TABLE, args), OperatorError, message);
  }
});

Deno.test("a value that begins with a sign is told as what it is", () => {
  const table: [string[], string][] = [
    [["--size", "-5"], "--size can't be -5: expected a whole number from 0 to 9"],
    [["-s", "-5"], "--size can't be -5: expected"],
    [["-s", "-.5", "--tall"], "--size can't be -.5: expected"],
    [["-s-5"], "--size can't be -5: expected"],
    [["--size", "--tall"], "--size needs a value: expected"],
  ];
  for (const [args, message] of table) {
    assertThrows(() => readFlags(TABLE, args), OperatorError, message);
  }
  assertThrows(() => readFlags(TABLE, ["--tall", "-5"]), OperatorError, "unknown flag -5");
});

Deno.test("a flag that is almost right is suggested", () => {
  const table: [string, string][] = [
    ["--szie", "unknown flag --szie; did you mean --size?"],
    ["--sise=3", "unknown flag --sise=3; did you mean --size?"],
    ["--tal", "unknown flag --tal; did you mean --tall?"],
    ["--wide", "unknown flag --wide; --help lists"],
    ["-x", "unknown flag -x; --help lists"],
  ];
  for (const [arg, message] of table) {
    assertThrows(() => readFlags(TABLE, [arg]), OperatorError, message);
  }
});

Deno.test("two dashes before all arguments, as some runners of tasks put them, are left out", () => {
  assertEquals(readFlags(TABLE, ["--", "-s", "3", "--tall"]), {
    flags: { size: 3, tall: true },
    positionals: [],
  });
  assertEquals(readFlags(TABLE, ["--", "host", "--", "-x"]).positionals, ["host", "-x"]);
});

Deno.test("a switch can be switched off, and the last one counts", () => {
  const tall = (...args: string[]) => readFlags(TABLE, args).flags.tall;
  assertEquals([tall("--no-tall"), tall("--tall", "--no-tall")], [false, false]);
  assertEquals(tall("--no-tall", "--tall"), true);
  assertThrows(() => readFlags(TABLE, ["--no-size"]), OperatorError, "unknown flag --no-size");
});

Deno.test("a long description goes on below its beginning, in 80 columns", () => {
  const lines = describeFlags({ size: { ...TABLE.size, help: "word ".repeat(30).trim() } })
    .split("\n");
  assertEquals(lines.length, 3);
  for (const line of lines) assert(line.length <= 80, line);
  assertEquals(lines[1]!.slice(0, 16), " ".repeat(16));
});

Deno.test("describeFlags() aligns its columns", () => {
  assertEquals(describeFlags(TABLE), "  -s, --size N  how large\n      --tall    whether tall");
});
