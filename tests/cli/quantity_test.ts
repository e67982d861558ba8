import { assertEquals } from "@std/assert";
import {
  decimalNumber,
  localAddress,
  type Quantity,
  share,
  time,
  wholeNumber,
} from "../../lib/cli/quantity.ts";

function assertReads<Value>(quantity: Quantity<Value>, table: [string, Value | undefined][]): void {
  for (const [text, value] of table) assertEquals(quantity.read(text), value, text);
}

Deno.test("a share is a number from 0 to 1 or a percentage from 0% to 100%", () => {
  assertReads(share, [
    ["0", 0],
    ["0.3", 0.3],
    [".3", 0.3],
    ["1", 1],
    ["30%", 0.3],
    ["0.5%", 0.005],
    ["100%", 1],
    ["30", undefined],
    ["1.1", undefined],
    ["101%", undefined],
    ["-1", undefined],
    ["3e-1", undefined],
    ["%", undefined],
    ["", undefined],
    ["0x1", undefined],
  ]);
});

Deno.test("a time is a number with a unit, and in seconds without one", () => {
  assertReads(time(1, 3_600_000), [
    ["500ms", 500],
    ["1", 1000],
    ["1s", 1000],
    ["1.5s", 1500],
    [".5", 500],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["0", undefined],
    ["0.5ms", undefined],
    ["2h", undefined],
    ["1d", undefined],
    ["1 s", undefined],
    ["-1s", undefined],
    ["s", undefined],
    ["1e3", undefined],
  ]);
  assertReads(time(1, 1000, true), [["0", 0], ["0ms", 0], ["0.5ms", undefined]]);
});

Deno.test("numbers are decimal and within their limits", () => {
  assertReads(wholeNumber(0, 65535), [
    ["0", 0],
    ["65535", 65535],
    ["65536", undefined],
    ["1.0", undefined],
    ["0x10", undefined],
    ["1e3", undefined],
    ["99999999999999999999", undefined],
  ]);
  assertReads(decimalNumber(1, 10), [["1", 1], ["2.5", 2.5], ["0.9", undefined], ["x", undefined]]);
});

Deno.test("a local address is read in every spelling, a name only if it is localhost", () => {
  assertReads(localAddress, [
    ["0.0.0.0", "0.0.0.0"],
    ["localhost", "127.0.0.1"],
    ["[::1]", "::1"],
    ["0:0:0:0:0:0:0:0", "::"],
    ["example.org", undefined],
    ["", undefined],
  ]);
});
