/**
 * Every figure of a run.
 *
 * @module
 */

import type { Spread } from "../measure/distribution.ts";
import type { MonitorSummary } from "../monitor/events.ts";
import { formatCount, formatMs, formatPercent, formatSeconds } from "../text/units.ts";
import { histogramLines } from "./histogram.ts";

/** Writes the figures behind `--stats`. */
export function statsLines(summary: MonitorSummary, columns: number): string[] {
  return [
    ...tableLines(summary),
    ...variationLines(summary),
    ...lossLines(summary),
    ...directionLines(summary),
    ...orderLines(summary),
    ...clockLines(summary),
    ...scheduleLines(summary),
    ...histogramLines(summary.roundTrips, columns),
  ];
}

const COLUMNS: readonly (readonly [keyof Spread, string])[] = [
  ["min", "min"],
  ["mean", "mean"],
  ["median", "median"],
  ["p90", "p90"],
  ["p95", "p95"],
  ["p99", "p99"],
  ["p999", "p99.9"],
  ["max", "max"],
  ["stddev", "stddev"],
];
const LABEL_WIDTH = 15;
const CELL_WIDTH = 7;

function tableLines(summary: MonitorSummary): string[] {
  const { rttMs, rttOfSentMs, ipdvMs, forwardIpdvMs, backwardIpdvMs, lost } = summary;
  if (rttMs === undefined) return [];
  const row = (label: string, cells: readonly string[]) =>
    label.padEnd(LABEL_WIDTH) + cells.map((cell) => cell.padStart(CELL_WIDTH)).join("");
  const spreadRow = (label: string, spread: Spread | undefined) =>
    spread === undefined ? [] : [row(label, COLUMNS.map(([name]) => formatMs(spread[name])))];
  const ofSent: Readonly<Record<string, number | undefined>> = { ...rttOfSentMs };
  const ofSentCells = COLUMNS.map(([name]) => {
    if (!(name in ofSent)) return "";
    const value = ofSent[name];
    return value === undefined ? "lost" : formatMs(value);
  });
  return [
    row("milliseconds", COLUMNS.map(([, title]) => title)),
    ...spreadRow("round trip", rttMs),
    ...(lost > 0 ? [row("  of all sent", ofSentCells).trimEnd()] : []),
    ...spreadRow("change (IPDV)", ipdvMs),
    ...spreadRow("  forward", forwardIpdvMs),
    ...spreadRow("  back", backwardIpdvMs),
  ];
}

function variationLines(
  { rttMs, srttMs, rtoMs, jitterMs, forwardJitterMs }: MonitorSummary,
): string[] {
  if (rttMs === undefined || srttMs === undefined || rtoMs === undefined) return [];
  const parts = [
    `smoothed rtt ${formatMs(srttMs)}`,
    `rto ${formatMs(rtoMs)}`,
    `p99.9 - min ${formatMs(rttMs.p999 - rttMs.min)}`,
  ];
  const lines = [`${label("variation")}${parts.join(", ")} ms`];
  if (jitterMs !== undefined) {
    const forward = forwardJitterMs === undefined ? "" : `, ${formatMs(forwardJitterMs)} forward`;
    lines.push(`${label("jitter")}${formatMs(jitterMs)} ms of the round trip${forward} (RFC 3550)`);
  }
  return lines;
}

function lossLines({ lossInterval, pattern, lost, startedAtMs }: MonitorSummary): string[] {
  if (lossInterval === undefined) return [];
  const { runs, meanRun, longestRun, lossAfterReply, lossAfterLoss, worstRuns } = pattern;
  const interval = `95% interval ${formatPercent(lossInterval.low)} to ${
    formatPercent(lossInterval.high)
  }`;
  if (lost === 0 || meanRun === undefined) return [`${label("loss")}${interval}`];
  const after = (name: string, share: number | undefined) =>
    share === undefined ? "" : `; ${formatPercent(share)} after a ${name}`;
  const worst = worstRuns.map(({ length, firstSeq, sentAtMs }) =>
    `${length} from heartbeat ${firstSeq} (${formatSeconds(sentAtMs - startedAtMs)})`
  );
  return [
    `${label("loss")}${interval}${after("reply", lossAfterReply)}${after("loss", lossAfterLoss)}`,
    `${label("")}${formatCount(runs, "run")}, mean ${meanRun.toFixed(2)}, longest ${longestRun}; ` +
    `worst: ${worst.join(", ")}`,
  ];
}

function directionLines({ direction, lost }: MonitorSummary): string[] {
  if (direction === undefined || lost === 0) return [];
  const { forward, backward, late, unknown } = direction;
  return [
    `${
      label("direction")
    }${forward} lost on the way there, ${backward} on the way back, ${late} late, ` +
    `${unknown} unknown`,
  ];
}

function orderLines({ reordering, duplicates, replicated }: MonitorSummary): string[] {
  const lines: string[] = [];
  const { reordered, arrived, ratio, maxExtent } = reordering;
  if (reordered > 0 && ratio !== undefined) {
    lines.push(
      `${label("order")}${reordered} of ${arrived} replies overtaken (${formatPercent(ratio)}), ` +
        `by up to ${formatCount(maxExtent, "arrival")}`,
    );
  }
  if (duplicates > 0) {
    lines.push(`${label("duplicates")}${duplicates}, of ${formatCount(replicated, "heartbeat")}`);
  }
  return lines;
}

function clockLines({ clock }: MonitorSummary): string[] {
  if (clock === undefined) return [];
  const { offsetS, lowS, highS, driftPpm, steps, forwardS, backwardS } = clock;
  const ms = (seconds: number) => formatMs(seconds * 1000);
  const halfMs = formatMs((highS - lowS) * 500);
  const changes = [
    ...(driftPpm === undefined ? [] : [`${driftPpm.toFixed(3)} ppm`]),
    ...(steps === 0 ? [] : [`${formatCount(steps, "step")} seen`]),
  ];
  return [
    `${label("clock")}server's less ours ${ms(offsetS)} ms, certainly within ${ms(lowS)} to ` +
    `${ms(highS)}`,
    ...(changes.length === 0 ? [] : [`${label("drift")}${changes.join(", ")}`]),
    `${label("one-way")}at least ${ms(forwardS)} ms there and ${ms(backwardS)} back, ` +
    `each +-${halfMs} by the clock's bounds`,
  ];
}

function scheduleLines({ scheduleErrorMs }: MonitorSummary): string[] {
  if (scheduleErrorMs === undefined) return [];
  const { median, p99, max } = scheduleErrorMs;
  return [
    `${label("schedule")}heartbeats left ${formatMs(median)} ms late (median), ${formatMs(p99)} ` +
    `(p99), ${formatMs(max)} at the most`,
  ];
}

function label(text: string): string {
  return text.padEnd(LABEL_WIDTH);
}
