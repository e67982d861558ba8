import { assertEquals, assertStringIncludes } from "@std/assert";
import { Member } from "../../lib/fleet/member.ts";
import { OwnMachine } from "../../lib/machine/own_machine.ts";
import { FleetReporter } from "../../lib/report/fleet_reporter.ts";
import { listed } from "../../lib/simulation/fleet_world.ts";
import { stateEvent } from "../support/state_event.ts";
import { VIEW, WALL_MS } from "./client_samples.ts";

const OPTIONS = { count: 0, intervalMs: 1000, timeoutMs: 1000, maxLosses: 3, watch: true };
const NOW = { monotonicMs: 0, wallMs: WALL_MS };

function memberOf(host: number): Member {
  const start = { listed: listed(host), address: undefined, startShare: 0 };
  return new Member(start, OPTIONS, new OwnMachine());
}

function reporter(json: boolean, quiet = false) {
  const lines: string[] = [];
  return {
    lines,
    of: new FleetReporter({ json, quiet, view: VIEW, print: (line) => lines.push(line) }),
  };
}

Deno.test("a target that is flooded fills no other target's lines, and has its own count", () => {
  const { lines, of } = reporter(true);
  const [flooded, other] = [memberOf(1), memberOf(2)];
  const duplicate = { type: "duplicate", seq: 1 } as const;
  for (let i = 0; i < 50; i++) {
    of.report({ type: "of_target", member: flooded, event: duplicate }, NOW);
  }
  of.report({ type: "of_target", member: other, event: duplicate }, NOW);
  const later = { ...NOW, monotonicMs: 2000 };
  of.report({ type: "of_target", member: flooded, event: duplicate }, later);
  const objects = lines.map((line) => JSON.parse(line));
  const typesOf = (name: string) =>
    objects.filter((one) => one.name === name)
      .map(({ type, lines }) => type === "held_back" ? `${lines} held back` : type);
  assertEquals(typesOf("host-2"), ["duplicate"]);
  assertEquals(typesOf("host-1").length, 12);
  assertEquals(typesOf("host-1").slice(-2), ["40 held back", "duplicate"]);
});

Deno.test("people read of states only, and programs of all but heartbeats and replies", () => {
  const [people, programs, quiet] = [reporter(false), reporter(true), reporter(true, true)];
  const member = memberOf(1);
  for (const { of } of [people, programs, quiet]) {
    of.report({ type: "sent" }, NOW);
    const timeout = { type: "timeout", seq: 1, consecutive: 1, excuse: undefined } as const;
    of.report({ type: "of_target", member, event: timeout }, NOW);
    const event = stateEvent({
      from: "suspect",
      to: "down",
      consecutive: 3,
      heard: true,
      lastedMs: 1,
    });
    of.report({ type: "of_target", member, event }, NOW);
  }
  assertEquals(people.lines, [
    "2026-11-23 02:56:49 UTC  host-1 (10.0.0.1:12000): down after 3 timeouts",
  ]);
  const types = ({ lines }: { lines: string[] }) => lines.map((line) => JSON.parse(line).type);
  assertEquals([types(programs), types(quiet)], [["timeout", "state"], ["state"]]);
  assertStringIncludes(programs.lines[0]!, '"target":"10.0.0.1:12000","name":"host-1"');
});
