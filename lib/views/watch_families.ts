/**
 * The metrics of a watcher as a whole: its rule, its list, and how it does itself.
 *
 * @module
 */

import { type Family, labelText, single } from "./exposition.ts";
import { writeHistogram } from "./target_families.ts";
import type { Watch } from "./watch.ts";

/** All metrics that a watcher has once. */
export const WATCH_FAMILIES: readonly Family<Watch>[] = [
  single(
    "heartbeat_targets",
    "gauge",
    "Targets that are watched.",
    ({ targets }) => targets.length,
  ),
  single(
    "heartbeat_interval_seconds",
    "gauge",
    "From one heartbeat to the next of a target; 0: the next leaves when the last is settled.",
    ({ intervalMs }) => intervalMs / 1000,
  ),
  {
    name: "heartbeat_rule_info",
    type: "gauge",
    help: "The rule by which a server is assumed to have stopped: losses in a row, auto or never.",
    write: ({ maxLosses }, sample) =>
      sample(1, labelText("rule", maxLosses === 0 ? "never" : String(maxLosses))),
  },
  single(
    "heartbeat_rule_false_alarm_heartbeats",
    "gauge",
    "The rule auto is set to raise at most one false alarm in this many heartbeats of a target.",
    ({ falseAlarmEvery }) => falseAlarmEvery,
  ),
  single(
    "heartbeat_watcher_stalls_total",
    "counter",
    "How often this program stood still for so long that losses don't count.",
    ({ watcher }) => watcher.stalls,
  ),
  single(
    "heartbeat_watcher_missed_seconds_total",
    "counter",
    "Time in which this program saw nothing, as its machine slept or it stood still.",
    ({ watcher }) => watcher.missedMs / 1000,
  ),
  {
    name: "heartbeat_watcher_send_delay_seconds",
    type: "histogram",
    help: "How late heartbeats left by their schedule.",
    write: ({ watcher: { sendDelays } }, sample) => {
      if (sendDelays !== undefined) writeHistogram(sendDelays.read(), sample);
    },
  },
  single(
    "heartbeat_watcher_strays_total",
    "counter",
    "Datagrams from endpoints that are no targets.",
    ({ watcher }) => watcher.strays,
  ),
  {
    name: "heartbeat_watcher_blind",
    type: "gauge",
    help: "1: no target of ipv4 or ipv6 can be asked; machine: some were not heard since it slept.",
    write: ({ watcher: { blind } }, sample) => {
      for (const part of ["ipv4", "ipv6", "machine"]) {
        sample(blind.includes(part) ? 1 : 0, labelText("part", part));
      }
    },
  },
  single(
    "heartbeat_list_last_reload_successful",
    "gauge",
    "Whether the list of targets could be read when it was last read.",
    ({ list }) => list === undefined ? undefined : list.good ? 1 : 0,
  ),
  single(
    "heartbeat_list_last_reload_success_timestamp_seconds",
    "gauge",
    "When the list of targets was last read without a fault, as Unix time.",
    ({ list }) => list === undefined ? undefined : list.goodAtWallMs / 1000,
  ),
];
