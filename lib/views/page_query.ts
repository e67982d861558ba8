/**
 * What of a table is shown, as the address of its page says it: so that plain links sort, filter
 * and turn pages.
 *
 * @module
 */

import { escapeHtml } from "./html.ts";

/** What a page shows of a table. */
export interface PageQuery {
  /** By which column it is sorted. */
  readonly sort: string;
  /** Which rows there are; an empty text: all. */
  readonly show: string;
  /** Only those with this label, `key=value`; an empty text: all. */
  readonly label: string;
  /** The page, from 1. */
  readonly page: number;
  /** How many rows a page has. */
  readonly rows: number;
  /** Whether it is asked for again by itself. */
  readonly refresh: boolean;
}

/** How many rows a page may have; the first unless it is asked for. */
export const ROWS: readonly number[] = [100, 500, 1000];

/** A page that is asked for again by itself is, this often, seconds. */
export const REFRESH_S = 5;

/** What a page shows unless its address says else. */
export function defaultQuery(sort: string): PageQuery {
  return { sort, show: "", label: "", page: 1, rows: ROWS[0]!, refresh: true };
}

/**
 * Reads what follows the `?`; what is unknown means what it means when left out.
 *
 * @param sorts the columns by which it can be sorted, the usual one first
 * @param shows what can be chosen
 */
export function readPageQuery(
  query: URLSearchParams,
  sorts: readonly string[],
  shows: readonly string[],
): PageQuery {
  const among = (name: string, texts: readonly string[], usual: string) => {
    const text = query.get(name);
    return text !== null && texts.includes(text) ? text : usual;
  };
  const page = Number(query.get("page"));
  return {
    sort: among("sort", sorts, sorts[0]!),
    show: among("show", shows, ""),
    label: query.get("label") ?? "",
    page: Number.isInteger(page) && page >= 1 && page < 1e6 ? page : 1,
    rows: Number(among("rows", ROWS.map(String), String(ROWS[0]))),
    refresh: query.get("refresh") !== "off",
  };
}

/** Writes the address of the page with something changed, as it stands in HTML. */
export function pageHref(query: PageQuery, usualSort: string, change: Partial<PageQuery>): string {
  const { sort, show, label, page, rows, refresh } = { ...query, ...change };
  const usual = defaultQuery(usualSort);
  const params = new URLSearchParams();
  if (sort !== usual.sort) params.set("sort", sort);
  if (show !== usual.show) params.set("show", show);
  if (label !== usual.label) params.set("label", label);
  if (page !== usual.page) params.set("page", String(page));
  if (rows !== usual.rows) params.set("rows", String(rows));
  if (!refresh) params.set("refresh", "off");
  const text = params.toString();
  return escapeHtml(text === "" ? "/" : `/?${text}`);
}
