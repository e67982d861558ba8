/**
 * The page of one target: its last hour, its outages, its path, and what its rule is worth.
 *
 * @module
 */

import type { Slot } from "../measure/slot_history.ts";
import type { MonitorSummary } from "../monitor/events.ts";
import type { MonitorVitals } from "../monitor/vitals.ts";
import { isExcuse } from "../monitor/ledger.ts";
import { statsRows } from "../report/client_stats.ts";
import { chanceText } from "../report/chance.ts";
import { blindText } from "../report/state_lines.ts";
import {
  formatCount,
  formatDuration,
  formatLasting,
  formatRoughMs,
  formatRoughPercent,
  formatTimeOfDay,
} from "../text/units.ts";
import { formatEndpoint } from "../wire/endpoint.ts";
import { escapeHtml, htmlPage, nameHtml } from "./html.ts";
import { REFRESH_S } from "./page_query.ts";
import { LOSS_CLASSES, smokeSvg } from "./smoke.ts";
import { stateMark } from "./state_mark.ts";
import { refreshHtml } from "./table_page.ts";
import { targetHref } from "./target_href.ts";
import type { Watch, WatchedTarget } from "./watch.ts";

/** A picture of minutes needn't be made anew as often as a table of states. */
const REFRESH_PICTURE_S = 3 * REFRESH_S;

/** What stands where a target was that the list has no more. */
export function noTargetPage(): Iterable<string> {
  return htmlPage({
    title: "no such server - heartbeats",
    refreshS: undefined,
    body: ['<h1>There is no such server</h1>\n<p><a href="/">all servers</a></p>\n'],
  });
}

/** Writes the page, in pieces; `undefined`: there is no such target. */
export function targetPage(
  watch: Watch,
  params: URLSearchParams,
): Iterable<string> | undefined {
  const at = params.get("at");
  const target = watch.targets.find((one) => one.target === at);
  if (target === undefined) return undefined;
  const refresh = params.get("refresh") !== "off";
  const vitals = target.vitals();
  return htmlPage({
    title: `${vitals.state}: ${target.name} - heartbeats`,
    refreshS: refresh ? REFRESH_PICTURE_S : undefined,
    body: bodyOf(watch, target, vitals, refresh),
  });
}

function* bodyOf(
  watch: Watch,
  target: WatchedTarget,
  vitals: MonitorVitals,
  refresh: boolean,
): Generator<string, void> {
  const { wallMs } = watch;
  const href = targetHref(target) + (refresh ? "&#38;refresh=off" : "");
  yield `<header>\n<p><a href="/">all servers</a></p>\n` +
    `<h1 class="${vitals.state}">${stateMark(vitals.state)}${nameHtml(target.name)}</h1>\n` +
    `<p>${stateHtml(target, vitals)}</p>\n` +
    `<p class="made">As of <time>${formatTimeOfDay(wallMs)}</time>, ` +
    `${refreshHtml(refresh, href, REFRESH_PICTURE_S)}</p>\n</header>\n<main>\n`;
  const { shown, readAtMs } = vitals;
  if (shown !== undefined) {
    yield '<section>\n<h2>The last hour</h2>\n<div class="scroll">' +
      `${smokeSvg(shown.history.hour, readAtMs)}</div>\n${legendHtml()}`;
    yield minutesHtml(shown.history.hour.read(readAtMs), !refresh) + "</section>\n";
  }
  yield outagesHtml(vitals);
  const summary = target.summary();
  yield "<section>\n<h2>Since the start</h2>\n" + rowsHtml(rowsOf(watch, vitals, summary)) +
    "</section>\n</main>\n";
}

function stateHtml(
  { target, endpoint, unresolved, labels, name }: WatchedTarget,
  { state, reason, stateSinceWallMs, stateSinceMs, readAtMs }: MonitorVitals,
): string {
  const why = unresolved ??
    (isExcuse(reason) ? blindText(reason) : state === "unknown" ? "no reply yet" : undefined);
  const since = stateSinceWallMs === undefined
    ? ""
    : ` for ${formatLasting(readAtMs - stateSinceMs)}, since ` +
      `<time>${formatTimeOfDay(stateSinceWallMs)}</time>`;
  const address = endpoint === undefined ? undefined : formatEndpoint(endpoint);
  const others = [
    ...(target === name ? [] : [target]),
    ...(address === undefined || address === target ? [] : [`now at ${address}`]),
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
  ];
  return `<strong class="${state}">${state}</strong>${since}` +
    `${why === undefined ? "" : `: ${nameHtml(why)}`}` +
    `${others.length === 0 ? "" : `<br><small>${others.map(nameHtml).join(" · ")}</small>`}`;
}

