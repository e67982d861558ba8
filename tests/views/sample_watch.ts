/** A fleet in virtual time, as views see it. */

import type { Fleet } from "../../lib/fleet/fleet.ts";
import type { ListedTarget } from "../../lib/fleet/target_list.ts";
import { lossModel } from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";
import type { Period } from "../../lib/simulation/periods.ts";
import { listed, runFleetWorld } from "../../lib/simulation/fleet_world.ts";
import { ShownFigures } from "../../lib/monitor/shown_figures.ts";
import type { Watch, WatchedTarget } from "../../lib/views/watch.ts";
import { WatchedMember } from "../../lib/views/watched_member.ts";

const HEARTBEATS = 60;

/** When the fleet is looked at, on the monotonic clock: a moment after its end. */
const NOW_MS = 62_000;

/** A run of a minute: the first server loses 20%, the second stops, the third answers all. */
export function sampleFleet(
  targets?: readonly ListedTarget[],
  unsent: readonly Period[] = [],
): Fleet {
  return runFleetWorld({
    seed: 7,
    unsent,
    hosts: [
      { serverLoss: lossModel({ share: 0.2, meanBurst: undefined }, seededRandom(7)) },
      { serverDown: [{ fromMs: 30_000, untilMs: Infinity }] },
      {},
    ],
    fleet: {
      member: {
        ...{ count: HEARTBEATS, intervalMs: 1000, timeoutMs: 500, maxLosses: 3, watch: true },
        ...{ exactValues: 32, makeShown: () => new ShownFigures() },
      },
      targets: targets ?? [listed(0), listed(1), listed(2)],
    },
  });
}

/** What views show of a fleet. */
export function watchOf(fleet: Fleet): Watch {
  return {
    targets: fleet.members.map((member) => new WatchedMember(member, () => NOW_MS)),
    watcher: fleet.watcher,
    list: { good: false, goodAtWallMs: 1_000_000_000_000 },
    maxLosses: "auto",
    falseAlarmEvery: 100_000,
    ...{ intervalMs: 1000, timeoutMs: 500, wallMs: 1_763_824_062_000 },
    program: {
      ...{ version: "0.1.0", transport: "deno" },
      startedAtWallMs: 1_000_000_000_500,
      residentBytes: 50_000_000,
    },
  };
}

/** The same target under another address, and another name if one is given. */
export function renamed(target: WatchedTarget, address: string, name = address): WatchedTarget {
  const { labels, endpoint, unresolved } = target;
  return {
    ...{ name, target: address, labels, endpoint, unresolved },
    vitals: () => target.vitals(),
    summary: () => target.summary(),
  };
}
