/**
 * What the client prints for programs.
 *
 * @module
 */

import { lossInterval } from "../measure/loss_interval.ts";
import { STOPS_PER_HEARTBEAT, type VerdictWorth } from "../detect/verdict_worth.ts";
import type { Figures } from "../monitor/measurements.ts";
import type { MonitorSummary } from "../monitor/events.ts";
import type { ClockFigures } from "../measure/clock_offset.ts";
import type { Spread } from "../measure/distribution.ts";
import type { Interval } from "../measure/interval.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import type { ClientEvent } from "./client_events.ts";
import { siteUrl } from "./serving.ts";
import { jsonLine, type JsonValue } from "./json_line.ts";
import { visibleText } from "../text/visible_text.ts";

/**
 * Writes an event as JSON.
 *
 * @param endpoint the server
 * @param wallMs the moment of the event, Unix milliseconds
 * @param name what the server is called, where there are several
 */
export function clientJson(
  event: ClientEvent,
  endpoint: Endpoint,
  wallMs: number,
  name?: string,
): string {
  const target = formatEndpoint(endpoint);
  const of = name === undefined ? { target } : { target, name };
  const write = (fields: Parameters<typeof jsonLine>[2]) => jsonLine(event.type, wallMs, fields);
  switch (event.type) {
    case "start":
      return write({
        target,
        name: event.name,
        other_addresses: event.others,
        version: event.version,
        count: event.count,
        interval_s: event.intervalMs / 1000,
        timeout_s: event.timeoutMs / 1000,
        max_losses: event.maxLosses,
        transport: event.transport,
      });
    case "sent":
    case "duplicate":
      return write({ ...of, seq: event.seq });
    case "reply": {
      const { seq, rttMs, timeDifferenceS } = event;
      return write({ ...of, seq, rtt_ms: rttMs, time_difference_s: timeDifferenceS });
    }
    case "timeout": {
      const { seq, consecutive, excuse } = event;
      return write({ ...of, seq, consecutive, excuse });
    }
    case "late":
      return write({ ...of, seq: event.seq, rtt_ms: event.rttMs });
    case "unexpected":
      return write({
        ...of,
        from: event.from,
        bytes: event.bytes,
        reason: event.reason,
        beginning: visibleText(event.beginning, event.bytes),
      });
    case "send_failed":
      return write({
        ...of,
        seq: event.seq,
        reason: event.reason,
        host_unreachable: event.hostUnreachable,
      });
    case "receive_failed":
      return write({ ...of, reason: event.reason });
    case "held_back":
      return write({ ...of, lines: event.lines });
    case "state":
      return write({
        ...of,
        from: event.from,
        to: event.to,
        reason: event.reason,
        consecutive: event.consecutive,
        outage_s: event.outageMs && secondsJson(event.outageMs),
        worth: event.worth && worthJson(event.worth),
      });
    case "stall":
      return write({ ...of, late_s: event.lateMs / 1000 });
    case "clock_step":
      return write({
        ...of,
        whose: event.whose,
        step_s: event.stepMs === undefined ? undefined : event.stepMs / 1000,
      });
    case "serving":
      return write({ url: siteUrl(event.at) });
    case "address":
      return write({ ...of, from: event.from, reason: event.reason });
    case "report":
      return write({
        ...of,
        window_s: event.windowMs / 1000,
        window: figuresJson(event.window),
        whole: summaryJson(event.whole),
      });
    case "figures_so_far":
    case "summary":
      return write({ ...of, ...summaryJson(event) });
  }
}

/** An object in a line. */
export type JsonObject = Record<string, JsonValue>;

function summaryJson(summary: MonitorSummary): JsonObject {
  const { direction } = summary;
  return {
    verdict: summary.verdict,
    ended: summary.ended,
    duration_s: summary.durationMs / 1000,
    asleep_s: summary.asleepMs / 1000,
    sent: summary.sent,
    schedule_error_ms: spreadJson(summary.scheduleErrorMs),
    consecutive: summary.consecutive,
    outstanding: summary.outstanding,
    ...figuresJson(summary),
    kernel_stamped: summary.stamped,
    unexpected: summary.unexpected,
    unauthentic: summary.unauthentic,
    elsewhere: summary.elsewhere?.last.from,
    send_failures: summary.unsent.count + summary.unreachable.count,
    unreachable: summary.unreachable.count,
    receive_failures: summary.receiveFailures,
    loss_direction: direction && { ...direction },
    clock: summary.clock && clockJson(summary.clock),
    outages: summary.outages,
    availability: summary.availability && { ...summary.availability },
    stalls: summary.stalls,
    excused: summary.excused,
    contradictions: summary.contradictions,
    contradiction: summary.contradiction,
    worth: summary.worth && worthJson(summary.worth),
  };
}

