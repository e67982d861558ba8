/**
 * The first page of a client: all its targets, worst first.
 *
 * @module
 */

import type { State } from "../detect/consecutive_losses.ts";
import {
  formatCount,
  formatLasting,
  formatRoughMs,
  formatRoughPercent,
  formatTime,
} from "../text/units.ts";
import { htmlPage, nameHtml } from "./html.ts";
import { pageHref, type PageQuery, readPageQuery, REFRESH_S } from "./page_query.ts";
import { RTT_SCALE_TEXT } from "./rtt_scale.ts";
import { sparkSvg } from "./spark.ts";
import { stateMark } from "./state_mark.ts";
import { choicesHtml, type Column, madeAtHtml, tableHtml } from "./table_page.ts";
import { targetHref } from "./target_href.ts";
import {
  countStates,
  lossOf,
  recentMedianMs,
  recentOf,
  sortRows,
  SORTS,
  STATES,
} from "./target_order.ts";
import { readRows, type TargetRow, type Watch } from "./watch.ts";

const COLUMNS: readonly Column[] = [
  { title: "State", sort: "worst" },
  { title: "Server", sort: "name" },
  { title: "For", kind: "nowrap wide" },
  { title: "Loss", sort: "loss", kind: "number" },
  { title: "Last ms", kind: "number wide" },
  { title: "Median ms", sort: "rtt", kind: "number middling" },
  { title: "Last 10 minutes", kind: "picture" },
  { title: "Outages", sort: "outages", kind: "number wide" },
];

/** So many rows are written at once. */
const ROWS_AT_ONCE = 20;

/** Writes the page, in pieces. */
export function* fleetPage(watch: Watch, params: URLSearchParams): Generator<string, void> {
  const query = readPageQuery(params, SORTS, STATES);
  const rows = yield* readRows(watch.targets);
  const labelled = rows.filter(({ target }) => hasLabel(target, query.label));
  const counts = countStates(labelled);
  yield* htmlPage({
    title: titleOf(counts, labelled.length),
    refreshS: query.refresh ? REFRESH_S : undefined,
    body: bodyOf(watch, labelled, counts, query),
  });
}

