/**
 * What the client prints for people.
 *
 * @module
 */

import { type Endpoint, formatEndpoint, sameHost } from "../wire/endpoint.ts";
import { replyText } from "../wire/reply.ts";
import type { ClientEvent } from "./client_events.ts";
import { figuresLines, summaryLines } from "./client_summary.ts";
import { lacksZone, zoneHint } from "./hints.ts";
import { reportLines } from "./interim_report.ts";
import { servingText } from "./serving.ts";
import { heldBackText } from "./reporter.ts";
import { transportText } from "./transport.ts";
import { blindText, stateText } from "./state_lines.ts";
import type { View } from "./view.ts";
import { formatCount, formatDuration, formatTime } from "../text/units.ts";
import { visibleText } from "../text/visible_text.ts";
import { wrap } from "../text/wrap.ts";

/**
 * Writes an event as a person reads it; `undefined` for an event that other lines imply.
 *
 * @param wallMs the moment of the event, Unix milliseconds
 */
export function clientLine(
  event: ClientEvent,
  target: Endpoint,
  view: View,
  wallMs: number,
): string | undefined {
  const { palette } = view;
  const server = formatEndpoint(target);
  switch (event.type) {
    case "start": {
      const { name, count, intervalMs, timeoutMs } = event;
      const named = name === server ? palette.name(server) : `${palette.name(name)} (${server})`;
      const pace = intervalMs === 0 ? "one after the other" : `every ${formatTime(intervalMs)}`;
      const settings = [
        count === 0 ? "until stopped" : formatCount(count, "heartbeat"),
        ...(count === 1 ? [] : [pace]),
        `timeout ${formatTime(timeoutMs)}`,
      ];
      return [
        `Checking ${named}${transportText(event.transport)}`,
        `  ${settings.join(", ")}`,
        ...addressTexts(event, target).flatMap((text) => wrap(text, { before: "  " })),
      ].join("\n");
    }
    case "sent":
      return palette.faint(`Sent: ${event.text}`);
    case "reply": {
      const { seq, timeDifferenceS } = event;
      const reply = timeDifferenceS === undefined
        ? `echo of Heartbeat ${seq}`
        : replyText(seq, timeDifferenceS);
      return `Reply from ${server}: ${reply} (rtt ${event.rttMs.toFixed(3)} ms)`;
    }
    case "timeout":
      // That one was not sent has a line already.
      if (event.excuse === "unsent") return undefined;
      return palette.warning(
        `Heartbeat ${event.seq}: Request timed out` +
          (event.excuse === undefined ? "" : `; ${blindText(event.excuse)} meanwhile`),
      );
    case "late":
      return palette.warning(
        `Heartbeat ${event.seq}: the reply came late, after ${event.rttMs.toFixed(3)} ms; ` +
          "it counts as lost",
      );
    case "duplicate":
      return palette.warning(`Heartbeat ${event.seq}: duplicate reply`);
    case "unexpected":
      return palette.bad(
        `Unexpected ${formatCount(event.bytes, "byte")} from ${formatEndpoint(event.from)}: ` +
          `${unexpectedReason(event, target)}: ${visibleText(event.beginning, event.bytes)}`,
      );
    case "send_failed":
      return palette.bad(`Heartbeat ${event.seq}: could not be sent: ${event.reason}`);
    case "receive_failed":
      return palette.bad(`Could not receive: ${event.reason}`);
    case "held_back":
      return palette.faint(heldBackText(event));
    case "state":
      return stateText(event, target, palette, wallMs);
    case "clock_step":
      return palette.warning(wrap(clockStepText(event)).join("\n"));
    case "stall":
      return palette.warning(
        `This program stood still for at least ${formatDuration(event.lateMs, Math.floor)}: ` +
          "what waited\n  for a reply doesn't count against the server.",
      );
    case "serving":
      return servingText(event);
    case "address": {
      const [from, to] = [formatEndpoint(event.from), formatEndpoint(event.to)];
      const text = `Nothing could be sent to ${from}: ${event.reason}. Going on with ${to}.`;
      return palette.warning(wrap(text).join("\n"));
    }
    case "report":
      return reportLines(event, server, palette, wallMs);
    case "figures_so_far":
      return figuresLines(event, target, view);
    case "summary":
      return summaryLines(event, target, view);
  }
}

/** At most this many other addresses of a name are shown. */
const SHOWN_ADDRESSES = 3;

/** What a person should know about the address that is asked. */
function addressTexts({ others }: ClientEvent & { type: "start" }, target: Endpoint): string[] {
  const texts = [];
  if (others.length > 0) {
    const more = others.length - SHOWN_ADDRESSES;
    const shown = others.slice(0, SHOWN_ADDRESSES).join(", ") +
      (more > 0 ? ` and ${more} more` : "");
    texts.push(`the name has other addresses, too: ${shown}`);
  }
  if (lacksZone(target)) texts.push(zoneHint(target));
  return texts;
}

function clockStepText({ whose, sleepMs }: ClientEvent & { type: "clock_step" }): string {
  if (whose === "server") {
    return "The server's clock has stepped against this machine's; the comparison begins anew.";
  }
  return (sleepMs > 0
    ? `This machine slept for ${formatDuration(sleepMs)}, or its clock was set forward`
    : "This machine's clock has stepped") + "; the comparison with the server's begins anew.";
}

function unexpectedReason(
  { reason, from }: ClientEvent & { type: "unexpected" },
  target: Endpoint,
): string {
  switch (reason) {
    case "wrong_source":
      return `heartbeats go to ${formatEndpoint(target)}, and replies count only from there` +
        (sameHost(from, target) ? "" : ". If it is the same machine, bind its server to " +
          "the right address (server.ts --host)");
    case "unauthenticated":
      return "reply without a code of a key; does that server run without --key-file?";
    case "bad_mac":
      return "reply with a code of another key, or changed on the way";
    case "never_sent":
      return "reply to a heartbeat that was never sent";
    case "too_old":
      return "reply to a heartbeat of long ago, no longer remembered";
    case "no_echo":
      return "reply without the echo that this server's replies had before";
    case "wrong_echo":
      return "echo of another time than the heartbeat's";
    case "empty":
    case "too_long":
    case "not_a_reply":
    case "bad_sequence_number":
      return "not a reply to a heartbeat";
  }
}
