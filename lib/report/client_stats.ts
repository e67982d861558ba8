/**
 * Every figure of a run, for `--stats`.
 *
 * @module
 */

import type { ClockFigures } from "../measure/clock_offset.ts";
import { lossInterval } from "../measure/loss_interval.ts";
import type { Spread } from "../measure/distribution.ts";
import type { MonitorSummary } from "../monitor/events.ts";
import { decimalsOf, formatRange } from "../text/range.ts";
import { formatCount, formatDuration, formatMs, formatRoughPercent } from "../text/units.ts";
import { wrap } from "../text/wrap.ts";
import { histogramLines } from "./histogram.ts";

/**
 * Writes all figures, in lines of 80 columns at most.
 *
 * @param columns the width of the screen, for its histogram
 */
export function statsLines(summary: MonitorSummary, columns: number): string[] {
  return [
    ...tableLines(summary),
    ...statsRows(summary).flatMap(([name, text]) => wrap(text, { before: label(name) })),
    ...histogramLines(summary.roundTrips, Math.min(columns, MOST_COLUMNS)),
  ];
}

/** The figures that are told in words: what each is about, and what there is to say. */
export function statsRows(summary: MonitorSummary): (readonly [name: string, text: string])[] {
  const rows: (readonly [string, string | undefined])[] = [
    ["at the end", runningText(summary)],
    ["loss", lossText(summary)],
    ["runs of losses", runsText(summary)],
    ["lost on way", directionText(summary)],
    ["order", orderText(summary)],
    ["duplicates", duplicatesText(summary)],
    ...(summary.clock === undefined ? [] : clockRows(summary.clock)),
    ["round trips", clockText(summary)],
    ["sent late by", scheduleText(summary)],
    ["ignored", ignoredText(summary)],
    ["this machine", machineText(summary)],
  ];
  return rows.flatMap(([name, text]) => text === undefined ? [] : [[name, text] as const]);
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
/** The heartbeats from which each of these is known. */
const FEWEST = { median: 1, p90: 10, p95: 20, p99: 100, p999: 1000 };
const LABEL_WIDTH = 15;
const CELL_WIDTH = 7;
const MOST_COLUMNS = 78;

function label(text: string): string {
  return text.padEnd(LABEL_WIDTH);
}

function tableLines(summary: MonitorSummary): string[] {
  const { rttMs, rttOfSentMs, ipdvMs, forwardIpdvMs, backwardIpdvMs, received, lost } = summary;
  if (rttMs === undefined) return [];
  const row = (name: string, cells: readonly string[]) =>
    label(name) + cells.map((cell) => cell.padStart(CELL_WIDTH)).join("");
  const cell = (value: number | undefined) => value === undefined ? "-" : formatMs(value);
  const spreadRow = (name: string, spread: Spread | undefined) =>
    spread === undefined ? [] : [row(name, COLUMNS.map(([column]) => cell(spread[column])))];
  const ofSentCell = (column: keyof Spread) => {
    if (!(column in FEWEST)) return "";
    const name = column as keyof typeof FEWEST;
    return received + lost < FEWEST[name]
      ? "-"
      : rttOfSentMs[name] === undefined
      ? "lost"
      : formatMs(rttOfSentMs[name]);
  };
  return [
    row("milliseconds", COLUMNS.map(([, title]) => title)),
    ...spreadRow("round trip", rttMs),
    ...(lost > 0
      ? [row("  of all sent", COLUMNS.map(([column]) => ofSentCell(column))).trimEnd()]
      : []),
    ...spreadRow("change (IPDV)", ipdvMs),
    ...spreadRow("  out", forwardIpdvMs),
    ...spreadRow("  back", backwardIpdvMs),
  ];
}

/** Values that run along, and tell of the last heartbeats. */
function runningText(
  { srttMs, rtoMs, jitterMs, forwardJitterMs }: MonitorSummary,
): string | undefined {
  if (srttMs === undefined || rtoMs === undefined) return undefined;
  const jitter = jitterMs === undefined
    ? ""
    : `; jitter ${formatMs(jitterMs)} ms of the round trip` +
      (forwardJitterMs === undefined ? "" : `, ${formatMs(forwardJitterMs)} out`) + " (RFC 3550)";
  return `smoothed round trip ${formatMs(srttMs)}, timeout ${
    formatMs(rtoMs)
  } ms (RFC 6298)${jitter}`;
}

function lossText(summary: MonitorSummary): string | undefined {
  const { transitions, lost, lossRatio, pattern } = summary;
  if (lossRatio === undefined || saysNothing(summary)) return undefined;
  const bounds = lossInterval(transitions);
  const low = formatRoughPercent(bounds.low, Math.floor);
  const high = formatRoughPercent(bounds.high, Math.ceil);
  const interval = `${formatRoughPercent(lossRatio)}, 95% interval ${low} to ${high}`;
  if (lost === 0) return interval;
  const { lossAfterReply, lossAfterLoss } = pattern;
  const after = (name: string, share: number | undefined) =>
    share === undefined ? "" : `; ${formatRoughPercent(share)} after a ${name}`;
  return `${interval}${after("reply", lossAfterReply)}${after("loss", lossAfterLoss)}`;
}

/** Whether all that is lost says nothing about the server, and nothing was answered. */
function saysNothing({ received, lost, excused }: MonitorSummary): boolean {
  return received === 0 && lost === excused;
}

function runsText(summary: MonitorSummary): string | undefined {
  const { pattern, startedAtMs } = summary;
  const { runs, meanRun, longestRun, worstRuns } = pattern;
  if (meanRun === undefined || saysNothing(summary)) return undefined;
  const worst = worstRuns.map(({ length, firstSeq, sentAtMs }) =>
    `${length} from heartbeat ${firstSeq} (after ${formatDuration(sentAtMs - startedAtMs)})`
  );
  return `${runs}, mean length ${meanRun.toFixed(2)}, longest ${longestRun}: ${worst.join(", ")}`;
}

function directionText({ direction, lost }: MonitorSummary): string | undefined {
  if (direction === undefined || lost === 0) return undefined;
  const { forward, backward, late, unknown } = direction;
  return `${forward} out (or dropped or refused by the server), ${backward} back, ${late} late, ` +
    `${unknown} unknown or not sent`;
}

function orderText({ reordering }: MonitorSummary): string | undefined {
  const { reordered, arrived, ratio, maxExtent } = reordering;
  if (reordered === 0 || ratio === undefined) return undefined;
  return `${reordered} of ${arrived} replies overtaken (${formatRoughPercent(ratio)}), by up to ` +
    formatCount(maxExtent, "arrival");
}

function duplicatesText({ duplicates, replicated }: MonitorSummary): string | undefined {
  return duplicates === 0 ? undefined : `${duplicates}, of ${formatCount(replicated, "heartbeat")}`;
}

function clockRows(clock: ClockFigures): (readonly [string, string | undefined])[] {
  const { offsetS, lowS, highS, driftPpm, driftBoundsPpm, steps, forwardS, backwardS } = clock;
  const offset = formatRange(lowS * 1000, highS * 1000);
  const guess = (s: number, width: number) => (s * 1000).toFixed(decimalsOf(width * 1000));
  const mostMs = clock.mostOneWayS * 1000;
  const most = formatRange(0, mostMs).high;
  const [out, back] = [guess(forwardS, clock.mostOneWayS), guess(backwardS, clock.mostOneWayS)];
  const each = out === back ? `${out}` : `${out} out and ${back} back`;
  const bounds = driftBoundsPpm && formatRange(driftBoundsPpm.low, driftBoundsPpm.high);
  return [
    [
      "clock",
      `the server's is ahead by ${offset.low} to ${offset.high} ms ` +
      `(${guess(offsetS, highS - lowS)} if both ways are alike)`,
    ],
    ["one-way", `at their fastest, each way took 0 to ${most} ms (${each} if both ways are alike)`],
    [
      "drift",
      driftPpm === undefined
        ? undefined
        : bounds === undefined
        ? `${driftPpm.toFixed(1)} ppm, and not the same all the time`
        : `the server's clock runs fast by ${bounds.low} to ${bounds.high} ppm`,
    ],
    ["clock steps", steps === 0 ? undefined : `${steps}`],
  ];
}

/** Which clock the round trips hang on. */
function clockText({ stamped, received, late }: MonitorSummary): string | undefined {
  const answered = received + late;
  if (answered === 0) return undefined;
  if (stamped === 0) return "end where this program read the reply";
  return `${stamped} of ${answered} end at the kernel's time stamp on the reply`;
}

function scheduleText({ scheduleErrorMs }: MonitorSummary): string | undefined {
  if (scheduleErrorMs === undefined) return undefined;
  const { median, p99, max } = scheduleErrorMs;
  const rare = p99 === undefined ? "" : `, ${formatMs(p99)} (p99)`;
  return `${formatMs(median)} ms (median)${rare}, ${formatMs(max)} (max)`;
}

function ignoredText({ unexpected, receiveFailures }: MonitorSummary): string | undefined {
  const parts = [
    ...(unexpected > 0 ? [formatCount(unexpected, "unexpected datagram")] : []),
    ...(receiveFailures > 0
      ? [`${formatCount(receiveFailures, "time")} the socket failed to receive`]
      : []),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

function machineText({ stalls, asleepMs, excused }: MonitorSummary): string | undefined {
  if (stalls === 0 && asleepMs === 0 && excused === 0) return undefined;
  const asleep = asleepMs === 0
    ? ""
    : `, slept for ${formatDuration(asleepMs)} or had its clock set forward`;
  return `this program stood still ${formatCount(stalls, "time")}${asleep}; ` +
    `${formatCount(excused, "loss says", "losses say")} nothing about the server`;
}