function titleOf(counts: Record<State, number>, total: number): string {
  const bad = (["down", "unknown"] as const).filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`);
  return `${bad.length === 0 ? `${counts.up} of ${total} up` : bad.join(", ")} - heartbeats`;
}

function* bodyOf(
  watch: Watch,
  all: readonly TargetRow[],
  counts: Record<State, number>,
  query: PageQuery,
): Generator<string, void> {
  const chosen = query.show === "" ? all : all.filter(({ of }) => of.state === query.show);
  const rows = yield* sortRows(chosen, query.sort);
  const chosenLabel = query.label === "" ? "" : labelHtml(query);
  yield `<header>\n<h1>Heartbeats</h1>\n<p>${aboutHtml(watch)}</p>\n` +
    madeAtHtml(watch.wallMs, query, "worst", REFRESH_S) + "</header>\n<main>\n";
  const choices = [
    { show: "", title: "All", count: all.length },
    ...STATES.map((state) => ({
      ...{ show: state, title: state, count: counts[state], mark: stateMark(state) },
    })),
  ];
  yield chosenLabel + choicesHtml(choices, query, "worst") + warningsHtml(watch);
  const what = query.show === "" ? "Servers" : `Servers that are ${query.show}`;
  const order = {
    worst: "the worst first",
    name: "by name",
    loss: "most losses first",
    rtt: "the slowest first",
    outages: "most outages first",
  }[query.sort]!;
  const table = {
    ...{ caption: `${what}, ${order}`, columns: COLUMNS, rows, rowsAtOnce: ROWS_AT_ONCE },
    rowHtml: (row: TargetRow) => rowHtml(row, query),
  };
  yield* tableHtml(table, query, "worst");
  yield '</main>\n<footer><p><a href="/metrics">metrics</a> · <a href="/api/targets">JSON</a></p>' +
    "<p>Loss and picture are of the last ten minutes; what this machine could not send, or may " +
    `have missed, is no loss there. The line is the median of each ten seconds, ` +
    `${RTT_SCALE_TEXT}; ` +
    "the median in the table is the middle of these.</p></footer>\n";
}

function aboutHtml({ targets, intervalMs, maxLosses }: Watch): string {
  const pace = intervalMs === 0
    ? "asked again once the last heartbeat is answered or lost"
    : `asked every ${formatTime(intervalMs).replace(/(?<=\d)(?=[a-z])/, " ")}`;
  const rule = maxLosses === "auto"
    ? "down after as many losses in a row as loss alone seldom makes"
    : maxLosses === 0
    ? "never said to be down"
    : `down after ${formatCount(maxLosses, "loss", "losses")} in a row`;
  return `${formatCount(targets.length, "server")}, ${pace}, ${rule}`;
}

/** What the watcher says of itself: without that, states would be read wrongly. */
function warningsHtml({ watcher: { blind }, list }: Watch): string {
  const parts = {
    ipv4: "This machine can't send to any server of IPv4: their state is unknown.",
    ipv6: "This machine can't send to any server of IPv6: their state is unknown.",
    machine: "This machine slept or stood still: what is not heard again yet is unknown.",
  } as Readonly<Record<string, string>>;
  const texts = [
    ...blind.map((part) => parts[part]!),
    ...(list?.good === false
      ? ["The list of servers could not be read again: the old one is still in use."]
      : []),
  ];
  return texts.map((text) => `<p class="warning" role="status">${text}</p>\n`).join("");
}

function rowHtml({ target, of }: TargetRow, query: PageQuery): string {
  const { state, stateSinceMs, lastRttMs, outages, shown, readAtMs } = of;
  const recent = recentOf(of);
  const medianMs = recentMedianMs(recent);
  const loss = lossOf(of);
  const since = formatLasting(readAtMs - stateSinceMs);
  const spark = shown === undefined ? "" : sparkSvg(recent);
  return `<tr class="${state}"><td>${stateMark(state)}${state}` +
    `<small class="narrow">${since}</small></td>` +
    `<th scope="row"><a href="${targetHref(target)}">${nameHtml(target.name)}</a>` +
    `${smallHtml(target, query)}</th><td class="nowrap wide">${since}</td>` +
    `<td class="number">${loss === undefined ? "-" : formatRoughPercent(loss)}</td>` +
    `<td class="number wide">${lastRttMs === undefined ? "-" : formatRoughMs(lastRttMs)}</td>` +
    `<td class="number middling">${medianMs === undefined ? "-" : formatRoughMs(medianMs)}</td>` +
    `<td class="picture">${spark}</td><td class="number wide">${outages || "-"}</td></tr>\n`;
}

/** The address, where that isn't the name, and the labels, each a link to all that have it. */
function smallHtml(
  { name, target, labels, unresolved }: TargetRow["target"],
  query: PageQuery,
): string {
  const parts = [
    ...(target === name ? [] : [nameHtml(target)]),
    ...Object.entries(labels).map(([key, value]) => {
      const label = `${key}=${value}`;
      return `<a href="${pageHref(query, "worst", { label, page: 1 })}">${nameHtml(label)}</a>`;
    }),
    // The rest of it stands on the target's own page.
    ...(unresolved === undefined ? [] : [nameHtml(unresolved.replace(/( \(|;).*/s, ""))]),
  ];
  return parts.length === 0 ? "" : `<small>${parts.join(" · ")}</small>`;
}

function hasLabel({ labels }: TargetRow["target"], label: string): boolean {
  return label === "" || Object.entries(labels).some(([key, value]) => `${key}=${value}` === label);
}

function labelHtml(query: PageQuery): string {
  const href = pageHref(query, "worst", { label: "", page: 1 });
  return `<p>Only those with ${nameHtml(query.label)}. <a href="${href}">Show all</a></p>\n`;
}
