/**
 * One server on a terminal: its state, its last heartbeats as marks, and their figures.
 *
 * @module
 */

import type { State } from "../detect/consecutive_losses.ts";
import type { StateReason } from "../monitor/state_change.ts";
import { isExcuse } from "../monitor/ledger.ts";
import type { Palette } from "../report/palette.ts";
import { blindText } from "../report/state_lines.ts";
import { fit } from "../text/columns.ts";
import { formatLasting, formatRoughMs, formatRoughPercent } from "../text/units.ts";
import type { Marks } from "./marks.ts";
import { STATE_SIGNS, statePaint } from "./state_mark.ts";

/** What is known of the server now. */
export interface SoloNow {
  /** What it is called. */
  readonly name: string;
  /** What is believed of it. */
  readonly state: State;
  /** Why. */
  readonly reason: StateReason;
  /** How long it has been so, milliseconds. */
  readonly lastedMs: number;
  /** Its last heartbeats. */
  readonly marks: Marks;
  /** The newest round trip, milliseconds; `undefined` before the first. */
  readonly lastRttMs: number | undefined;
  /** So many heartbeats share a mark. */
  readonly heartbeatsAMark: number;
}

/** A minute of heartbeats at one a second. */
const MOST_MARKS = 60;

/** Writes three lines of at most so many columns. */
export function soloPanel(now: SoloNow, columns: number, palette: Palette): string[] {
  const { name, state, reason, lastedMs, marks } = now;
  const width = Math.min(MOST_MARKS, columns - 1);
  const why = isExcuse(reason)
    ? `: ${blindText(reason)}`
    : state === "unknown"
    ? ": no reply yet"
    : "";
  const word = `${STATE_SIGNS[state]} ${state} for ${formatLasting(lastedMs)}${why}`;
  const title = fit(`${word}  ${name}`, columns - 1).trimEnd();
  return [
    statePaint(state, palette)(title.slice(0, word.length)) + title.slice(word.length),
    marks.text(width, palette),
    fit(figuresText(now, width), columns - 1).trimEnd(),
  ];
}

function figuresText({ marks, lastRttMs, heartbeatsAMark }: SoloNow, width: number): string {
  const { answered, lost, rttsMs } = marks.figures(width);
  if (answered + lost === 0) return "no heartbeat is answered or lost yet";
  const sorted = rttsMs.toSorted((a, b) => a - b);
  const median = sorted[Math.ceil(sorted.length / 2) - 1];
  const share = lost === 0
    ? "0 lost"
    : `${lost} lost (${formatRoughPercent(lost / (answered + lost))})`;
  if (median === undefined || lastRttMs === undefined) {
    return `of the last ${answered + lost}: ${share}`;
  }
  const [least, most] = [sorted[0]!, sorted.at(-1)!].map(formatRoughMs);
  // Of heartbeats that share a mark, it has the longest.
  const spread = heartbeatsAMark === 1
    ? `median ${formatRoughMs(median)}, ${least} to ${most}`
    : `most ${most}`;
  return `of the last ${answered + lost}: ${share}; ms: last ${
    formatRoughMs(lastRttMs)
  }, ${spread}`;
}
