import { assertEquals, assertMatch } from "@std/assert";
import {
  type CheckedTarget,
  checkResult,
  type CheckThresholds,
  unableToCheck,
} from "../../lib/report/check_line.ts";

const LIMITS: CheckThresholds = {
  warning: { rttMs: 200, lossShare: 0.4 },
  critical: { rttMs: 500, lossShare: 0.8 },
};

const target = (rttMs: number | undefined, lossShare: number | undefined): CheckedTarget => ({
  name: "a:12000",
  rttMs,
  lossShare,
  reason: undefined,
});

Deno.test("a check is one line with performance data, and the exit codes of a plugin", () => {
  const table: [rttMs: number | undefined, lossShare: number | undefined, line: string][] = [
    [0.383, 0, "OK - a:12000: rta 0.383ms, lost 0% | rta=0.383ms;200.000;500.000;0; pl=0%;"],
    [199.9, 0.39, "OK - a:12000: rta 199.9ms, lost 39% | rta=199.900ms;200.000;500.000;0; pl=39%;"],
    [200, 0, "WARNING - a:12000: rta 200.0ms, lost 0% | rta=200.000ms;"],
    [1, 0.4, "WARNING - a:12000: rta 1.000ms, lost 40% | rta=1.000ms;200.000;500.000;0; pl=40%;"],
    [500, 0, "CRITICAL - a:12000: rta 500.0ms, lost 0% | "],
    [1, 0.8, "CRITICAL - a:12000: rta 1.000ms, lost 80% | "],
    [undefined, 1, "CRITICAL - a:12000: no answer, lost 100% | rta=U;200.000;500.000;0; pl=100%;"],
    [
      undefined,
      undefined,
      "UNKNOWN - a:12000: could not be asked | rta=U;200.000;500.000;0; pl=U;",
    ],
  ];
  const codes = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
  for (const [rttMs, lossShare, beginning] of table) {
    const { line, code } = checkResult([target(rttMs, lossShare)], LIMITS);
    assertEquals(line.slice(0, beginning.length + 10), `HEARTBEAT ${beginning}`);
    assertEquals(codes[code], beginning.split(" ")[0]);
  }
});

Deno.test("of several servers the worst comes first and decides, and all are named", () => {
  const named = (name: string, one: CheckedTarget) => ({ ...one, name });
  const [ok, slow, gone, unasked] = [
    named("ok", target(1, 0)),
    named("slow", target(300, 0)),
    named("gone", target(undefined, 1)),
    { ...named("unasked", target(undefined, undefined)), reason: "Network is unreachable" },
  ] as const;
  const state = (...targets: CheckedTarget[]) => checkResult(targets, LIMITS).line.split(" ")[1];
  assertEquals(state(ok, slow), "WARNING");
  assertEquals(state(ok, slow, unasked), "UNKNOWN");
  assertEquals(state(ok, slow, unasked, gone), "CRITICAL");
  const { line, code } = checkResult([ok, unasked, gone, slow], LIMITS);
  assertEquals(code, 2);
  const [text, data] = line.split(" | ");
  assertEquals(
    text,
    "HEARTBEAT CRITICAL - gone: no answer, lost 100% :: " +
      "unasked: could not be asked: Network is unreachable :: " +
      "slow: rta 300.0ms, lost 0% :: ok: rta 1.000ms, lost 0%",
  );
  assertEquals(data!.split(" ").map((one) => one.split("=")[0]), [
    "'gone_rta'",
    "'gone_pl'",
    "'unasked_rta'",
    "'unasked_pl'",
    "'slow_rta'",
    "'slow_pl'",
    "'ok_rta'",
    "'ok_pl'",
  ]);
});

Deno.test("a name can't break the line, nor its performance data", () => {
  const { line } = checkResult(
    [{ ...target(1, 0), name: "a|b='c'" }, target(2, 0)],
    { ...LIMITS, warning: { rttMs: 0.15, lossShare: 0.005 } },
  );
  assertEquals(line.split("|").length, 2);
  // The form of the guidelines: 'label'=value[UOM];[warn];[crit];[min];[max]
  const value = String.raw`'[^'=|]+'=[\d.]+(?:ms|%);[\d.]+;[\d.]+;[\d.]+;[\d.]*`;
  assertMatch(line.split(" | ")[1]!, new RegExp(`^${value}(?: ${value})*$`));
  assertEquals(unableToCheck("a | b\nc"), { line: "HEARTBEAT UNKNOWN - a / b c", code: 3 });
});
