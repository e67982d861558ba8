/**
 * Texts cut and filled to columns of a terminal.
 *
 * @module
 */

/** What takes two columns: the letters of East Asia, their full-width forms, and emoji. */
const WIDE: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

/** What takes none: marks on the letter before, and what turns the direction of writing. */
const NONE = /[\p{M}\p{Cf}\p{Cc}]/u;

/** How many columns a text takes, without colours in it. */
export function columnsOf(text: string): number {
  // Nearly all texts are this.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
}

/**
 * Makes a text take just so many columns: fills it, or cuts it and puts two dots at the end. What
 * could turn the direction of writing is left out.
 */
export function fit(text: string, columns: number): string {
  const plain = /^[\x20-\x7e]*$/.test(text) ? text : text.replace(/[\p{Cf}\p{Cc}]/gu, "");
  const width = columnsOf(plain);
  if (width <= columns) return plain + " ".repeat(columns - width);
  let [cut, used] = ["", 0];
  for (const character of plain) {
    const own = columnsOfCharacter(character);
    if (used + own > columns - 2) break;
    cut += character;
    used += own;
  }
  return cut + ".".repeat(Math.min(2, columns - used)) +
    " ".repeat(Math.max(0, columns - used - 2));
}

function columnsOfCharacter(character: string): number {
  if (NONE.test(character)) return 0;
  const code = character.codePointAt(0)!;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}
