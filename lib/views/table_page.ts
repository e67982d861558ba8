/**
 * What pages with a table have in common: filters, headings that sort, and pages to turn.
 *
 * @module
 */

import { formatTimeOfDay } from "../text/units.ts";
import { escapeHtml } from "./html.ts";
import { pageHref, type PageQuery, ROWS } from "./page_query.ts";

/** A column. */
export interface Column {
  /** Its heading. */
  readonly title: string;
  /** What the address calls the order by it; `undefined`: it can't be sorted by. */
  readonly sort?: string;
  /** The class of its cells. */
  readonly kind?: string;
}

/** A choice of rows. */
export interface Choice {
  /** What the address calls it; an empty text: all. */
  readonly show: string;
  /** What it is called. */
  readonly title: string;
  /** How many rows it has. */
  readonly count: number;
  /** What stands before its title. */
  readonly mark?: string;
}

/** Writes the choices as links; the one that is chosen is marked. */
export function choicesHtml(
  choices: readonly Choice[],
  query: PageQuery,
  usualSort: string,
): string {
  const links = choices.map(({ show, title, count, mark = "" }) => {
    const current = show === query.show ? ' aria-current="page"' : "";
    const href = pageHref(query, usualSort, { show, page: 1 });
    const kind = show === "" ? "" : ` class="${count === 0 ? "none" : show}"`;
    return `<li><a href="${href}"${current}${kind}>${mark}${title} <b>${count}</b></a></li>`;
  });
  return `<nav aria-label="Show"><ul class="choices">${links.join("")}</ul></nav>\n`;
}

/** A table whose rows are shown a page at a time. */
export interface PagedTable<Row> {
  /** What it shows, and in which order. */
  readonly caption: string;
  /** Its columns. */
  readonly columns: readonly Column[];
  /** All rows that were chosen, in their order. */
  readonly rows: readonly Row[];
  /** Writes a row. */
  readonly rowHtml: (row: Row) => string;
  /** How many rows are written at once. */
  readonly rowsAtOnce: number;
}

/** Writes the rows of the page, in pieces, and below them the links to the other pages. */
export function* tableHtml<Row>(
  { caption, columns, rows, rowHtml, rowsAtOnce }: PagedTable<Row>,
  query: PageQuery,
  usualSort: string,
): Generator<string, void> {
  const { page } = pagesOf(rows.length, query);
  const shown = rows.slice((page - 1) * query.rows, page * query.rows);
  yield `<table>\n<caption>${caption}</caption>\n` +
    headingsHtml(columns, query, usualSort) + "<tbody>\n";
  for (let from = 0; from < shown.length; from += rowsAtOnce) {
    yield shown.slice(from, from + rowsAtOnce).map(rowHtml).join("");
  }
  if (shown.length === 0) yield `<tr><td colspan="${columns.length}">None.</td></tr>\n`;
  yield "</tbody>\n</table>\n" + turningHtml(rows.length, query, usualSort);
}

/** Writes the headings of a table; that of the order in use says so. */
function headingsHtml(
  columns: readonly Column[],
  query: PageQuery,
  usualSort: string,
): string {
  const cells = columns.map(({ title, sort, kind }) => {
    const attribute = kind === undefined ? "" : ` class="${kind}"`;
    if (sort === undefined) return `<th scope="col"${attribute}>${title}</th>`;
    const sorted = sort === query.sort ? ' aria-sort="other"' : "";
    const href = pageHref(query, usualSort, { sort, page: 1 });
    return `<th scope="col"${attribute}${sorted}><a href="${href}">${title}</a></th>`;
  });
  return `<thead><tr>${cells.join("")}</tr></thead>\n`;
}

/** The page that is shown, and the last one, which is shown for all after it. */
function pagesOf(total: number, { page, rows }: PageQuery): { page: number; last: number } {
  const last = Math.max(1, Math.ceil(total / rows));
  return { page: Math.min(page, last), last };
}

/** Writes the links to other pages, and to longer ones; nothing where one page has all rows. */
function turningHtml(total: number, query: PageQuery, usualSort: string): string {
  if (total <= ROWS[0]!) return "";
  const { page, last } = pagesOf(total, query);
  const link = (words: string, change: Partial<PageQuery>, rel = "") =>
    `<li><a href="${pageHref(query, usualSort, change)}"${rel}>${words}</a></li>`;
  const pages = [
    ...(page > 1 ? [link("previous", { page: page - 1 }, ' rel="prev"')] : []),
    `<li>page ${page} of ${last}</li>`,
    ...(page < last ? [link("next", { page: page + 1 }, ' rel="next"')] : []),
  ];
  const lengths = ROWS.filter((rows) => rows !== query.rows)
    .map((rows) => link(`${rows} on a page`, { rows, page: 1 }));
  return `<nav aria-label="Pages"><ul class="turning">${
    [...pages, ...lengths].join("")
  }</ul></nav>\n`;
}

/** Says whether a page refreshes itself, with the link that changes it. */
export function refreshHtml(refresh: boolean, href: string, refreshS: number): string {
  return refresh
    ? `refreshed every ${refreshS} s. <a href="${href}">Stop</a>`
    : `not refreshed. <a href="${href}">Refresh every ${refreshS} s</a>`;
}

/** Writes when the page was made, and the link that stops or starts its being made again. */
export function madeAtHtml(
  wallMs: number,
  query: PageQuery,
  usualSort: string,
  refreshS: number,
): string {
  const at = escapeHtml(formatTimeOfDay(wallMs));
  const href = pageHref(query, usualSort, { refresh: !query.refresh });
  return `<p class="made">As of <time>${at}</time>, ${
    refreshHtml(query.refresh, href, refreshS)
  }</p>\n`;
}
