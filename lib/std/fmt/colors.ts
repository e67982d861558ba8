/**
 * Stands in for the real `@std/fmt/colors`, since JSR may be unreachable where the tool runs.
 *
 * @module
 */

const enabled = !Deno.noColor;

function paint(text: string, open: number, close: number): string {
  if (!enabled) return text;
  const start = `\x1b[${open}m`;
  const stop = `\x1b[${close}m`;
  // A style that ends inside the text would end this one too, so it is reopened.
  return start + text.replaceAll(stop, start) + stop;
}

/** Makes the text bold. */
export function bold(str: string): string {
  return paint(str, 1, 22);
}

/** Makes the text dim. */
export function dim(str: string): string {
  return paint(str, 2, 22);
}

/** Makes the text red. */
export function red(str: string): string {
  return paint(str, 31, 39);
}

/** Makes the text green. */
export function green(str: string): string {
  return paint(str, 32, 39);
}

/** Makes the text yellow. */
export function yellow(str: string): string {
  return paint(str, 33, 39);
}

/** Makes the text cyan. */
export function cyan(str: string): string {
  return paint(str, 36, 39);
}

// The language of npm's ansi-regex, which the real package matches: an
// introducer, then a command ended by BEL or numbers ended by a final byte.
const INTRODUCER = "[\\x1b\\x9b][[\\]()#;?]*";
const CHARACTER = "[-\\w/#&.:=?%@~]";
const COMMAND = `(?:(?:;${CHARACTER}+)*|[a-zA-Z\\d]+(?:;${CHARACTER}*)*)\\x07`;
const NUMBERS = "(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TXZcf-nq-uy=><~]";
const ESCAPE_CODE = new RegExp(`${INTRODUCER}(?:${COMMAND}|${NUMBERS})`, "g");

/** Removes the ANSI escape codes from the text. */
export function stripAnsiCode(string: string): string {
  return string.replace(ESCAPE_CODE, "");
}
