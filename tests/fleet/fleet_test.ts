import { assert, assertEquals } from "@std/assert";
import type { FleetEvent } from "../../lib/fleet/events.ts";
import { Fleet } from "../../lib/fleet/fleet.ts";
import type { Departure, Output } from "../../lib/machine/machine.ts";
import { isDeparture } from "../../lib/machine/machine.ts";
import { listed } from "../../lib/simulation/fleet_world.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import { plainProtocol } from "../../lib/wire/protocol.ts";
import { replyText } from "../../lib/wire/reply.ts";

const MEMBER = { count: 0, intervalMs: 1000, timeoutMs: 1000, maxLosses: 3, watch: true };

function fleetOf(targets: number, options = {}): Fleet {
  return new Fleet({
    list: { targets: Array.from({ length: targets }, (_, i) => listed(i)) },
    member: { ...MEMBER, ...options },
    protocolOf: plainProtocol,
    start: 0,
    summaries: true,
  });
}

const at = (monotonicMs: number) => ({ monotonicMs, wallMs: 1_763_824_000_000 + monotonicMs });

function left(outputs: Output<FleetEvent>[], nowMs: number): Departure<FleetEvent>[] {
  const departures = outputs.filter(isDeparture);
  for (const departure of departures) {
    departure.leave(at(nowMs));
    departure.left(nowMs);
  }
  return departures;
}

Deno.test("at most 64 monitors act at once, and the next wait for a millisecond", () => {
  const fleet = fleetOf(200);
  assertEquals(left(fleet.advance(at(0)), 0).length, 1);
  const batches: number[] = [];
  // All are due by now, the first one for its second heartbeat.
  let nowMs = 1000;
  for (let i = 0; i < 4; i++) {
    batches.push(left(fleet.advance(at(nowMs)), nowMs).length);
    nowMs = fleet.wakeAtMs!;
  }
  assertEquals(batches, [64, 64, 64, 8]);
  assert(nowMs >= 1004, `${nowMs}`);
});

Deno.test("a heartbeat that leaves late doesn't delay those that follow", () => {
  const fleet = fleetOf(2);
  assertEquals(left(fleet.advance(at(0)), 0).map(({ seq }) => seq), [1]);
  // The second target's first heartbeat was due at 618 ms.
  assertEquals(left(fleet.advance(at(900)), 900).map(({ seq }) => seq), [1]);
  assertEquals(left(fleet.advance(at(1001)), 1001).map(({ seq }) => seq), [2]);
  assertEquals(left(fleet.advance(at(1617)), 1617).length, 0);
  assertEquals(left(fleet.advance(at(1619)), 1619).map(({ seq }) => seq), [2]);
  const { max } = fleet.figures().scheduleErrorMs!;
  assert(max > 278 && max < 286, `${max}`);
});

Deno.test("replies find their target by address and port; others are strays", () => {
  const fleet = fleetOf(2);
  const [{ to }] = left(fleet.advance(at(0)), 0) as [Departure<FleetEvent>];
  const reply = bytesOf(replyText(1, 0.001));
  const told = (outputs: Output<FleetEvent>[]) => outputs.map(({ type }) => type);
  assertEquals(told(fleet.receive(reply, { ...to, port: 9 }, at(1))), ["stray"]);
  assertEquals(told(fleet.receive(reply, { ...to, hostname: "10.9.9.9" }, at(2))), ["stray"]);
  // It has not been asked yet.
  assertEquals(told(fleet.receive(reply, { ...to, hostname: "10.0.0.1" }, at(3))), ["stray"]);
  // Its state is told, the reply itself is not.
  assertEquals(told(fleet.receive(reply, to, at(4))), ["of_target"]);
  const { received, strays, rttMs } = fleet.figures();
  assertEquals([received, strays, Math.round(rttMs!.max)], [1, 3, 4]);
});

Deno.test("summaries come when all have ended, some at a time, and the fleet's own at last", () => {
  const fleet = fleetOf(100, { count: 1 });
  for (let nowMs = 0; nowMs <= 1000; nowMs += 10) left(fleet.advance(at(nowMs)), nowMs);
  const types: string[][] = [];
  for (let i = 0; !fleet.finished; i++) {
    types.push(
      fleet.advance(at(2001 + i)).map((output) =>
        output.type === "of_target" ? output.event.type : output.type
      ).filter((type) => ["summary", "fleet"].includes(type)),
    );
    assert(i < 20, "it doesn't end");
  }
  const counts = types.filter((some) => some.length > 0).map((some) => some.length);
  assertEquals(counts, [32, 32, 32, 5]);
  assertEquals(types.at(-1)!.at(-1), "fleet");
  assertEquals(fleet.advance(at(3000)), []);
});

Deno.test("heartbeats that leave together after a pause don't show that anything can be sent", () => {
  const fleet = fleetOf(3, { intervalMs: 50, timeoutMs: 200 });
  const told: string[] = [];
  const failure = { reason: "Network is unreachable", hostUnreachable: false };
  const most: number[] = [];
  // Each fifth turn is 120 ms late, so that each target has two heartbeats to send.
  for (let nowMs = 0, turn = 0; nowMs < 3000; turn++) {
    const departures = left(fleet.advance(at(nowMs)), nowMs) as (Departure<FleetEvent>)[];
    const perTarget = Map.groupBy(departures, ({ to }) => to.hostname);
    most.push(...[...perTarget.values()].map(({ length }) => length));
    for (const departure of departures) {
      const outputs = fleet.sendFailed(departure, failure);
      for (const { type } of outputs) if (type === "blind" || type === "sighted") told.push(type);
    }
    nowMs = fleet.wakeAtMs! + (turn % 5 === 4 ? 120 : 0);
  }
  assert(Math.max(...most) > 1, "no target had two at once");
  assertEquals(told, ["blind"]);
});
