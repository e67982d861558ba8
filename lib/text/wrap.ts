/**
 * Breaks text into lines that fit a screen.
 *
 * @module
 */

/**
 * The columns of the lines that people read, but for those of single heartbeats: 80, less a mark
 * before each line.
 */
export const LINE_COLUMNS = 78;

/** How the lines of a text are laid out. */
export interface Wrapping {
  /** What stands before the first line; the others are indented to its width. */
  readonly before?: string;
  /** The most columns of a line. */
  readonly columns?: number;
}

/** Breaks a text between its words, so that no line is wider than `columns`, if no word is. */
export function wrap(
  text: string,
  { before = "", columns = LINE_COLUMNS }: Wrapping = {},
): string[] {
  const lines: string[] = [];
  let line = before;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = " ".repeat(before.length);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
