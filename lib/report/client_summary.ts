/**
 * All figures of a run on one screen.
 *
 * @module
 */

import type { Figures } from "../monitor/measurements.ts";
import type { MonitorEvent, MonitorSummary } from "../monitor/events.ts";
import type { Spread } from "../measure/distribution.ts";
import { silenceHint, unreachableText, unsentText } from "./hints.ts";
import { histogramLines } from "./histogram.ts";
import type { Palette } from "./palette.ts";
import { formatCount, formatMs, formatPercent, formatSeconds } from "../text/units.ts";
import { verdictWorthLines } from "./verdict_worth_lines.ts";

/** How lines look on the reader's screen. */
export interface View {
  /** Their colours. */
  readonly palette: Palette;
  /** The width of the screen, columns. */
  readonly columns: number;
}

/** Writes the summary of a run. */
export function summaryLines(summary: MonitorSummary, server: string, view: View): string {
  const { sent, received, lost, lossRatio, outstanding, late, duplicates } = summary;
  const loss = lossRatio === undefined ? "" : ` (${formatPercent(lossRatio)} loss)`;
  const { unexpected, unsent, unreachable, receiveFailures } = summary;
  return [
    `--- ${server} heartbeat summary ---`,
    `${sent} sent, ${received} received, ${lost} lost${loss}, ${outstanding} outstanding, ` +
    `${late} late, ${formatCount(duplicates, "duplicate")}`,
    ...tableLines(summary),
    ...variationLines(summary),
    ...lossLines(summary),
    ...directionLines(summary),
    ...orderLines(summary),
    ...clockLines(summary),
    ...scheduleLines(summary),
    ...histogramLines(summary.roundTrips, view.columns),
    ...(unexpected > 0 ? [`${formatCount(unexpected, "unexpected datagram")} ignored`] : []),
    ...(unsent.count > 0 ? [unsentText(unsent)] : []),
    ...(unreachable.count > 0 ? [unreachableText(unreachable)] : []),
    ...(receiveFailures > 0
      ? [`${formatCount(receiveFailures, "time")} the socket could not receive`]
      : []),
    ...outageLines(summary),
    ...(summary.verdict === "alive" && summary.worth !== undefined
      ? verdictWorthLines(summary.worth, "alive")
      : []),
    verdictLine(summary, server, view.palette),
  ].join("\n");
}

/** Writes the figures since the last report, and since the start. */
export function reportLines(
  { windowMs, window, whole }: MonitorEvent & { type: "report" },
  server: string,
  palette: Palette,
): string {
  const line = (name: string, figures: Figures) => {
    const { received, lost, late, rttMs, lossRatio } = figures;
    const loss = lossRatio === undefined
      ? "no heartbeat settled"
      : `${formatPercent(lossRatio)} loss`;
    const rtt = rttMs === undefined ? "" : `; rtt min/median/p99/max = ` +
      [rttMs.min, rttMs.median, rttMs.p99, rttMs.max].map(formatMs).join("/") + " ms";
    return `${name}: ${received} received, ${lost} lost, ${late} late, ${loss}${rtt}`;
  };
  return [
    palette.name(`--- ${server} after ${formatSeconds(whole.durationMs)} (${whole.state}) ---`),
    line(`last ${formatSeconds(windowMs)}`, window),
    line("since the start", whole),
  ].join("\n");
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

function outageLines(
  { outages, availability, stalls, asleepMs, excused, verdict }: MonitorSummary,
): string[] {
  const lines: string[] = [];
  if (outages > 0 && verdict !== "never_answered" && availability !== undefined) {
    const { low, high } = availability;
    lines.push(
      `${label("outages")}${outages}, available ${formatPercent(low)} to ${
        formatPercent(high)
      } of the time`,
    );
  }
  if (stalls > 0 || excused > 0 || asleepMs > 0) {
    const asleep = asleepMs === 0
      ? ""
      : `, slept for ${formatSeconds(asleepMs)} (or its clock was set forward)`;
    lines.push(
      `${label("this machine")}stood still ${formatCount(stalls, "time")}${asleep}; ` +
        `${formatCount(excused, "loss", "losses")} did not count against the server`,
    );
  }
  return lines;
}

function verdictLine(summary: MonitorSummary, server: string, palette: Palette): string {
  switch (summary.verdict) {
    case "alive":
      return summary.consecutive === 0
        ? palette.good("Verdict: the server is alive.")
        : palette.warning(
          `Verdict: the server is alive by this rule; the last ${
            formatCount(summary.consecutive, "heartbeat")
          } went unanswered.`,
        );
    case "stopped":
      return palette.bad("Verdict: the server is assumed to have stopped.");
    case "unknown":
      return palette.warning("Verdict: unknown: at the end this machine could not ask the server.");
    case "never_answered":
      if (summary.lost === 0) return palette.warning("Verdict: no answer yet.");
      // When the rule of losses gave the server up, that line had the hint. And why heartbeats
      // could not be sent stands above.
      return palette.bad(
        `Verdict: the server never answered${summary.unauthentic > 0 ? " with this key" : ""}.`,
      ) +
        (summary.state === "down" || summary.unsent.count > 0 || summary.unreachable.count > 0
          ? ""
          : `\n${silenceHint(server, { ...summary, heard: false })}`);
  }
}

function label(text: string): string {
  return text.padEnd(LABEL_WIDTH);
}
