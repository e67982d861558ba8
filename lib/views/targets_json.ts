/**
 * The state of all targets as JSON.
 *
 * @module
 */

import type { MonitorVitals } from "../monitor/vitals.ts";
import { jsonText, type JsonValue } from "../report/json_line.ts";
import { formatTimestamp } from "../text/timestamp.ts";
import { readRows, type TargetRow, type Watch } from "./watch.ts";

/**
 * Writes an array with an object a line for each target, in pieces. Names are those of the summary
 * that `--json` prints, where it has the figure.
 */
export function* targetsJson(watch: Watch): Generator<string, void> {
  const rows = yield* readRows(watch.targets);
  let before = "[\n";
  for (const row of rows) {
    yield before + jsonText(rowJson(row));
    before = ",\n";
  }
  yield rows.length === 0 ? "[]\n" : "\n]\n";
}

function rowJson({ target: { name, target, labels, endpoint }, of }: TargetRow) {
  return { target, name, labels, address: endpoint?.hostname, ...vitalsJson(of) };
}

function vitalsJson(vitals: MonitorVitals): Record<string, JsonValue> {
  const { stateSinceWallMs, received, lost, direction, serverClock, availability } = vitals;
  return {
    state: vitals.state,
    reason: vitals.reason,
    since: stateSinceWallMs === undefined ? undefined : formatTimestamp(stateSinceWallMs),
    verdict: vitals.verdict,
    sent: vitals.sent,
    unsent: vitals.unsent,
    unreachable: vitals.unreachable,
    outstanding: vitals.outstanding,
    received,
    lost,
    late: vitals.late,
    duplicates: vitals.duplicates,
    reordered: vitals.reordered,
    unexpected: vitals.unexpected,
    loss_ratio: received + lost === 0 ? undefined : lost / (received + lost),
    last_minute: { ...vitals.lastMinute },
    last_rtt_ms: vitals.lastRttMs,
    srtt_ms: vitals.srttMs,
    consecutive: vitals.consecutive,
    max_losses: vitals.limit,
    outages: vitals.outages,
    availability: availability && { ...availability },
    loss_direction: direction && { ...direction },
    clock: serverClock && {
      offset_s: serverClock.offsetS,
      offset_low_s: serverClock.lowS,
      offset_high_s: serverClock.highS,
    },
  };
}
