/**
 * Shows what a client knows on the terminal, while it runs. Loaded only where that is wanted.
 *
 * @module
 */

import type { SoloMonitor } from "../monitor/solo_monitor.ts";
import { vitalsOf } from "../monitor/vitals.ts";
import type { ClientEvent } from "../report/client_events.ts";
import type { Palette } from "../report/palette.ts";
import { fleetPanel } from "../views/fleet_panel.ts";
import { Marks } from "../views/marks.ts";
import { soloPanel } from "../views/solo_panel.ts";
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
  readonly report: (event: ClientEvent) => void;
}

/** One server that is shown. */
export interface SoloShown {
  /** The results of its heartbeats. */
  readonly monitor: Pick<SoloMonitor, "parts">;
  /** Where its heartbeats go; its address may still change. */
  readonly target: Endpoint;
  /** From one heartbeat to the next, milliseconds; 0: lock-step. */
  readonly intervalMs: number;
}

/** Shows one server. */
export function showSolo(
  panel: Panel,
  { monitor, target, intervalMs }: SoloShown,
  palette: Palette,
): LiveSolo {
  // A minute fits on a line.
  const heartbeatsAMark = intervalMs === 0 ? 1 : Math.max(1, Math.ceil(1000 / intervalMs));
  const marks = new Marks(heartbeatsAMark);
  let name = formatEndpoint(target);
  let soon: ReturnType<typeof setTimeout> | undefined;
  const lines = () => {
    const { state, reason, stateSinceMs, readAtMs, lastRttMs } = vitalsOf(
      monitor.parts,
      performance.now(),
    );
    const belief = { state, reason, lastedMs: readAtMs - stateSinceMs };
    const now = { name: nameOf(name, target), ...belief, marks, lastRttMs, heartbeatsAMark };
    return soloPanel(now, panel.size.columns, palette);
  };
  const draw = () => {
    clearTimeout(soon);
    soon = undefined;
    panel.tick();
    panel.show(lines());
  };
  const redrawing = setInterval(draw, REDRAW_MS);
  const stopHearing = onContinue(panel, draw);
  return {
    report(event) {
      if (event.type === "start") name = event.name;
      else if (event.type === "sent") marks.sent(event.seq);
      else if (event.type === "reply") marks.answered(event.seq, event.rttMs);
      else if (event.type === "timeout") marks.lost(event.seq, event.excuse !== undefined);
      else if (event.type !== "state" && event.type !== "address") return;
      soon ??= setTimeout(draw, SOON_MS);
    },
    close() {
      clearInterval(redrawing);
      clearTimeout(soon);
      stopHearing();
      panel.close(lines());
    },
  };
}

/** Shows many servers. */
export function showFleet(panel: Panel, watch: () => Watch, palette: Palette): Live {
  let drawing = false;
  let closed = false;
  const lines = () => fleetPanel(watch(), panel.size, palette);
  const draw = async () => {
    panel.tick();
    // Ten thousand take some time, in turns.
    if (drawing) return;
    drawing = true;
    const next = await inTurns(lines());
    if (!closed) panel.show(next);
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
      panel.close(atOnce(lines()));
    },
  };
}

function atOnce<Result>(work: Generator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
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
