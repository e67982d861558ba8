/**
 * Shows what a client knows on the terminal, while it runs. Loaded only where that is wanted.
 *
 * @module
 */

import type { Instant } from "../machine/machine.ts";
import type { ClientEvent } from "../report/client_events.ts";
import type { Palette } from "../report/palette.ts";
import { fleetPanel } from "../views/fleet_panel.ts";
import { Marks } from "../views/marks.ts";
import { type SoloNow, soloPanel } from "../views/solo_panel.ts";
import type { Watch } from "../views/watch.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { inTurns } from "./in_turns.ts";
import type { Panel } from "./panel.ts";

/** How often it is redrawn, milliseconds: so that what lasts shows how long. */
const REDRAW_MS = 1000;

/** After a heartbeat it is redrawn so soon, milliseconds. */
const SOON_MS = 100;

/** Something that is shown. */
export interface Live {
  /** Draws it for the last time, which stays. */
  readonly close: () => void;
}

/** What is shown of one server. */
export interface LiveSolo extends Live {
  /** Takes the events of its client. */
  readonly report: (event: ClientEvent, now: Instant) => void;
}

/**
 * Shows one server.
 *
 * @param target where heartbeats go; its address may still change
 * @param intervalMs from one heartbeat to the next; 0: lock-step
 */
export function showSolo(
  panel: Panel,
  target: Endpoint,
  intervalMs: number,
  palette: Palette,
): LiveSolo {
  // A minute fits on a line.
  const heartbeatsAMark = intervalMs === 0 ? 1 : Math.max(1, Math.ceil(1000 / intervalMs));
  const marks = new Marks(heartbeatsAMark);
  let name = formatEndpoint(target);
  let lastRttMs: number | undefined;
  let belief: Pick<SoloNow, "state" | "reason"> = { state: "unknown", reason: "not_heard" };
  let sinceMs: number | undefined;
  let soon: ReturnType<typeof setTimeout> | undefined;
  const draw = () => {
    clearTimeout(soon);
    soon = undefined;
    if (sinceMs === undefined) return;
    const lastedMs = performance.now() - sinceMs;
    const now = { name, ...belief, lastedMs, marks, lastRttMs, heartbeatsAMark };
    panel.show(soloPanel(now, panel.size.columns, palette));
  };
  const redrawing = setInterval(draw, REDRAW_MS);
  const stopHearing = onContinue(panel, draw);
  return {
    report(event, { monotonicMs }) {
      sinceMs ??= monotonicMs;
      if (event.type === "start") name = nameOf(event.name, target);
      else if (event.type === "sent") marks.sent(event.seq);
      else if (event.type === "reply") {
        marks.answered(event.seq, event.rttMs);
        lastRttMs = event.rttMs;
      } else if (event.type === "timeout") marks.lost(event.seq, event.excuse !== undefined);
      else if (event.type === "state") {
        belief = { state: event.to, reason: event.reason };
        // A doubt ends no "up".
        if (isHeard(event.to) !== isHeard(event.from)) sinceMs = monotonicMs;
      } else if (event.type === "address") name = formatEndpoint(event.to);
      else return;
      soon ??= setTimeout(draw, SOON_MS);
    },
    close() {
      clearInterval(redrawing);
      stopHearing();
      draw();
      panel.close();
    },
  };
}

/** Shows many servers. */
export function showFleet(panel: Panel, watch: () => Watch, palette: Palette): Live {
  let drawing = false;
  let closed = false;
  const draw = async () => {
    // Ten thousand take some time, in turns.
    if (drawing) return;
    drawing = true;
    const lines = await inTurns(fleetPanel(watch(), panel.size, palette));
    if (!closed) panel.show(lines);
    drawing = false;
  };
  const redrawing = setInterval(draw, REDRAW_MS);
  const stopHearing = onContinue(panel, draw);
  return {
    close() {
      if (closed) return;
      closed = true;
      clearInterval(redrawing);
      stopHearing();
      panel.close();
    },
  };
}

/** After Ctrl-Z and fg, the shell's lines stand where the panel did. */
function onContinue(panel: Panel, draw: () => void): () => void {
  if (Deno.build.os === "windows") return () => {};
  const listener = () => {
    panel.abandon();
    draw();
  };
  Deno.addSignalListener("SIGCONT", listener);
  return () => Deno.removeSignalListener("SIGCONT", listener);
}

function nameOf(name: string, target: Endpoint): string {
  const address = formatEndpoint(target);
  return name === address ? name : `${name} (${address})`;
}

function isHeard(state: SoloNow["state"]): boolean {
  return state === "up" || state === "suspect";
}
