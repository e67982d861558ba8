import { assertEquals, assertThrows } from "@std/assert";
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
  assertEquals(readFlags(table, ["--", "-s30%"]).positionals, ["-s30%"]);
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

Deno.test("describeFlags() aligns its columns", () => {
  assertEquals(describeFlags(TABLE), "  -s, --size N  how large\n      --tall    whether tall");
});