function figuresJson(figures: Figures): JsonObject {
  const { pattern, reordering, rttMs, transitions, received, late } = figures;
  const copies = figures.duplicates;
  const answered = received + late;
  return {
    received,
    lost: figures.lost,
    late,
    duplicates: copies,
    loss_ratio: figures.lossRatio,
    loss_ratio_95: transitions.settled === 0 ? undefined : { ...lossInterval(transitions) },
    loss_runs: {
      count: pattern.runs,
      mean_length: pattern.meanRun,
      longest: pattern.longestRun,
      mean_distance: pattern.meanLossDistance,
      mean_gap: pattern.meanGap,
      loss_after_reply: pattern.lossAfterReply,
      loss_after_loss: pattern.lossAfterLoss,
      worst: pattern.worstRuns.map(({ firstSeq, length }) => ({ first_seq: firstSeq, length })),
    },
    rtt_ms: spreadJson(rttMs),
    rtt_of_sent_ms: { ...figures.rttOfSentMs },
    srtt_ms: figures.srttMs,
    rto_ms: figures.rtoMs,
    ipdv_ms: spreadJson(figures.ipdvMs),
    forward_ipdv_ms: spreadJson(figures.forwardIpdvMs),
    backward_ipdv_ms: spreadJson(figures.backwardIpdvMs),
    pdv_ms: {
      p95: aboveMin(rttMs, rttMs?.p95),
      p99: aboveMin(rttMs, rttMs?.p99),
      p999: aboveMin(rttMs, rttMs?.p999),
    },
    jitter_ms: figures.jitterMs,
    forward_jitter_ms: figures.forwardJitterMs,
    reordering: {
      reordered: reordering.reordered,
      ratio: reordering.ratio,
      max_extent: reordering.maxExtent,
    },
    duplication: {
      replicated: figures.replicated,
      fraction: answered === 0 ? undefined : copies / answered,
    },
  };
}

function worthJson(worth: VerdictWorth): JsonObject {
  const { everyHeartbeats, shareOfRuns } = worth;
  return {
    max_losses: worth.limit,
    newer_unanswered: worth.newer,
    losses: worth.losses,
    loss_after_reply: worth.rates.afterReply,
    loss_after_loss: worth.rates.afterLoss,
    false_alarm_every_heartbeats: { ...everyHeartbeats },
    false_alarm_share_of_runs: { ...shareOfRuns },
    stop_probability: worth.stopProbability,
    stop_prior_per_heartbeat: STOPS_PER_HEARTBEAT,
    right_max_losses: worth.rightLimit,
  };
}

function secondsJson({ low, high }: Interval): JsonObject {
  return { low: low / 1000, high: high / 1000 };
}

function clockJson(clock: ClockFigures): JsonObject {
  return {
    offset_s: clock.offsetS,
    offset_low_s: clock.lowS,
    offset_high_s: clock.highS,
    drift_ppm: clock.driftPpm,
    drift_low_ppm: clock.driftBoundsPpm?.low,
    drift_high_ppm: clock.driftBoundsPpm?.high,
    steps: clock.steps,
    min_forward_delay_s: { low: 0, high: clock.mostOneWayS, if_symmetric: clock.forwardS },
    min_backward_delay_s: { low: 0, high: clock.mostOneWayS, if_symmetric: clock.backwardS },
  };
}

function aboveMin(spread: Spread | undefined, value: number | undefined): number | undefined {
  return spread === undefined || value === undefined ? undefined : value - spread.min;
}

/** Writes a spread; `undefined`: all of it is unknown. */
export function spreadJson(spread: Spread | undefined): JsonObject {
  const names = ["min", "mean", "median", "p90", "p95", "p99", "p999", "max", "stddev"] as const;
  return Object.fromEntries(names.map((name) => [name, spread?.[name]]));
}
