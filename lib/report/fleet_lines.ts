/**
 * What the client prints of many servers for people.
 *
 * @module
 */

import type { BlindPart } from "../fleet/events.ts";
import type { Member, StateEvent } from "../fleet/member.ts";
import { isExcuse } from "../monitor/ledger.ts";
import { formatCount, formatDuration, formatTime, formatTimeOfDay } from "../text/units.ts";
import { wrap } from "../text/wrap.ts";
import { formatEndpoint } from "../wire/endpoint.ts";
import { falseAlarmsPerDay, type FleetReport } from "./fleet_events.ts";
import { figuresSoFar, fleetSummary } from "./fleet_table.ts";
import { servingText } from "./serving.ts";
import { heldBackText } from "./reporter.ts";
import { blindText } from "./state_lines.ts";
import { transportText } from "./transport.ts";
import { nameOf } from "./target_name.ts";
import type { View } from "./view.ts";

/**
 * Writes an event as a person reads it; `undefined` for an event that other lines imply.
 *
 * @param wallMs the moment of the event, Unix milliseconds
 */
export function fleetLine(event: FleetReport, view: View, wallMs: number): string | undefined {
  const { palette } = view;
  const at = formatTimeOfDay(wallMs);
  const told = (text: string) => wrap(text, { before: `${at}  ` }).join("\n");
  switch (event.type) {
    case "start":
      return startLines(event, view);
    case "serving":
      return servingText(event);
    case "of_target":
      return event.event.type === "state"
        ? stateLine(event.member, event.event, view, at)
        : undefined;
    case "sent":
    case "stray":
    case "receive_failed":
      return undefined;
    case "held_back":
      return palette.faint(heldBackText(event));
    case "stall":
      return palette.warning(
        told(
          `This program stood still for at least ${formatDuration(event.lateMs, Math.floor)}: ` +
            "what waited for replies then doesn't count against any server.",
        ),
      );
    case "clock_step": {
      const what = event.sleepMs > 0
        ? `This machine slept for ${formatDuration(event.sleepMs)}, or its clock was set forward`
        : "This machine's clock has stepped";
      return palette.warning(told(`${what}; the comparison with the servers' begins anew.`));
    }
    case "blind": {
      const why = event.reason === undefined
        ? "this machine slept or stood still again and again"
        : `this machine can't send to any of them: ${event.reason}`;
      const servers = `${formatCount(event.targets, "server")}${partText(event.part)}`;
      return palette.bad(told(`The state of all ${servers} is unknown: ${why}.`));
    }
    case "sighted": {
      const lasted = formatDuration(event.lastedMs);
      return palette.good(told(`Servers${partText(event.part)} are asked again, after ${lasted}.`));
    }
    case "moved": {
      const from = event.from === undefined
        ? ""
        : `, and no longer to ${formatEndpoint(event.from)}`;
      const { name } = event.member.listed;
      return told(`Heartbeats to ${name} go to ${formatEndpoint(event.to)} now${from}.`);
    }
    case "unresolved":
      return palette.warning(
        told(`The state of ${event.member.listed.name} is unknown: ${event.reason}.`),
      );
    case "reloaded": {
      const { added, removed, stayed } = event;
      return told(`The list was read again: ${added} added, ${removed} removed, ${stayed} stay.`);
    }
    case "fleet_report":
    case "figures_so_far":
      return figuresSoFar(event, view, at);
    case "fleet":
      return fleetSummary(event, view);
  }
}

function startLines(event: FleetReport & { type: "start" }, { palette }: View): string {
  const { targets, source, count, intervalMs, timeoutMs, transport } = event;
  const isOne = targets === 1;
  const heartbeats = `${formatCount(count, "heartbeat")}${isOne ? "" : " each"}`;
  const alarms = falseAlarmsPerDay(event);
  const settings = [
    count === 0 ? "until stopped" : heartbeats,
    `every ${formatTime(intervalMs)}`,
    `timeout ${formatTime(timeoutMs)}`,
    ...(isOne ? [] : [`${roughCount(targets * 1000 / intervalMs, "heartbeat")} a second in all`]),
  ];
  return [
    `Watching ${palette.name(formatCount(targets, "server"))} from ${source}` +
    transportText(transport),
    ...wrap(settings.join(", "), { before: "  " }),
    ...(alarms === undefined ? [] : wrap(
      `The rule is set to raise at most ${roughCount(alarms, "false alarm")} a day in all ` +
        "(--false-alarms).",
      { before: "  " },
    )),
  ].join("\n");
}

/** A number with two digits that matter, or whole, and its noun. */
function roughCount(value: number, noun: string): string {
  return formatCount(value >= 10 ? Math.round(value) : Number(value.toPrecision(2)), noun);
}

function stateLine(member: Member, event: StateEvent, view: View, at: string): string | undefined {
  const { palette } = view;
  const text = stateText(event);
  if (text === undefined) return undefined;
  const colour = event.to === "down"
    ? palette.bad
    : event.to === "unknown"
    ? palette.warning
    : palette.good;
  return colour(wrap(`${nameOf(member)}: ${text}`, { before: `${at}  ` }).join("\n"));
}

function stateText(event: StateEvent): string | undefined {
  const { to, consecutive, heard, reason, unsent, unreachable, outageMs, reasonBefore } = event;
  switch (to) {
    case "suspect":
      return undefined;
    case "down": {
      // It could not be asked, was down before, and has answered, but not often enough.
      if (consecutive === 0) return "can be asked again, and has begun to answer";
      const why = unreachable.count > 0
        ? `; ${unreachable.reason}`
        : heard
        ? ""
        : "; nothing was ever heard from it";
      return `down after ${formatCount(consecutive, "timeout")}${why}`;
    }
    case "unknown":
      if (!isExcuse(reason)) return undefined;
      return `unknown: ${blindText(reason)}${reason === "unsent" ? `: ${unsent}` : ""}`;
    case "up":
      if (outageMs !== undefined) {
        const low = formatDuration(outageMs.low, Math.floor);
        const high = formatDuration(outageMs.high, Math.ceil);
        return `up again after an outage of ${low} to ${high}`;
      }
      if (!isExcuse(reasonBefore)) return undefined;
      return event.lastKnown === undefined ? "up" : "up again";
  }
}

function partText(part: BlindPart): string {
  switch (part) {
    case "ipv4":
      return " of IPv4";
    case "ipv6":
      return " of IPv6";
    case "machine":
      return "";
  }
}
