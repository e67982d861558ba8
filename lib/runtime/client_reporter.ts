/**
 * What prints the events of a client of one server.
 *
 * @module
 */

import { CLIENT_TRAITS, type ClientEvent } from "../report/client_events.ts";
import { clientLine } from "../report/client_lines.ts";
import { Reporter } from "../report/reporter.ts";
import { viewOf } from "../report/view.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { Terminal } from "./program.ts";

/** What a client's lines look like. */
export interface ReporterOptions {
  /** Whether they are JSON. */
  readonly json: boolean;
  /** Whether those about single heartbeats are left out. */
  readonly quiet: boolean;
  /** Whether the summary has every figure. */
  readonly stats: boolean;
  /** How many heartbeats there should be to a false alarm; `undefined`: the usual number. */
  readonly falseAlarmEvery?: number | undefined;
}

/**
 * Makes a reporter; the code that writes JSON is loaded only where it is wanted.
 *
 * @param target the server; its address may still change
 */
export async function openReporter(
  options: ReporterOptions,
  target: Endpoint,
  terminal: Terminal,
): Promise<Reporter<ClientEvent>> {
  const { json, quiet } = options;
  const { clientJson } = json ? await import("../report/client_json.ts") : {};
  const view = viewOf(terminal, options);
  return new Reporter({
    traits: CLIENT_TRAITS,
    quiet,
    write: (event, { wallMs }) =>
      clientJson?.(event, target, wallMs) ?? clientLine(event, target, view, wallMs),
    print: terminal.line,
  });
}
