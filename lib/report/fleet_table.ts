/**
 * Many servers in one table, worst first.
 *
 * @module
 */

import type { FleetFigures } from "../fleet/events.ts";
import type { Member } from "../fleet/member.ts";
import { emptySnapshot, type MonitorSnapshot } from "../monitor/snapshot.ts";
import { formatCount, formatDuration, formatRoughMs, formatRoughPercent } from "../text/units.ts";
import { wrap } from "../text/wrap.ts";
import type { Palette } from "./palette.ts";
import { nameOf } from "./target_name.ts";
import type { View } from "./view.ts";

/** At most this many servers that aren't alive have a row, unless every figure is wanted. */
const MOST_BAD_ROWS = 100;

/** So many have a row in any case. */
const FEWEST_ROWS = 20;

/** A row, before it is written. */
interface Row {
  readonly member: Member;
  readonly snapshot: MonitorSnapshot;
  /** How bad it is: 0 is the worst. */
  readonly rank: number;
  /** The share of settled heartbeats that were lost; -1: none is settled. */
  readonly loss: number;
}

/** Writes the figures so far of a fleet that goes on. */
export function figuresSoFar(figures: FleetFigures, view: View, at: string): string {
  const { members, durationMs } = figures;
  const title = `--- ${formatCount(members.length, "server")} after ` +
    `${formatDuration(durationMs)}, ${at} ---`;
  return [view.palette.name(title), ...bodyLines(figures, view)].join("\n");
}

/** Writes the summary of a fleet. */
export function fleetSummary(figures: FleetFigures, view: View): string {
  const rows = rowsOf(figures);
  return [
    `--- ${formatCount(figures.members.length, "server")} heartbeat summary ---`,
    ...bodyLines(figures, view, rows),
    verdictLine(rows, view.palette),
  ].join("\n");
}

function bodyLines(figures: FleetFigures, view: View, rows = rowsOf(figures)): string[] {
  const shown = view.stats ? rows : rows.slice(0, shownRows(rows));
  return [
    ...countLines(figures),
    ...(rows.length === 0 ? [] : [header(view), ...shown.map((row) => rowLine(row, view))]),
    ...restLine(rows.slice(shown.length)),
  ];
}

function rowsOf({ members }: FleetFigures): Row[] {
  const rows = members.map((member) => {
    const snapshot = emptySnapshot();
    member.monitor.snapshot(0, snapshot);
    const { received } = snapshot;
    const lost = snapshot.lost - snapshot.lostUnsent;
    const loss = received + lost === 0 ? -1 : lost / (received + lost);
    return { member, snapshot, rank: rankOf(snapshot), loss };
  });
  return rows.sort((a, b) => a.rank - b.rank || b.loss - a.loss);
}

function rankOf({ verdict, state }: MonitorSnapshot): number {
  switch (verdict) {
    case "stopped":
      return 0;
    case "never_answered":
      return 1;
    case "unknown":
      return 2;
    case "alive":
      return state === "up" ? 4 : 3;
  }
}

function shownRows(rows: readonly Row[]): number {
  const bad = rows.findIndex(({ rank }) => rank > 3);
  return Math.max(FEWEST_ROWS, Math.min(bad < 0 ? rows.length : bad, MOST_BAD_ROWS));
}

function countLines(figures: FleetFigures): string[] {
  const { sent, unsent, received, late, durationMs, rttMs, strays } = figures;
  const { pauses, longestPauseMs } = figures;
  const lost = figures.lost - figures.lostUnsent;
  const loss = lost === 0 ? "" : ` (${formatRoughPercent(lost / (received + lost))})`;
  const counts = [
    `${sent - unsent} sent`,
    `${received} answered`,
    `${lost} lost${loss}`,
    ...(late > 0 ? [`${late} of them answered late`] : []),
    ...(unsent > 0 ? [`${unsent} could not be sent`] : []),
    ...(strays > 0 ? [`${formatCount(strays, "datagram")} from elsewhere`] : []),
    `in ${formatDuration(durationMs)}`,
  ];
  const p99 = rttMs?.p99 === undefined ? "" : `, p99 ${formatRoughMs(rttMs.p99)}`;
  return [
    ...wrap(counts.join(", ")),
    ...(rttMs === undefined ? [] : wrap(
      `round trip  min ${formatRoughMs(rttMs.min)}, median ${formatRoughMs(rttMs.median)}` +
        `${p99}, max ${formatRoughMs(rttMs.max)} ms`,
    )),
    ...(pauses === 0 ? [] : wrap(
      `This program paused ${formatCount(pauses, "time")} for more than 20 ms, for at most ` +
        `${formatRoughMs(longestPauseMs)} ms: replies were read up to that much later.`,
    )),
  ];
}

