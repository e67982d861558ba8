/** What went wrong, in words that fit into a line. */

/** The message of anything thrown, without the operating system's error number and what Deno adds to it. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ \(os error \d+\).*$/s, "");
}
