/**
 * What becomes of the events of a client of one server: lines, and commands.
 *
 * @module
 */

import type { Instant } from "../machine/machine.ts";
import { CLIENT_TRAITS, type ClientEvent, PANEL_TRAITS } from "../report/client_events.ts";
import { clientLine } from "../report/client_lines.ts";
import { Reporter } from "../report/reporter.ts";
import { viewOf } from "../report/view.ts";
import type { SoloMonitor } from "../monitor/solo_monitor.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { HookOptions } from "./hooks.ts";
import type { Terminal } from "./program.ts";

/** What a client's lines look like, and which commands it runs. */
export interface ReporterOptions extends HookOptions {
  /** Whether they are JSON. */
  readonly json: boolean;
  /** Whether those about single heartbeats are left out. */
  readonly quiet: boolean;
  /** Whether the summary has every figure. */
  readonly stats: boolean;
  /** How many heartbeats there should be to a false alarm; `undefined`: the usual number. */
  readonly falseAlarmEvery?: number | undefined;
  /** Whether a terminal shows the last heartbeats in place, and no line for each. */
  readonly live: boolean;
  /** From one heartbeat to the next, milliseconds; 0: lock-step. */
  readonly intervalMs: number;
}

/** Takes a client's events. */
export interface ClientReporter {
  /** Prints the line of an event, and starts its command, if it has them. */
  report(event: ClientEvent, now: Instant): void;
  /** Waits for the commands that are still running, but not for long. */
  finished(): Promise<void>;
}

/**
 * Makes a reporter. The code that writes JSON or runs commands is loaded only where it is wanted.
 *
 * @param target the server; its address may still change
 * @param monitor the results of its heartbeats, which a terminal shows
 * @throws {OperatorError} when the commands may not be run
 */
export async function openReporter(
  options: ReporterOptions,
  target: Endpoint,
  terminal: Terminal,
  monitor: SoloMonitor,
): Promise<ClientReporter> {
  const { json, live, onDown, onUp, onUnknown, intervalMs } = options;
  const { clientJson } = json ? await import("../report/client_json.ts") : {};
  const view = viewOf(terminal, options);
  const panel = live ? await terminal.openPanel?.() : undefined;
  const shown = panel &&
    (await import("./live.ts")).showSolo(panel, { monitor, target, intervalMs }, view.palette);
  const reporter = new Reporter<ClientEvent>({
    traits: shown === undefined ? CLIENT_TRAITS : PANEL_TRAITS,
    quiet: options.quiet || shown !== undefined,
    write: (event, { wallMs }) =>
      clientJson?.(event, target, wallMs) ?? clientLine(event, target, view, wallMs),
    print: terminal.line,
  });
  const hooks = (onDown ?? onUp ?? onUnknown) === undefined
    ? undefined
    : await (await import("./hooks.ts")).openHooks(options, terminal.complain);
  return {
    report(event, now) {
      shown?.report(event);
      if (event.type === "summary") shown?.close();
      reporter.report(event, now);
      if (event.type === "state") hooks?.run(event, target, now.wallMs);
    },
    async finished() {
      await hooks?.finished();
    },
  };
}