/** The widths of the columns; the name takes what is left. */
const [STATE_COLUMNS, LOSS_COLUMNS, RTT_COLUMNS, OUTAGE_COLUMNS] = [15, 8, 10, 9];

function nameColumns({ columns }: View): number {
  const others = STATE_COLUMNS + LOSS_COLUMNS + RTT_COLUMNS + OUTAGE_COLUMNS;
  return Math.max(20, Math.min(columns, 120) - 1 - others);
}

function header(view: View): string {
  return view.palette.faint(
    "state".padEnd(STATE_COLUMNS) + "server".padEnd(nameColumns(view)) +
      "loss".padStart(LOSS_COLUMNS) + "rtt ms".padStart(RTT_COLUMNS) +
      "outages".padStart(OUTAGE_COLUMNS),
  );
}

function rowLine({ member, snapshot, loss, rank }: Row, view: View): string {
  const { palette } = view;
  const { srttMs, outages } = snapshot;
  const colour = rank < 2 ? palette.bad : rank < 4 ? palette.warning : palette.good;
  const name = nameOf(member);
  const width = nameColumns(view);
  const shown = name.length < width ? name.padEnd(width) : `${name.slice(0, width - 3)}.. `;
  return colour(wordOf(snapshot).padEnd(STATE_COLUMNS)) + shown +
    (loss < 0 ? "-" : formatRoughPercent(loss)).padStart(LOSS_COLUMNS) +
    (srttMs === undefined ? "-" : formatRoughMs(srttMs)).padStart(RTT_COLUMNS) +
    (outages === 0 ? "-" : `${outages}`).padStart(OUTAGE_COLUMNS);
}

function wordOf({ verdict, state, lost }: MonitorSnapshot): string {
  switch (verdict) {
    case "stopped":
      return "stopped";
    case "never_answered":
      return lost === 0 ? "no answer yet" : "no answer";
    case "unknown":
      return "unknown";
    case "alive":
      return state === "up" ? "alive" : state;
  }
}

function restLine(rest: readonly Row[]): string[] {
  if (rest.length === 0) return [];
  const bad = rest.filter(({ rank }) => rank < 4).length;
  const which = bad === 0 ? "all alive" : `${bad} of them not known to be alive`;
  return [`and ${rest.length} more, ${which}${bad === 0 ? "" : " (--stats lists all)"}`];
}

function verdictLine(rows: readonly Row[], palette: Palette): string {
  const count = (verdict: MonitorSnapshot["verdict"]) =>
    rows.filter(({ snapshot }) => snapshot.verdict === verdict).length;
  const parts = [
    [count("stopped"), "assumed to have stopped, or to be out of reach"],
    [count("never_answered"), "without an answer"],
    [count("unknown"), "unknown"],
  ].filter(([number]) => number !== 0).map(([number, what]) => `${number} ${what}`);
  const total = formatCount(rows.length, "server");
  if (parts.length === 0) {
    const doubtful = rows.filter(({ rank }) => rank === 3).length;
    const all = rows.length === 1 ? total : `all ${total}`;
    const are = rows.length === 1 ? "is" : "are";
    return doubtful === 0 ? palette.good(`Verdict: ${all} ${are} alive.`) : palette.warning(
      wrap(
        `Verdict: ${all} alive when last heard; of ${doubtful}, the last heartbeat went ` +
          "unanswered.",
      ).join("\n"),
    );
  }
  const text = `Verdict: of ${total}, ${count("alive")} alive, ${parts.join(", ")}.`;
  const isBad = count("stopped") + count("never_answered") > 0;
  return (isBad ? palette.bad : palette.warning)(wrap(text).join("\n"));
}
