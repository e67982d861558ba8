/**
 * The end of a run in ten lines.
 *
 * @module
 */

import { auditText } from "../machine/audit.ts";
import type { MonitorSummary } from "../monitor/events.ts";
import { formatCount, formatDuration, formatRoughMs, formatRoughPercent } from "../text/units.ts";
import { wrap } from "../text/wrap.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { statsLines } from "./client_stats.ts";
import type { Palette } from "./palette.ts";
import { summaryNote } from "./summary_note.ts";
import type { View } from "./view.ts";

/** Writes the figures so far of a run that goes on. */
export function figuresLines(summary: MonitorSummary, target: Endpoint, view: View): string {
  return [
    `--- ${formatEndpoint(target)} heartbeat figures so far: ${summary.state} ---`,
    ...figureLines(summary, view),
  ].join("\n");
}

/** Writes the summary of a run. */
export function summaryLines(summary: MonitorSummary, target: Endpoint, view: View): string {
  const note = summaryNote(summary, target, view.falseAlarmEvery);
  return [
    `--- ${formatEndpoint(target)} heartbeat summary ---`,
    ...figureLines(summary, view),
    ...(note === undefined ? [] : wrap(note, { before: label("note") })),
    verdictLine(summary, view.palette),
  ].join("\n");
}

function figureLines(summary: MonitorSummary, view: View): string[] {
  const fault = auditText(summary);
  return [
    ...countLines(summary),
    ...(view.stats
      ? statsLines(summary, view.columns)
      : [...roundTripLines(summary), ...lossLines(summary)]),
    ...outageLines(summary),
    ...(fault === undefined ? [] : wrap(fault, { before: label("fault") })),
  ];
}

/** Width of the words before the figures. */
const LABEL_COLUMNS = 12;

function label(text: string): string {
  return text.padEnd(LABEL_COLUMNS);
}

/** Heartbeats that could not be sent were neither sent nor lost, as people understand it. */
function countLines(summary: MonitorSummary): string[] {
  const { received, late, duplicates, durationMs, unsent, lostUnsent } = summary;
  const lost = summary.lost - lostUnsent;
  const settled = received + lost;
  const waiting = summary.outstanding - (unsent.count - lostUnsent);
  const loss = settled === 0 || lost === 0 ? "" : ` (${formatRoughPercent(lost / settled)})`;
  const counts = [
    `${summary.sent - unsent.count} sent`,
    `${received} answered`,
    `${lost} lost${loss}`,
    ...(late > 0 ? [`${late} of them answered late`] : []),
    ...(duplicates > 0 ? [formatCount(duplicates, "duplicate")] : []),
    ...(waiting > 0 ? [`${waiting} still waiting`] : []),
    ...(unsent.count > 0 ? [`${unsent.count} could not be sent`] : []),
    `in ${formatDuration(durationMs)}`,
  ];
  return wrap(counts.join(", "));
}

function roundTripLines(summary: MonitorSummary): string[] {
  const { rttMs, ipdvMs, stamped, received, late } = summary;
  if (rttMs === undefined) return [];
  const { min, median, p95, max } = rttMs;
  const figures = [
    `min ${formatRoughMs(min)}`,
    `median ${formatRoughMs(median)}`,
    ...(p95 === undefined ? [] : [`p95 ${formatRoughMs(p95)}`]),
    `max ${formatRoughMs(max)}`,
    ...(ipdvMs === undefined ? [] : [`mean change ${formatRoughMs(ipdvMs.mean)}`]),
  ];
  const clock = stamped === 0
    ? ""
    : `, ${stamped < received + late ? "some " : ""}by the kernel's time stamps`;
  return wrap(`${figures.join(", ")} ms${clock}`, { before: label("round trip") });
}

function lossLines(summary: MonitorSummary): string[] {
  const { received, late, lost, lostUnsent, direction, pattern } = summary;
  if (lost - lostUnsent === 0 || received + late === 0) return [];
  const longest = `longest run of losses ${pattern.longestRun}`;
  if (direction === undefined) return [`${label("lost")}${longest}`];
  const { forward, backward, unknown } = direction;
  const parts = [
    ...(forward + backward === 0 ? [] : [
      `${forward} out (on the way, or dropped or refused by the server)`,
      `${backward} on the way back`,
    ]),
    ...(direction.late > 0 ? [`${direction.late} late`] : []),
    ...(unknown > 0 ? [`${unknown} of unknown direction`] : []),
  ];
  return wrap(`${parts.join(", ")}; ${longest}`, { before: label("lost") });
}

function outageLines({ outages, availability, verdict }: MonitorSummary): string[] {
  if (outages === 0 || verdict === "never_answered" || availability === undefined) return [];
  // The verdict says it all.
  if (outages === 1 && verdict === "stopped") return [];
  const low = formatRoughPercent(availability.low, Math.floor);
  const high = formatRoughPercent(availability.high, Math.ceil);
  return [`${label("outages")}${outages}; in reach for ${low} to ${high} of the time`];
}

function verdictLine(summary: MonitorSummary, palette: Palette): string {
  const { verdict, consecutive, lost, sent, unauthentic } = summary;
  switch (verdict) {
    case "alive":
      return consecutive === 0 ? palette.good("Verdict: the server is alive.") : palette.warning(
        "Verdict: alive when last heard; the last " +
          `${consecutive === 1 ? "heartbeat" : `${consecutive} heartbeats`} went unanswered.`,
      );
    case "stopped":
      return palette.bad("Verdict: the server is assumed to have stopped, or to be out of reach.");
    case "unknown":
      return palette.warning(
        sent === 0
          ? "Verdict: unknown: no heartbeat was sent."
          : "Verdict: unknown: at the end this machine could not ask the server.",
      );
    case "never_answered":
      if (lost === 0) return palette.warning("Verdict: no answer yet.");
      return palette.bad(
        `Verdict: the server did not answer${unauthentic > 0 ? " with this key" : ""}.`,
      );
  }
}
