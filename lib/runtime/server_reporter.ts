/**
 * What becomes of the events of a server: lines.
 *
 * @module
 */

import type { Instant } from "../machine/machine.ts";
import { paletteOf } from "../report/palette.ts";
import { Reporter } from "../report/reporter.ts";
import { SERVER_TRAITS, type ServerEvent } from "../report/server_events.ts";
import { serverJson } from "../report/server_json.ts";
import { serverLine } from "../report/server_lines.ts";
import type { Terminal } from "./program.ts";

/** Takes a server's events. */
export interface ServerReporter {
  /** Prints the line of an event, if it has one. */
  readonly report: (event: ServerEvent, now: Instant) => void;
}

/** Makes a reporter of lines for people, or of JSON. */
export function openServerReporter(
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
  terminal: Terminal,
): ServerReporter {
  const palette = paletteOf(terminal);
  const reporter = new Reporter<ServerEvent>({
    traits: SERVER_TRAITS,
    quiet,
    write: (event, { wallMs }) => json ? serverJson(event, wallMs) : serverLine(event, palette),
    print: terminal.line,
  });
  return { report: (event, now) => reporter.report(event, now) };
}
