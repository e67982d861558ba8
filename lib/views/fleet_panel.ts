/**
 * Many servers on a terminal: a table, worst first, cut to the window.
 *
 * @module
 */

import type { Slot } from "../measure/slot_history.ts";
import type { Palette } from "../report/palette.ts";
import { columnsOf, fit, fitMiddle } from "../text/columns.ts";
import {
  formatLasting,
  formatRoughMs,
  formatRoughPercent,
  formatTimeOfDay,
} from "../text/units.ts";
import { barAt } from "./bars.ts";
import { STATE_SIGNS, statePaint } from "./state_mark.ts";
import { onRttScale } from "./rtt_scale.ts";
import { countStates, lossOf, recentMedianMs, recentOf, sortRows, STATES } from "./target_order.ts";
import { readRows, type TargetRow, type Watch } from "./watch.ts";

/** The window. */
export interface PanelSize {
  /** Its width. */
  readonly columns: number;
  /** Its height. */
  readonly rows: number;
}

/** So many lines stay free for changes of state, of four at most one. */
const FREE_ROWS = 6;

/** The other lines: the counts, the headings, and the one that counts the rows left out. */
const OTHER_ROWS = 3;

/** The widths of columns; those of names and pictures hang on the window. */
const [STATE, FOR, LOSS, LAST, MEDIAN] = [10, 12, 8, 9, 11];

/** Names get no more of a wide window, and no less of a narrow one while others can go. */
const [MOST_NAME, FEWEST_NAME] = [48, 16];

/** A picture of fewer columns says nothing; one of more there isn't. */
const [FEWEST_SPARK, MOST_SPARK] = [6, 60];

/** How wide the parts of a row are; 0: there is none. */
interface Layout {
  readonly name: number;
  readonly since: number;
  readonly loss: number;
  readonly last: number;
  readonly median: number;
  readonly spark: number;
}

/** Reads all targets, some at a time, and returns the lines. */
export function* fleetPanel(
  watch: Watch,
  size: PanelSize,
  palette: Palette,
): Generator<string, string[]> {
  const rows = yield* readRows(watch.targets);
  const sorted = yield* sortRows(rows, "worst");
  const free = Math.min(FREE_ROWS, Math.floor(size.rows / 4));
  const room = Math.max(1, size.rows - 1 - free - OTHER_ROWS);
  // A line that only says "and 1 more" may as well have that one.
  const shown = sorted.slice(0, rows.length <= room + 1 ? rows.length : room);
  const columns = Math.max(1, size.columns - 1);
  const longest = Math.max(...shown.map(({ target }) => columnsOf(target.name)), FEWEST_NAME);
  const layout = layoutOf(columns, Math.min(MOST_NAME, longest) + 1);
  const cut = (text: string) => fit(text, columns).trimEnd();
  return [
    countsLine(rows, watch, columns, palette),
    palette.faint(cut(headings(layout))),
    ...shown.map((row) => rowLine(row, layout, columns, palette)),
    ...restLine(sorted.slice(shown.length)).map(cut),
  ];
}

/** What a window has no room for goes, the least important first, before names are cut. */
function layoutOf(columns: number, name: number): Layout {
  const layout = { name, since: FOR, loss: LOSS, last: LAST, median: MEDIAN, spark: 0 };
  const left = () =>
    columns - STATE - layout.name - layout.since - layout.loss - layout.last - layout.median;
  for (const part of ["since", "median", "last", "loss"] as const) if (left() < 0) layout[part] = 0;
  if (left() < 0) layout.name = Math.max(1, layout.name + left());
  const spark = Math.min(MOST_SPARK, left() - 2);
  return { ...layout, spark: spark < FEWEST_SPARK ? 0 : spark };
}

function countsLine(
  rows: readonly TargetRow[],
  { wallMs }: Watch,
  columns: number,
  palette: Palette,
): string {
  const counts = countStates(rows);
  const total = rows.length === 1 ? "1 server" : `${numberText(rows.length)} servers`;
  const parts = STATES.filter((state) => counts[state] > 0)
    .map((state) => [state, `${numberText(counts[state])} ${state}`] as const);
  const at = formatTimeOfDay(wallMs).slice(11);
  const text = `${total}: ${parts.map(([, part]) => part).join(", ")}`;
  if (text.length > columns) return fit(text, columns).trimEnd();
  const painted = `${total}: ${
    parts.map(([state, part]) => statePaint(state, palette)(part)).join(", ")
  }`;
  const gap = columns - text.length - at.length;
  return gap < 2 ? painted : `${painted}${" ".repeat(gap)}${palette.faint(at)}`;
}

function headings({ name, since, loss, last, median, spark }: Layout): string {
  // A slot has ten seconds.
  const picture = `last ${Math.floor(spark / 6)} min`;
  return fit("state", STATE) + fit("server", name) +
    (since === 0 ? "" : "for".padStart(since)) + (loss === 0 ? "" : "loss".padStart(loss)) +
    (last === 0 ? "" : "last ms".padStart(last)) +
    (median === 0 ? "" : "median ms".padStart(median)) +
    (spark === 0 ? "" : `  ${picture.slice(0, spark).padStart(spark)}`);
}

function rowLine(
  { target, of }: TargetRow,
  { name, since, loss, last, median, spark }: Layout,
  columns: number,
  palette: Palette,
): string {
  const { state, lastRttMs, shown, readAtMs } = of;
  const ms = (value: number | undefined, width: number) =>
    width === 0 ? "" : (value === undefined ? "-" : formatRoughMs(value)).padStart(width);
  const lost = lossOf(of);
  const recent = recentOf(of);
  const word = fit(`${STATE_SIGNS[state]} ${state}`, Math.min(STATE, columns));
  const figures = fitMiddle(target.name, name - 1) + " " +
    (since === 0 ? "" : formatLasting(readAtMs - of.stateSinceMs).padStart(since)) +
    (loss === 0 ? "" : (lost === undefined ? "-" : formatRoughPercent(lost)).padStart(loss)) +
    ms(lastRttMs, last) + (median === 0 ? "" : ms(recentMedianMs(recent), median));
  const picture = spark === 0 || shown === undefined
    ? ""
    : `  ${sparkText(recent, spark, palette)}`;
  return statePaint(state, palette)(word) +
    fit(figures, Math.max(0, Math.min(columns - STATE, name + since + loss + last + median))) +
    picture;
}

/** Writes a bar for each ten seconds, by their median; a cross where nothing was answered. */
function sparkText(slots: readonly Slot[], columns: number, palette: Palette): string {
  const cells = Array.from({ length: columns }, () => " ");
  for (const { age, lost, quantiles } of slots) {
    if (age >= columns) continue;
    const place = columns - 1 - age;
    const median = quantiles?.[0];
    if (median === undefined) {
      cells[place] = lost > 0 ? palette.bad("\u00d7") : palette.warning("?");
      continue;
    }
    const bar = barAt(onRttScale(median));
    cells[place] = lost > 0 ? palette.bad(bar) : bar;
  }
  return cells.join("");
}

function restLine(rest: readonly TargetRow[]): string[] {
  if (rest.length === 0) return [];
  const others = STATES.filter((state) => state !== "up").flatMap((state) => {
    const count = rest.filter(({ of }) => of.state === state).length;
    return count === 0 ? [] : [`${numberText(count)} ${state}`];
  });
  const which = others.length === 0 ? "all up" : `of them ${others.join(", ")}`;
  return [`and ${numberText(rest.length)} more, ${which}`];
}

function numberText(number: number): string {
  return number.toLocaleString("en-US");
}
