/**
 * How lines look on the reader's screen.
 *
 * @module
 */

import { FALSE_ALARM_EVERY } from "../detect/adaptive_limit.ts";
import { type Palette, paletteOf } from "./palette.ts";

/** What a client's lines look like, and how much a summary tells. */
export interface View {
  /** Their colours. */
  readonly palette: Palette;
  /** The width of the screen, columns. */
  readonly columns: number;
  /** Whether a summary has every figure, and not only those that most people need. */
  readonly stats: boolean;
  /** How many heartbeats there should be to a false alarm. */
  readonly falseAlarmEvery: number;
}

/** The screen that lines are for. */
export interface Screen {
  /** Whether it has colours. */
  readonly colour: boolean;
  /** Its width. */
  readonly columns: number;
}

/** Makes the view of a screen, as the command line asks for it. */
export function viewOf(
  screen: Screen,
  { stats, falseAlarmEvery = FALSE_ALARM_EVERY }: {
    readonly stats: boolean;
    readonly falseAlarmEvery?: number | undefined;
  },
): View {
  return { palette: paletteOf(screen), columns: screen.columns, stats, falseAlarmEvery };
}
