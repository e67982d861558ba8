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
