/**
 * From a fleet's events to lines: each target has its own limit of lines that strangers can cause,
 * so that one bad target hides no other.
 *
 * @module
 */

import type { Member } from "../fleet/member.ts";
import type { Instant } from "../machine/machine.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import { CLIENT_TRAITS } from "./client_events.ts";
import { clientJson } from "./client_json.ts";
import { FLEET_TRAITS, type FleetReport } from "./fleet_events.ts";
import { fleetJson } from "./fleet_json.ts";
import { fleetLine } from "./fleet_lines.ts";
import { type HeldBack, Reporter } from "./reporter.ts";
import type { View } from "./view.ts";

/** How a fleet's events become lines. */
export interface FleetReporterOptions {
  /** Whether lines are JSON. */
  readonly json: boolean;
  /** Whether events about single heartbeats or datagrams are left out. */
  readonly quiet: boolean;
  /** What lines for people look like. */
  readonly view: View;
  /** Prints a line; `kept`: never drops it. */
  readonly print: (line: string, kept: boolean) => void;
}

/** Prints the events of a fleet as lines. */
export class FleetReporter {
  readonly #options: FleetReporterOptions;
  readonly #fleet: Reporter<FleetReport>;
  /** The reporters of targets, for programs; people read of their states only. */
  readonly #targets = new Map<Member, Reporter<MonitorEvent | HeldBack>>();

  /** Makes a reporter. */
  constructor(options: FleetReporterOptions) {
    const { json, quiet, view, print } = options;
    this.#options = options;
    this.#fleet = new Reporter({
      traits: FLEET_TRAITS,
      quiet,
      print,
      write: (event, { wallMs }) =>
        json ? fleetJson(event, wallMs) : fleetLine(event, view, wallMs),
    });
  }

  /** Prints the line of an event, if it has one, with the moment of the event. */
  report(event: FleetReport, now: Instant): void {
    // By far the most, and never told.
    if (event.type === "sent") return;
    if (event.type !== "of_target") return this.#fleet.report(event, now);
    const { member, event: told } = event;
    if (this.#options.json) this.#of(member).report(told, now);
    else if (told.type === "state") this.#fleet.report(event, now);
    if (told.type === "summary") this.#targets.delete(member);
  }

  #of(member: Member): Reporter<MonitorEvent | HeldBack> {
    let reporter = this.#targets.get(member);
    if (reporter === undefined) {
      const { quiet, print } = this.#options;
      reporter = new Reporter({
        traits: CLIENT_TRAITS,
        quiet,
        print,
        write: (event, { wallMs }) =>
          clientJson(event, member.endpoint, wallMs, member.listed.name),
      });
      this.#targets.set(member, reporter);
    }
    return reporter;
  }
}
