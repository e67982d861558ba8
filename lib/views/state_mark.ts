/**
 * A server's state as a shape: it tells states apart also without colours.
 *
 * @module
 */

import type { Palette } from "../report/palette.ts";
import type { State } from "../detect/consecutive_losses.ts";

const SHAPES: Readonly<Record<State, string>> = {
  up: '<circle cx="8" cy="8" r="5"/>',
  suspect: '<path d="M8 2.5 14 13.5H2z"/>',
  down: '<path d="M3 3h10v10H3z"/>',
  unknown: '<path d="M8 1.5 14.5 8 8 14.5 1.5 8z"/>',
};

/** The same shapes as characters. */
export const STATE_SIGNS: Readonly<Record<State, string>> = {
  up: "\u25cf",
  suspect: "\u25b2",
  down: "\u25a0",
  unknown: "\u25c6",
};

/** The colour of a state. */
export function statePaint(state: State, palette: Palette): (text: string) => string {
  switch (state) {
    case "up":
      return palette.good;
    case "down":
      return palette.bad;
    default:
      return palette.warning;
  }
}

/** Writes the shape of a state; the word stands beside it. */
export function stateMark(state: State): string {
  return `<svg class="mark" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[state]}</svg>`;
}

/** The picture of the site: the circle of a server that is up. */
export const ICON: string = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
  '<circle cx="8" cy="8" r="7" fill="#1a7f37"/>' +
  '<path d="M2 8h3l1.5-4 3 8L11 8h3" fill="none" stroke="#fff" stroke-width="1.5"/></svg>\n';
