import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { FleetEvent } from "../../lib/fleet/events.ts";
import { COLOURED } from "../../lib/report/palette.ts";
import { figuresSoFar, fleetSummary } from "../../lib/report/fleet_table.ts";
import { type FleetWorldOptions, listed, runFleetWorld } from "../../lib/simulation/fleet_world.ts";
import type { HostOptions } from "../../lib/simulation/host.ts";
import { VIEW } from "./client_samples.ts";

const MEMBER = { count: 10, intervalMs: 1000, timeoutMs: 500, maxLosses: 3, watch: true };
const PATH = { delayMs: 5 };
const UP: HostOptions = { plain: true, forward: PATH, backward: PATH };
const STOPS: HostOptions = { ...UP, serverDown: [{ fromMs: 5000 }] };
const SILENT: HostOptions = { ...UP, serverDown: [{ fromMs: 0 }] };

/** The summary of a fleet, by its lines. */
function summary(
  hosts: readonly HostOptions[],
  options: Partial<FleetWorldOptions> = {},
  view = VIEW,
): string[] {
  let lines: string[] = [];
  runFleetWorld({
    seed: 1,
    hosts,
    fleet: { member: MEMBER },
    onEvent: (event: FleetEvent) => {
      if (event.type === "fleet") lines = fleetSummary(event, view).split("\n");
    },
    ...options,
  });
  return lines;
}

Deno.test("the table of a fleet begins with the worst, and its verdict counts", () => {
  const gone = { ...listed(9), host: "x.test", name: "gone" };
  const targets = [0, 1, 2].map((i) => ({ ...listed(i), name: `web-${i}` }));
  const acts = [{
    atMs: 0,
    act: (fleet: { unresolved(key: string, reason: string): void }) =>
      fleet.unresolved("x.test 12000", "no such name"),
  }];
  const fleet = { member: MEMBER, targets: [...targets, gone] };
  assertEquals(summary([UP, SILENT, STOPS], { fleet, acts }), [
    "--- 4 servers heartbeat summary ---",
    "30 sent, 15 answered, 15 lost (50%), 10 could not be sent, in 10.2 s",
    "round trip  min 10.0, median 10.0, max 10.0 ms",
    "state          server                                   loss    rtt ms  outages",
    "stopped        web-2 (10.0.0.2:12000)                    50%      10.0        1",
    "no answer      web-1 (10.0.0.1:12000)                   100%         -        1",
    "unknown        gone                                        -         -        -",
    "alive          web-0 (10.0.0.0:12000)                     0%      10.0        -",
    "Verdict: of 4 servers, 1 alive, 1 assumed to have stopped, or to be out of",
    "reach, 1 without an answer, 1 unknown.",
  ]);
});

Deno.test("of many servers those that are alive are counted, and --stats lists them", () => {
  const many = (count: number, host: HostOptions) => Array.from({ length: count }, () => host);
  const lines = summary([...many(30, UP), ...many(2, SILENT)]);
  assertEquals(lines.filter((line) => / {2}\S+ms|^(alive|no answer) /.test(line)).length, 20);
  assertStringIncludes(lines.join("\n"), "\nand 12 more, all alive\nVerdict: of 32 servers, 30 ");
  const bad = summary(many(130, SILENT)).join("\n");
  assertStringIncludes(
    bad,
    "\nand 30 more, 30 of them not known to be alive (--stats lists all)\n",
  );
  const all = summary(many(130, SILENT), {}, { ...VIEW, stats: true });
  assertEquals(all.filter((line) => line.startsWith("no answer ")).length, 130);
});

Deno.test("a fleet of which all are alive has a verdict of one line, and says what is doubtful", () => {
  assertEquals(summary([UP, UP]).at(-1), "Verdict: all 2 servers are alive.");
  const late: HostOptions = { ...UP, serverDown: [{ fromMs: 9000 }] };
  assertEquals(summary([UP, late]).slice(-2), [
    "Verdict: all 2 servers alive when last heard; of 1, the last heartbeat went",
    "unanswered.",
  ]);
});

Deno.test("long names are cut to the screen, and colours don't change the columns", () => {
  const targets = [{ ...listed(0), name: "a".repeat(100) }];
  const plain = summary([UP], { fleet: { member: MEMBER, targets } });
  assert(plain.every((line) => line.length <= 80), plain.join("\n"));
  assertStringIncludes(plain.join("\n"), `alive          ${"a".repeat(34)}.. `);
  const coloured = summary([UP], { fleet: { member: MEMBER, targets } }, {
    ...VIEW,
    palette: COLOURED,
  });
  // deno-lint-ignore no-control-regex
  assertEquals(coloured.map((line) => line.replaceAll(/\x1b\[\d+m/g, "")), plain);
});

Deno.test("the figures so far have the time of day, and no verdict", () => {
  let text = "";
  runFleetWorld({
    seed: 1,
    hosts: [UP, UP],
    fleet: { member: MEMBER, reportEveryMs: 3000 },
    onEvent: (event) => {
      if (event.type === "fleet_report") {
        text = figuresSoFar(event, VIEW, "2026-11-27 01:02:03 UTC");
      }
    },
  });
  const [title, ...rest] = text.split("\n");
  assertEquals(title, "--- 2 servers after 9.0 s, 2026-11-27 01:02:03 UTC ---");
  assert(!rest.some((line) => line.startsWith("Verdict")));
});
