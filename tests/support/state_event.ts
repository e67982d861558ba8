/** A change of a server's state, as the monitor reports it. */

import type { MonitorEvent } from "../../lib/monitor/events.ts";

/** The event of a monitor. */
export type StateEvent = MonitorEvent & { readonly type: "state" };

/** Makes the event of a server that was heard, without any clue or worth, but for what is given. */
export function stateEvent(
  given: Pick<StateEvent, "from" | "to" | "consecutive" | "lastedMs"> & Partial<StateEvent>,
): StateEvent {
  return {
    type: "state",
    heard: true,
    keyed: false,
    unauthentic: 0,
    unanswering: undefined,
    elsewhere: undefined,
    clockSetMs: 0,
    reason: given.to === "up" ? "answered" : given.to === "unknown" ? "unsent" : "unanswered",
    reasonBefore: given.from === "unknown" ? "not_heard" : "answered",
    lastKnown: given.from === "unknown" ? undefined : given.from,
    excused: 0,
    unsent: undefined,
    unreachable: { count: 0, reason: undefined },
    outageMs: undefined,
    worth: undefined,
    ...given,
  };
}
