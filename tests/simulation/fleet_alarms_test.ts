import { assert } from "@std/assert";
import { independentLoss, lossModel } from "../../lib/impairment/loss.ts";
import { derivedRandom } from "../../lib/impairment/random.ts";
import { alarmsOf } from "../../lib/simulation/fleet_alarms.ts";
import { runFleetWorld } from "../../lib/simulation/fleet_world.ts";

const SEED = 20261127;
const PACE = { intervalMs: 1000, timeoutMs: 1000 };

Deno.test("a fleet of 100 on bad paths has as few false alarms in a day as it promises", () => {
  const [targets, heartbeats] = [100, 86_400];
  for (const path of [{ share: 0.3 }, { share: 0.05, meanBurst: 3 }]) {
    let alarms = 0;
    for (let i = 0; i < targets; i++) {
      const loss = lossModel(path, derivedRandom(SEED, i));
      alarms += alarmsOf({ loss, heartbeats, ...PACE, falseAlarmEvery: 10_000 * targets });
    }
    // At most 8.64 are allowed; 18 or more of as many come once in 300 days.
    assert(alarms < 18, `${alarms} alarms with ${JSON.stringify(path)}`);
  }
});

Deno.test("the rule alone raises as many alarms as the whole fleet does", () => {
  const [targets, heartbeats, falseAlarmEvery] = [20, 3600, 300];
  const lossOf = (i: number) => independentLoss(0.3, derivedRandom(SEED, i));
  let alone = 0;
  for (let i = 0; i < targets; i++) {
    alone += alarmsOf({ loss: lossOf(i), heartbeats, ...PACE, falseAlarmEvery });
  }
  let inFleet = 0;
  runFleetWorld({
    seed: SEED,
    hosts: Array.from({ length: targets }, (_, i) => ({ plain: true, serverLoss: lossOf(i) })),
    fleet: {
      member: { ...PACE, count: heartbeats, maxLosses: "auto", falseAlarmEvery, watch: true },
    },
    onEvent: (event) => {
      if (event.type !== "of_target" || event.event.type !== "state") return;
      if (event.event.to === "down") inFleet++;
    },
  });
  // The same heartbeats are lost, but for those that leave sooner or later about an outage.
  assert(alone > 50, `${alone}`);
  assert(Math.abs(alone - inFleet) <= 0.1 * alone, `${alone} alone, ${inFleet} in the fleet`);
});
