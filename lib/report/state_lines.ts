/**
 * How a change of a server's state is told to people.
 *
 * @module
 */

import type { MonitorEvent } from "../monitor/events.ts";
import { type Excuse, isExcuse } from "../monitor/ledger.ts";
import { formatDuration, formatTimeOfDay } from "../text/units.ts";
import { wrap } from "../text/wrap.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { chanceText } from "./chance.ts";
import { silenceHint, unreachableText } from "./hints.ts";
import type { Palette } from "./palette.ts";

/** A change of a server's state, as the monitor reports it. */
export type StateEvent = MonitorEvent & { readonly type: "state" };

/**
 * Writes a change of state, with the server and the time of day on a second line; `undefined` for a
 * change that other lines imply.
 *
 * @param wallMs the moment of the change, Unix milliseconds
 */
export function stateText(
  event: StateEvent,
  target: Endpoint,
  palette: Palette,
  wallMs: number,
): string | undefined {
  const told = tell(event, target);
  if (told === undefined) return undefined;
  const colour = event.to === "down"
    ? palette.bad
    : event.to === "unknown"
    ? palette.warning
    : palette.good;
  return [
    colour(told.line),
    `  ${palette.name(formatEndpoint(target))}, ${formatTimeOfDay(wallMs)}`,
    ...told.besides.flatMap((text) => wrap(text, { before: "  " })),
  ].join("\n");
}

/** What happened, and what there is to say about it. */
interface Told {
  readonly line: string;
  readonly besides: readonly string[];
}

function tell(event: StateEvent, target: Endpoint): Told | undefined {
  switch (event.to) {
    case "down":
      return tellDown(event, target);
    case "unknown":
      return tellUnknown(event);
    case "up":
      return tellUp(event);
    case "suspect":
      // A single loss has a line of its own.
      return undefined;
  }
}

function tellDown(event: StateEvent, target: Endpoint): Told | undefined {
  const { consecutive, worth, unreachable } = event;
  // One that could not be asked, and had stopped before, has answered, but not often enough.
  if (consecutive === 0) {
    return { line: "Server can be asked again, and has begun to answer.", besides: [] };
  }
  const timeouts = consecutive === 1 ? "1 timeout" : `${consecutive} consecutive timeouts`;
  const besides = [
    worth === undefined ? undefined : chanceText(worth),
    unreachable.count > 0 ? unreachableText(unreachable) : silenceHint(target, event),
  ];
  return {
    line: `Server is assumed to have stopped after ${timeouts}.`,
    besides: besides.filter((text) => text !== undefined),
  };
}

function tellUp({ outageMs, reasonBefore, lastKnown }: StateEvent): Told | undefined {
  if (outageMs !== undefined) {
    const low = formatDuration(outageMs.low, Math.floor);
    const high = formatDuration(outageMs.high, Math.ceil);
    return { line: `Server is answering again after an outage of ${low} to ${high}.`, besides: [] };
  }
  // The first reply has a line of its own.
  if (!isExcuse(reasonBefore)) return undefined;
  return {
    line: lastKnown === undefined ? "Server is answering." : "Server is answering again.",
    besides: [],
  };
}

function tellUnknown({ reason, unsent }: StateEvent): Told | undefined {
  // That heartbeats leave again, to a server that was not heard, shows in their own lines.
  if (!isExcuse(reason)) return undefined;
  return {
    line: `The state of the server is unknown: ${blindText(reason)}.`,
    besides: reason === "unsent" ? [`The last error: ${unsent}`] : [],
  };
}

/** Says why nothing is known of a server any more. */
export function blindText(reason: Excuse): string {
  switch (reason) {
    case "unsent":
      return "this machine can't send to it";
    case "asleep":
      return "this machine slept or stood still";
    case "moved":
      return "its name has got another address";
  }
}
