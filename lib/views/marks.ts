/**
 * Heartbeats as a line of marks, as people know it from ping: a bar for a round trip, by its
 * length, and a cross for a loss.
 *
 * @module
 */

import type { Palette } from "../report/palette.ts";
import { barAt } from "./bars.ts";

const [LOST, EXCUSED, WAITING, GONE] = ["\u00d7", "?", "\u00b7", " "];

/** No screen is wider. */
const MOST_MARKS = 1000;

/** The heartbeats that have one mark. */
interface Mark {
  answered: number;
  lost: number;
  excused: number;
  longestMs: number;
}

/** Figures of the heartbeats that have marks on a line. */
export interface MarkFigures {
  /** Heartbeats answered in time. */
  readonly answered: number;
  /** Heartbeats lost that count against the server. */
  readonly lost: number;
  /** Round trips of the marks, milliseconds: each is its longest. */
  readonly rttsMs: readonly number[];
}

/** Remembers what became of the last heartbeats. */
export class Marks {
  readonly #heartbeats: number;
  readonly #marks = new Map<number, Mark>();
  #last = 0;

  /**
   * Begins without marks.
   *
   * @param heartbeats how many of them share a mark, 1 or more
   */
  constructor(heartbeats: number) {
    this.#heartbeats = heartbeats;
  }

  /** A heartbeat left. */
  sent(seq: number): void {
    this.#at(seq);
  }

  /** A heartbeat was answered in time. */
  answered(seq: number, rttMs: number): void {
    const mark = this.#at(seq);
    if (mark === undefined) return;
    mark.answered++;
    mark.longestMs = Math.max(mark.longestMs, rttMs);
  }

  /** A heartbeat was lost; `excused`: that says nothing about the server. */
  lost(seq: number, excused: boolean): void {
    const mark = this.#at(seq);
    if (mark === undefined) return;
    if (excused) mark.excused++;
    else mark.lost++;
  }

  /** The figures of the last marks. */
  figures(columns: number): MarkFigures {
    const marks = this.#lastMarks(columns).filter((mark) => mark !== undefined);
    return {
      answered: marks.reduce((sum, { answered }) => sum + answered, 0),
      lost: marks.reduce((sum, { lost }) => sum + lost, 0),
      rttsMs: marks.filter(({ answered }) => answered > 0).map(({ longestMs }) => longestMs),
    };
  }

  /** Writes the last marks, the newest at the right. */
  text(columns: number, palette: Palette): string {
    const marks = this.#lastMarks(columns);
    const rttsMs = this.figures(columns).rttsMs;
    const [least, most] = [Math.min(...rttsMs), Math.max(...rttsMs)];
    return marks.map((mark) => {
      if (mark === undefined) return GONE;
      const { answered, lost, excused, longestMs } = mark;
      if (answered + lost + excused === 0) return palette.faint(WAITING);
      if (answered === 0) return lost > 0 ? palette.bad(LOST) : palette.warning(EXCUSED);
      // From the shortest round trips shown to the longest.
      const bar = barAt(most === least ? 0 : (longestMs - least) / (most - least));
      return lost > 0 ? palette.bad(bar) : excused > 0 ? palette.warning(bar) : palette.good(bar);
    }).join("");
  }

  #lastMarks(columns: number): (Mark | undefined)[] {
    const length = Math.min(columns, this.#last);
    return Array.from({ length }, (_, i) => this.#marks.get(this.#last - length + 1 + i));
  }

  /** The mark of a heartbeat; `undefined`: it is forgotten. */
  #at(seq: number): Mark | undefined {
    const place = Math.ceil(seq / this.#heartbeats);
    if (place <= this.#last - MOST_MARKS) return undefined;
    let mark = this.#marks.get(place);
    if (mark === undefined) {
      mark = { answered: 0, lost: 0, excused: 0, longestMs: 0 };
      this.#marks.set(place, mark);
    }
    for (; this.#last < place; this.#last++) this.#marks.delete(this.#last + 1 - MOST_MARKS);
    return mark;
  }
}
