/**
 * Where the page of a target is.
 *
 * @module
 */

import { escapeHtml } from "./html.ts";
import type { WatchedTarget } from "./watch.ts";

/** Writes the address of a target's page, as it stands in HTML. */
export function targetHref({ target }: Pick<WatchedTarget, "target">): string {
  return escapeHtml(`/target?at=${encodeURIComponent(target)}`);
}
