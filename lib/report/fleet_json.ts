/**
 * What the client prints of many servers for programs: what concerns one of them is written by
 * `client_json.ts`.
 *
 * @module
 */

import type { FleetFigures } from "../fleet/events.ts";
import { emptySnapshot } from "../monitor/snapshot.ts";
import { visibleText } from "../text/visible_text.ts";
import { clientJson, spreadJson } from "./client_json.ts";
import { falseAlarmsPerDay, type FleetReport } from "./fleet_events.ts";
import { jsonLine, type JsonValue } from "./json_line.ts";
import { siteUrl } from "./serving.ts";

/**
 * Writes an event as JSON; `undefined` for single heartbeats and replies.
 *
 * @param wallMs the moment of the event, Unix milliseconds
 */
export function fleetJson(event: FleetReport, wallMs: number): string | undefined {
  const write = (fields: Parameters<typeof jsonLine>[2]) => jsonLine(event.type, wallMs, fields);
  switch (event.type) {
    case "start":
      return write({
        targets: event.targets,
        source: event.source,
        version: event.version,
        count: event.count,
        interval_s: event.intervalMs / 1000,
        timeout_s: event.timeoutMs / 1000,
        max_losses: event.maxLosses,
        false_alarms_per_day: falseAlarmsPerDay(event),
        transport: event.transport,
      });
    case "serving":
      return write({ url: siteUrl(event.at) });
    case "of_target": {
      const { member: { endpoint, listed } } = event;
      return clientJson(event.event, endpoint, wallMs, listed.name);
    }
    case "sent":
      return undefined;
    case "stall":
      return write({ late_s: event.lateMs / 1000 });
    case "clock_step":
      return write({
        whose: event.whose,
        step_s: event.stepMs === undefined ? undefined : event.stepMs / 1000,
      });
    case "receive_failed":
      return write({ reason: event.reason });
    case "stray": {
      const { from, bytes, beginning } = event.datagram;
      return write({ from, bytes, beginning: visibleText(beginning, bytes) });
    }
    case "blind":
      return write({ part: event.part, targets: event.targets, reason: event.reason });
    case "sighted":
      return write({ part: event.part, targets: event.targets, lasted_s: event.lastedMs / 1000 });
    case "moved": {
      const { member: { listed: { name } }, from, to } = event;
      return write({ target: to, name, from });
    }
    case "unresolved": {
      const { member: { endpoint, listed: { name } }, reason } = event;
      return write({ target: endpoint, name, reason });
    }
    case "reloaded":
      return write({ added: event.added, removed: event.removed, stayed: event.stayed });
    case "held_back":
      return write({ lines: event.lines });
    case "fleet_report":
    case "figures_so_far":
    case "fleet":
      return write(figuresJson(event));
  }
}

function figuresJson(figures: FleetFigures): Record<string, JsonValue> {
  const { members, sent, received, lost, late, unsent } = figures;
  const verdicts = { alive: 0, stopped: 0, never_answered: 0, unknown: 0 };
  const states = { up: 0, suspect: 0, down: 0, unknown: 0 };
  const snapshot = emptySnapshot();
  for (const { monitor } of members) {
    monitor.snapshot(0, snapshot);
    verdicts[snapshot.verdict]++;
    states[snapshot.state]++;
  }
  return {
    targets: members.length,
    verdicts,
    states,
    duration_s: figures.durationMs / 1000,
    sent,
    received,
    lost,
    late,
    unsent,
    loss_ratio: received + lost === 0 ? undefined : lost / (received + lost),
    rtt_ms: spreadJson(figures.rttMs),
    schedule_error_ms: spreadJson(figures.scheduleErrorMs),
    strays: figures.strays,
    stalls: figures.stalls,
    pauses: figures.pauses,
    longest_pause_ms: figures.longestPauseMs,
    blind: figures.blind,
  };
}
