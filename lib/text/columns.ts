/**
 * Texts cut and filled to columns of a terminal.
 *
 * @module
 */

/** What takes two columns: the letters of East Asia, their full-width forms, and emoji. */
const WIDE: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23f3],
  [0x2614, 0x2615],
  [0x26a1, 0x26a1],
  [0x26bd, 0x26be],
  [0x2705, 0x2705],
  [0x274c, 0x274e],
  [0x2753, 0x2757],
  [0x2795, 0x2797],
  [0x2b50, 0x2b55],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f004, 0x1faff],
  [0x20000, 0x3fffd],
];

/** What takes none: marks on the letter before, and what turns the direction of writing. */
const NONE = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;

/** How many columns a text takes, without colours in it. */
export function columnsOf(text: string): number {
  // Nearly all texts are this.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
}

/**
 * Makes a text exactly this many columns wide, 0 or more: fills it with spaces, or cuts it and ends
 * it with two dots. What could turn the direction of writing is left out.
 */
export function fit(text: string, columns: number): string {
  const plain = withoutTurns(text);
  const width = columnsOf(plain);
  if (width <= columns) return plain + " ".repeat(columns - width);
  if (columns <= 2) return ".".repeat(Math.max(0, columns));
  const start = beginning(plain, columns - 2);
  return `${start}..`.padEnd(`${start}..`.length + columns - 2 - columnsOf(start));
}

/** The same, but what is cut lies in the middle: names often differ at their ends. */
export function fitMiddle(text: string, columns: number): string {
  const plain = withoutTurns(text);
  if (columnsOf(plain) <= columns || columns < 8) return fit(plain, columns);
  const end = [...beginning([...plain].reverse().join(""), Math.floor((columns - 2) / 2))]
    .reverse().join("");
  const start = beginning(plain, columns - 2 - columnsOf(end));
  return fit(`${start}..${end}`, columns);
}

function withoutTurns(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : text.replace(/[\p{Cf}\p{Cc}]/gu, "");
}

/** As much of a text as fits. */
function beginning(text: string, columns: number): string {
  let [cut, used] = ["", 0];
  for (const character of text) {
    used += columnsOfCharacter(character);
    if (used > columns) break;
    cut += character;
  }
  return cut;
}

function columnsOfCharacter(character: string): number {
  if (NONE.test(character)) return 0;
  const code = character.codePointAt(0)!;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}
