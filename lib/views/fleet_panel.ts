/**
 * Many servers on a terminal: a table, worst first, cut to the window.
 *
 * @module
 */

import type { State } from "../detect/consecutive_losses.ts";
import type { Slot } from "../measure/slot_history.ts";
import type { Palette } from "../report/palette.ts";
import { fit } from "../text/columns.ts";
import { formatCount, formatRoughMs, formatRoughPercent, formatTimeOfDay } from "../text/units.ts";
import { STATE_SIGNS, statePaint } from "./state_mark.ts";
import { lossOf, sortRows } from "./target_order.ts";
import { readRows, type TargetRow, type Watch } from "./watch.ts";

/** The window. */
export interface PanelSize {
  /** Its width. */
  readonly columns: number;
  /** Its height. */
  readonly rows: number;
}

/** The lines that stay free for changes of state, where the window has so many. */
const FREE_ROWS = 6;
const FEWEST_ROWS = 4;

/** What stands around the rows: counts, headings, and what is left out. */
const OTHER_ROWS = 3;

const [STATE, LOSS, RTT] = [10, 7, 8];
const FEWEST_NAME = 16;
const MOST_NAME = 48;

/** Below this width there are no pictures. */
const FEWEST_SPARK = 6;
const MOST_SPARK = 60;

const STATES: readonly State[] = ["down", "unknown", "suspect", "up"];

/** How wide the parts of a row are. */
interface Layout {
  readonly name: number;
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
  const room = Math.max(FEWEST_ROWS, size.rows - 1 - FREE_ROWS) - OTHER_ROWS;
  // A line that only says "and 1 more" may as well have that one.
  const shown = sorted.slice(0, rows.length <= room + 1 ? rows.length : Math.max(1, room));
  const layout = layoutOf(size.columns - 1);
  const cut = (text: string) => fit(text, size.columns - 1).trimEnd();
  return [
    countsLine(rows, watch, size.columns - 1, palette),
    palette.faint(cut(headings(layout))),
    ...shown.map((row) => rowLine(row, layout, palette)),
    ...restLine(sorted.slice(shown.length)).map(cut),
  ];
}

function layoutOf(columns: number): Layout {
  const left = columns - STATE - LOSS - 2 * RTT;
  const spark = left - FEWEST_NAME - 2;
  if (spark < FEWEST_SPARK) return { name: Math.max(1, left), spark: 0 };
  // The name has twice as much as the picture, as far as it goes.
  const name = Math.min(MOST_NAME, Math.max(FEWEST_NAME, Math.floor((left - 2) * 0.6)));
  return { name, spark: Math.min(MOST_SPARK, left - 2 - name) };
}

function countsLine(
  rows: readonly TargetRow[],
  { wallMs }: Watch,
  columns: number,
  palette: Palette,
): string {
  const counts = { down: 0, unknown: 0, suspect: 0, up: 0 };
  for (const { of: { state } } of rows) counts[state]++;
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

function headings({ name, spark }: Layout): string {
  // A slot has ten seconds.
  const minutes = Math.floor(spark / 6);
  const picture = minutes < 1 ? "recently" : `last ${formatCount(minutes, "minute")}`;
  return fit("state", STATE) + fit("server", name) + "loss".padStart(LOSS) +
    "last".padStart(RTT) + "median".padStart(RTT) + (spark === 0 ? "" : `  ${picture}`);
}

function rowLine({ target, of }: TargetRow, layout: Layout, palette: Palette): string {
  const { state, lastRttMs, medianRttMs, shown, readAtMs } = of;
  const loss = lossOf(of);
  const ms = (value: number | undefined) =>
    (value === undefined ? "-" : formatRoughMs(value)).padStart(RTT);
  const { name } = layout;
  const title = target.name === target.target ? target.name : `${target.name} (${target.target})`;
  const spark = layout.spark === 0 || shown === undefined
    ? ""
    : `  ${sparkText(shown.history.recent.read(readAtMs), layout.spark, palette)}`;
  return statePaint(state, palette)(fit(`${STATE_SIGNS[state]} ${state}`, STATE)) +
    fit(title, name - 1) + " " +
    (loss === undefined ? "-" : formatRoughPercent(loss)).padStart(LOSS) +
    ms(lastRttMs) + ms(medianRttMs) + spark;
}

const BARS = ["\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588"];

/** Writes a bar for each ten seconds, by their median; a cross where nothing was answered. */
function sparkText(slots: readonly Slot[], columns: number, palette: Palette): string {
  const shown = slots.filter(({ age }) => age < columns);
  const most = Math.max(0, ...shown.map(({ quantiles }) => quantiles?.[0] ?? 0));
  const cells = Array.from({ length: columns }, () => " ");
  for (const { age, lost, quantiles } of shown) {
    const place = columns - 1 - age;
    const median = quantiles?.[0];
    if (median === undefined) {
      cells[place] = lost > 0 ? palette.bad("\u00d7") : palette.warning("?");
      continue;
    }
    const level = most === 0 ? 0 : Math.ceil(BARS.length * median / most) - 1;
    const bar = BARS[Math.min(BARS.length - 1, Math.max(0, level))]!;
    cells[place] = lost > 0 ? palette.bad(bar) : bar;
  }
  return cells.join("");
}

function restLine(rest: readonly TargetRow[]): string[] {
  if (rest.length === 0) return [];
  const others = rest.filter(({ of: { state } }) => state !== "up").length;
  return [
    `and ${numberText(rest.length)} more, ${others === 0 ? "all up" : `${others} of them not up`}`,
  ];
}

function numberText(number: number): string {
  return number.toLocaleString("en-US");
}
