/** Why something failed, in words that fit on a line. */

/**
 * Returns the message of an error, without the system's error number and what Deno adds after it.
 */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ \(os error \d+\).*$/s, "");
}

/** Asks for the link of an address with a zone, to follow a reason; nothing without a zone. */
export function linkQuestion(zone: string | undefined): string {
  return zone === undefined ? "" : `; is there a link ${zone} on this machine?`;
}
