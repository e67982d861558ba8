/**
 * The metrics of a target.
 *
 * @module
 */

import type { BucketReading } from "../measure/bucket_counts.ts";
import type { MonitorVitals } from "../monitor/vitals.ts";
import { type Family, labelText, type TableFamily, type WriteSample } from "./exposition.ts";

/** A family of samples of a target. */
export type TargetFamily = TableFamily<MonitorVitals>;

const STATES = ["up", "suspect", "down", "unknown"] as const;
const DIRECTIONS = ["forward", "backward", "late", "unknown"] as const;

function counter(
  name: string,
  help: string,
  value: (vitals: MonitorVitals) => number | undefined,
): TargetFamily {
  return { name, type: "counter", help, samples: [{ labels: "", value }] };
}

function gauge(
  name: string,
  help: string,
  value: (vitals: MonitorVitals) => number | undefined,
): TargetFamily {
  return { name, type: "gauge", help, samples: [{ labels: "", value }] };
}

/** All but the histogram. */
export const TARGET_FAMILIES: readonly TargetFamily[] = [
  gauge(
    "heartbeat_up",
    "1: up or suspect. 0: down, or unknown, which heartbeat_state tells apart.",
    ({ state }) => state === "up" || state === "suspect" ? 1 : 0,
  ),
  {
    name: "heartbeat_state",
    type: "gauge",
    help: "1 for the state that the server is believed to be in, 0 for the others.",
    samples: STATES.map((name) => ({
      labels: labelText("state", name),
      value: ({ state }) => state === name ? 1 : 0,
    })),
  },
  gauge(
    "heartbeat_state_change_timestamp_seconds",
    "When the state began, or the run did, as Unix time; suspect goes on with up.",
    ({ stateSinceWallMs }) => seconds(stateSinceWallMs),
  ),
  counter("heartbeat_sent_total", "Heartbeats sent, or tried.", ({ sent }) => sent),
  counter(
    "heartbeat_unsent_total",
    "Heartbeats that this machine could not send: they say nothing about the server.",
    ({ unsent }) => unsent,
  ),
  counter(
    "heartbeat_unreachable_total",
    "Heartbeats whose host could not be reached, as the system said: they are lost.",
    ({ unreachable }) => unreachable,
  ),
  counter("heartbeat_received_total", "Heartbeats answered in time.", ({ received }) => received),
  counter(
    "heartbeat_lost_total",
    "Heartbeats not answered in time; late ones and excused ones are among them.",
    ({ lost }) => lost,
  ),
  counter(
    "heartbeat_lost_excused_total",
    "Lost heartbeats that say nothing about the server: not sent, or their replies were missed.",
    ({ shown }) => shown?.lostExcused,
  ),
  {
    name: "heartbeat_lost_by_direction",
    type: "gauge",
    help: "Where lost heartbeats went, from the server's counts; a late reply may change it.",
    samples: DIRECTIONS.map((way) => ({
      labels: labelText("direction", way),
      value: ({ direction }) => direction?.[way],
    })),
  },
  counter(
    "heartbeat_late_total",
    "Lost heartbeats that were answered after all.",
    ({ late }) => late,
  ),
  counter(
    "heartbeat_duplicates_total",
    "Replies to heartbeats that had been answered already.",
    ({ duplicates }) => duplicates,
  ),
  counter(
    "heartbeat_reordered_total",
    "Replies that came after the reply to a later heartbeat (RFC 4737).",
    ({ reordered }) => reordered,
  ),
  counter(
    "heartbeat_unexpected_total",
    "Datagrams that were no replies to heartbeats of this run.",
    ({ unexpected }) => unexpected,
  ),
  gauge(
    "heartbeat_round_trip_last_seconds",
    "The newest round trip.",
    ({ lastRttMs }) => seconds(lastRttMs),
  ),
  gauge(
    "heartbeat_round_trip_smoothed_seconds",
    "The smoothed round trip (RFC 6298).",
    ({ srttMs }) => seconds(srttMs),
  ),
  gauge(
    "heartbeat_consecutive_losses",
    "Losses in a row.",
    ({ consecutive }) => consecutive,
  ),
  gauge(
    "heartbeat_loss_limit",
    "Losses in a row after which the server is assumed to have stopped; 0: never.",
    ({ limit }) => limit,
  ),
  counter(
    "heartbeat_outages_total",
    "How often the server was assumed to have stopped.",
    ({ outages }) => outages,
  ),
  gauge(
    "heartbeat_availability_lower_bound_ratio",
    "At least this share of the run the server was in reach; unobserved time counts as down.",
    ({ availability }) => availability?.low,
  ),
  gauge(
    "heartbeat_availability_upper_bound_ratio",
    "At most this share of the run the server was in reach; unobserved time counts as up.",
    ({ availability }) => availability?.high,
  ),
  gauge(
    "heartbeat_clock_offset_seconds",
    "How far the server's clock is ahead, as a guess between the bounds.",
    ({ serverClock }) => serverClock?.offsetS,
  ),
  gauge(
    "heartbeat_clock_offset_lower_bound_seconds",
    "The server's clock is ahead by at least this.",
    ({ serverClock }) => serverClock?.lowS,
  ),
  gauge(
    "heartbeat_clock_offset_upper_bound_seconds",
    "The server's clock is ahead by at most this.",
    ({ serverClock }) => serverClock?.highS,
  ),
];

/** The histogram: 20 samples a target, so it is for fleets of up to 1,000. */
export const ROUND_TRIP_FAMILY: Family<BucketReading> = {
  name: "heartbeat_round_trip_seconds",
  type: "histogram",
  help: "Round trips of the heartbeats answered in time.",
  write: writeHistogram,
};

/** Writes counts of milliseconds as a histogram of seconds. */
export function writeHistogram(
  { bounds, cumulative, sum }: BucketReading,
  sample: WriteSample,
): void {
  for (const [i, boundMs] of bounds.entries()) {
    sample(cumulative[i], labelText("le", String(boundMs / 1000)), "_bucket");
  }
  const total = cumulative.at(-1);
  sample(total, labelText("le", "+Inf"), "_bucket");
  sample(sum / 1000, "", "_sum");
  sample(total, "", "_count");
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
