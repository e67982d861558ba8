/**
 * The frame of all pages, without any script.
 *
 * @module
 */

/** Writes a text so that it stays text in HTML, also between quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Writes a name from a list: what turns the direction of writing around ends with it, and can't
 * turn what follows.
 */
export function nameHtml(name: string): string {
  return `<bdi>${escapeHtml(name)}</bdi>`;
}

/** A page. */
export interface HtmlPage {
  /** What it is called in tabs and histories. */
  readonly title: string;
  /** After this time it is asked for again, seconds; `undefined`: it stays. */
  readonly refreshS: number | undefined;
  /** What it shows, in pieces. */
  readonly body: Iterable<string>;
}

/** Writes a page, in pieces. */
export function* htmlPage({ title, refreshS, body }: HtmlPage): Generator<string, void> {
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refreshS === undefined ? "" : `<meta http-equiv="refresh" content="${refreshS}">\n`}` +
    `<title>${escapeHtml(title.replace(/\p{Cf}/gu, ""))}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
</head>
<body>
`;
  yield* body;
  yield "</body>\n</html>\n";
}
