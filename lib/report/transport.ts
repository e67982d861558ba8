/**
 * What sends and receives, as the first line of a program says it.
 *
 * @module
 */

/** What sends and receives: Deno's own calls, or libc's with them. */
export type Transport = "deno" | "native";

/** What follows the address in the first line; Deno's own calls are not worth a word. */
export function transportText(transport: Transport): string {
  return transport === "native" ? ", native transport" : "";
}