function legendHtml(): string {
  const classes = LOSS_CLASSES.map(({ words }, place) =>
    `<li><svg class="key" viewBox="0 0 16 8" aria-hidden="true">` +
    `<path class="loss${place}" d="M0 2h16v4h-16z"/></svg>${words}</li>`
  );
  const key = (name: string, words: string) =>
    `<li><svg class="key" viewBox="0 0 16 8" aria-hidden="true">` +
    `<path class="${name}" d="M0 0h16v8h-16z"/></svg>${words}</li>`;
  return `<ul class="legend"><li>Median of each minute:</li>${classes.join("")}` +
    `${key("gone", "nothing answered in time")}${
      key("unasked", "nothing sent, or replies missed")
    }` +
    `${key("band", "smoke: all, 80% and 50% of round trips")}</ul>\n`;
}

/** The figures of the picture; a page that refreshes itself would close them again and again. */
function minutesHtml(slots: readonly Slot[], open: boolean): string {
  const cell = (ms: number | undefined) =>
    `<td class="number">${ms === undefined ? "-" : formatRoughMs(ms)}</td>`;
  const rows = slots.toReversed().map(({ age, received, lost, excused, quantiles }) =>
    `<tr><th scope="row">${age === 0 ? "now" : `${age} min ago`}</th>` +
    `<td class="number">${received}</td><td class="number">${lost}</td>` +
    `<td class="number">${excused}</td>` +
    `${cell(quantiles?.[0])}${cell(quantiles?.[3])}${cell(quantiles?.[6])}</tr>\n`
  );
  return `<details${open ? " open" : ""}><summary>The same as a table</summary>\n<table>\n` +
    "<caption>Each minute of the last hour; what is excused was not sent, or its reply may have " +
    "been missed</caption>\n<thead><tr>" +
    ["Minute", "Answered", "Lost", "Excused", "Least ms", "Median ms", "Most ms"]
      .map((title) => `<th scope="col">${title}</th>`).join("") +
    `</tr></thead>\n<tbody>\n${rows.join("")}</tbody>\n</table>\n</details>\n`;
}

function outagesHtml(
  { pastOutages, outages, outageGoesOn, state, stateSinceWallMs }: MonitorVitals,
): string {
  if (outages === 0) return "";
  const lines = pastOutages.toReversed().map(({ endedAtWallMs, lengthMs: { low, high } }) =>
    `<li>out of reach for ${formatDuration(low, Math.floor)} to ` +
    `${formatDuration(high, Math.ceil)}, until <time>${
      formatTimeOfDay(endedAtWallMs)
    }</time></li>\n`
  );
  const older = outages - pastOutages.length - (outageGoesOn ? 1 : 0);
  const now = state === "down" && stateSinceWallMs !== undefined
    ? `<li>one goes on, told at <time>${formatTimeOfDay(stateSinceWallMs)}</time></li>\n`
    : "<li>one goes on</li>\n";
  return "<section>\n<h2>Outages</h2>\n<ul>\n" + (outageGoesOn ? now : "") + lines.join("") +
    (older > 0 ? `<li>and ${older} before these</li>\n` : "") + "</ul>\n</section>\n";
}

function rowsOf(
  { maxLosses }: Watch,
  { limit, medianRttMs }: MonitorVitals,
  summary: MonitorSummary,
): (readonly [name: string, text: string])[] {
  const { availability, worth, sent, received, late, unsent, rttMs } = summary;
  const counts = `${sent - unsent.count} sent, ${received} answered, ` +
    `${summary.lost - summary.lostUnsent} lost` + (late > 0 ? `, ${late} answered late` : "") +
    (unsent.count > 0 ? `, ${unsent.count} could not be sent` : "");
  const trips = rttMs &&
    `least ${formatRoughMs(rttMs.min)}, median ${formatRoughMs(medianRttMs!)}, most ` +
      `${formatRoughMs(rttMs.max)} ms`;
  const reach = availability &&
    `${formatRoughPercent(availability.low, Math.floor)} to ` +
      `${formatRoughPercent(availability.high, Math.ceil)} of the time`;
  const rule = limit === 0
    ? "never said to be down (--max-losses 0)"
    : `down after ${formatCount(limit, "loss", "losses")} in a row` +
      (maxLosses === "auto" ? ", as learnt from the path so far" : "");
  const chance = worth && chanceText(worth);
  const rows: (readonly [string, string | undefined])[] = [
    ["heartbeats", counts],
    ["round trips", trips],
    ["in reach", reach],
    ["rule", rule],
    ["false alarms", chance],
  ];
  return [
    ...rows.flatMap(([name, text]) => text === undefined ? [] : [[name, text] as const]),
    ...statsRows(summary).filter(([name]) => name !== "round trips")
      .map(([name, text]) => [name === "at the end" ? "lately" : name, text] as const),
  ];
}

function rowsHtml(rows: readonly (readonly [name: string, text: string])[]): string {
  return `<dl>\n${
    rows.map(([name, text]) => `<dt>${name}</dt><dd>${escapeHtml(text)}</dd>\n`).join("")
  }</dl>\n`;
}
