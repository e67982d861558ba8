/**
 * The first page of a server: its clients, and what it did with their heartbeats.
 *
 * @module
 */

import type { ClientSummary } from "../responder/events.ts";
import { formatCount, formatDuration, formatRoughMs, formatRoughPercent } from "../text/units.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { escapeHtml, htmlPage } from "./html.ts";
import { type PageQuery, readPageQuery, REFRESH_S } from "./page_query.ts";
import type { ServerView } from "./server_view.ts";
import { stateMark } from "./state_mark.ts";
import { choicesHtml, type Column, madeAtHtml, tableHtml } from "./table_page.ts";

const SORTS = ["quiet", "client", "received", "lost"];
const SHOWS = ["suspect", "up"];

const COLUMNS: readonly Column[] = [
  { title: "State", sort: "quiet" },
  { title: "Client", sort: "client" },
  { title: "Heard", kind: "number" },
  { title: "Received", sort: "received", kind: "number" },
  { title: "Lost on the way", sort: "lost", kind: "number middling" },
  { title: "Dropped here", kind: "number wide" },
  { title: "Limited", kind: "number wide" },
  { title: "Jitter ms", kind: "number wide" },
  { title: "Restarts", kind: "number wide" },
];

/** So many rows are written at once. */
const ROWS_AT_ONCE = 50;

/** Writes the page, in pieces. */
export function* clientsPage(view: ServerView, params: URLSearchParams): Generator<string, void> {
  const query = readPageQuery(params, SORTS, SHOWS);
  yield* htmlPage({
    title: "heartbeat server",
    refreshS: query.refresh ? REFRESH_S : undefined,
    body: bodyOf(view, query),
  });
}

/** A client that has gone quiet, or whose run goes on elsewhere, is not heard any more. */
function isQuiet({ stopped, moved }: ClientSummary): boolean {
  return stopped || moved;
}

function* bodyOf(view: ServerView, query: PageQuery): Generator<string, void> {
  const all = yield* view.clients();
  const quiet = all.filter(isQuiet).length;
  const chosen = query.show === ""
    ? all
    : all.filter((one) => isQuiet(one) === (query.show === "suspect"));
  const rows = chosen.toSorted(orderBy(query.sort));
  yield `<header>\n<h1>Heartbeat server</h1>\n<p>${countsText(view)}</p>\n` +
    madeAtHtml(view.wallMs, query, SORTS[0]!, REFRESH_S) + "</header>\n<main>\n";
  yield choicesHtml(
    [
      { show: "", title: "All", count: all.length },
      { show: "suspect", title: "quiet", count: quiet, mark: stateMark("suspect") },
      { show: "up", title: "heard", count: all.length - quiet, mark: stateMark("up") },
    ],
    query,
    SORTS[0]!,
  );
  const caption = "Clients that are remembered";
  const table = { caption, columns: COLUMNS, rows, rowHtml, rowsAtOnce: ROWS_AT_ONCE };
  yield* tableHtml(table, query, SORTS[0]!);
  yield '</main>\n<footer><p><a href="/metrics">metrics</a> · <a href="/api/clients">JSON</a></p>' +
    "<p>Without a key, addresses may be forged. What is lost on the way shows in the gaps " +
    "between numbers.</p></footer>\n";
}

function countsText({ totals }: ServerView): string {
  const { received, replied, dropped, malformed, refused } = totals;
  const refusals = Object.values(refused).reduce((sum, count) => sum + count, 0);
  return `${
    formatCount(received, "heartbeat")
  } received, ${replied} answered, ${dropped} dropped ` +
    `on purpose; ${formatCount(malformed, "datagram")} malformed, ${refusals} refused`;
}

function orderBy(sort: string): (a: ClientSummary, b: ClientSummary) => number {
  switch (sort) {
    case "client":
      return (a, b) => compareEndpoints(a.client, b.client);
    case "received":
      return (a, b) => b.received - a.received;
    case "lost":
      return (a, b) => lossOf(b) - lossOf(a);
    default:
      return (a, b) => Number(isQuiet(b)) - Number(isQuiet(a)) || b.received - a.received;
  }
}

function compareEndpoints(a: Endpoint, b: Endpoint): number {
  if (a.hostname === b.hostname) return a.port - b.port;
  const [one, other] = [sortedHost(a.hostname), sortedHost(b.hostname)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** 10.0.0.2 before 10.0.0.10. */
function sortedHost(hostname: string): string {
  return hostname.replace(/\d+/g, (digits) => digits.padStart(5, "0"));
}

function lossOf({ lost, unique }: ClientSummary): number {
  return lost / Math.max(1, lost + unique);
}

function rowHtml(client: ClientSummary): string {
  const { received, dropped, limited, restarts, jitterMs, silentMs, moved } = client;
  // A client that has ended is no fault.
  const state = isQuiet(client) ? "suspect" : "up";
  const word = moved ? "moved" : client.stopped ? "quiet" : "heard";
  const cell = (text: string | number, kind = "number") => `<td class="${kind}">${text}</td>`;
  return `<tr class="${state}"><td>${stateMark(state)}${word}</td>` +
    `<th scope="row" class="nowrap">${escapeHtml(formatEndpoint(client.client))}</th>` +
    cell(`${formatDuration(silentMs)} ago`) + cell(received) +
    cell(
      client.lost === 0 ? "-" : `${client.lost} (${formatRoughPercent(lossOf(client))})`,
      "number middling",
    ) +
    cell(dropped || "-", "number wide") + cell(limited || "-", "number wide") +
    cell(jitterMs === undefined ? "-" : formatRoughMs(jitterMs), "number wide") +
    cell(restarts || "-", "number wide") + "</tr>\n";
}
