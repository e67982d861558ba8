/**
 * The tables that tasks print.
 *
 * @module
 */

import { assert } from "@std/assert";
import type { Ending } from "./process.ts";

/** The cells of the row with this name; a row's cells are two spaces apart at least. */
export function cellsOf({ lines }: Ending, name: string): string[] {
  const line = lines.find((line) => line.startsWith(name));
  assert(line !== undefined, `no row ${name} in\n${lines.join("\n")}`);
  return line.slice(name.length).trim().split(/\s{2,}/);
}
