/**
 * Figures in mid-run: since the last report, and since the start.
 *
 * @module
 */

import { auditText } from "../machine/audit.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import type { Figures } from "../monitor/measurements.ts";
import {
  formatDuration,
  formatRoughMs,
  formatRoughPercent,
  formatTimeOfDay,
} from "../text/units.ts";
import { wrap } from "../text/wrap.ts";
import type { Palette } from "./palette.ts";

/**
 * Writes a report.
 *
 * @param server the name of the server
 * @param wallMs the moment of the report, Unix milliseconds
 */
export function reportLines(
  { windowMs, window, whole }: MonitorEvent & { type: "report" },
  server: string,
  palette: Palette,
  wallMs: number,
): string {
  const title = `--- ${server} after ${formatDuration(whole.durationMs)}: ${whole.state} ---`;
  const fault = auditText(whole);
  return [
    palette.name(title),
    `  ${formatTimeOfDay(wallMs)}`,
    ...lines(`last ${formatDuration(windowMs)}`, window),
    ...lines("since the start", whole),
    ...(fault === undefined ? [] : wrap(fault, { before: "  " })),
  ].join("\n");
}

function lines(name: string, { received, lost, late, rttMs, lossRatio }: Figures): string[] {
  if (lossRatio === undefined) return [`  ${name}: no heartbeat answered or lost`];
  const latecomers = late === 0 ? "" : `, ${late} late`;
  const counts = `${received} answered, ${lost} lost (${formatRoughPercent(lossRatio)})`;
  const trips = rttMs === undefined
    ? ""
    : `; round trip min ${formatRoughMs(rttMs.min)}, median ${formatRoughMs(rttMs.median)}, ` +
      `max ${formatRoughMs(rttMs.max)} ms`;
  return wrap(`${name}: ${counts}${latecomers}${trips}`, { before: "  " });
}
