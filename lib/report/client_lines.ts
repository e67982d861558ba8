/**
 * What the client prints for people.
 *
 * @module
 */

import type { StateReason } from "../monitor/belief.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { replyText } from "../wire/reply.ts";
import type { ClientEvent } from "./client_events.ts";
import { reportLines, summaryLines, type View } from "./client_summary.ts";
import { silenceHint, unreachableText } from "./hints.ts";
import { verdictWorthLines } from "./verdict_worth_lines.ts";
import type { Palette } from "./palette.ts";
import { heldBackText } from "./reporter.ts";
import { formatCount, formatSeconds, formatTime, formatTimeOfDay } from "../text/units.ts";
import { visibleText } from "../text/visible_text.ts";

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
      const heartbeats = count === 0 ? "until stopped" : formatCount(count, "heartbeat");
      const pace = intervalMs === 0 ? "one after the other" : `every ${formatTime(intervalMs)}`;
      return `Checking ${named}: ${heartbeats}, ${pace}, timeout ${formatTime(timeoutMs)}`;
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
          (event.excuse === undefined ? "" : "; this machine slept or stood still meanwhile"),
      );
    case "late":
      return palette.warning(
        `Heartbeat ${event.seq}: late reply after ${event.rttMs.toFixed(3)} ms; it stays lost`,
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
      return stateLine(event, server, palette, formatTimeOfDay(wallMs));
    case "clock_step":
      return palette.warning(clockStepText(event));
    case "stall":
      return palette.warning(
        `This machine stood still for ${formatSeconds(event.lateMs)}: ` +
          "what was in flight doesn't count against the server.",
      );
    case "report":
      return reportLines(event, server, palette);
    case "summary":
      return summaryLines(event, server, view);
  }
}

function stateLine(
  event: ClientEvent & { type: "state" },
  server: string,
  palette: Palette,
  time: string,
): string | undefined {
  if (event.to === "down") {
    // That one which could not be asked, and had stopped before, answers has lines of its own.
    if (event.consecutive === 0) return undefined;
    const lines = [palette.bad(
      `Server is assumed to have stopped after ${event.consecutive} consecutive timeouts. ` +
        `[${time}]`,
    )];
    if (event.worth !== undefined) lines.push(...verdictWorthLines(event.worth, "down"));
    const hint = event.unreachable.count > 0
      ? unreachableText(event.unreachable)
      : silenceHint(server, event);
    if (hint !== undefined) lines.push(hint);
    return lines.join("\n");
  }
  if (event.to === "unknown") return unknownText(event, palette, time);
  if (event.outageMs !== undefined) {
    const { low, high } = event.outageMs;
    return palette.good(
      `Server is answering again after an outage of ${formatSeconds(low)} to ` +
        `${formatSeconds(high)}. [${time}]`,
    );
  }
  if (event.to === "up" && isBlind(event.reasonBefore)) {
    return palette.good(
      `Server is answering${event.lastKnown === undefined ? "" : " again"}. [${time}]`,
    );
  }
  // A single loss has its own line, and so has the first reply, which makes the server "up".
  return undefined;
}

/** Says that nothing is known any more, and why. */
function unknownText(
  { reason, unsent }: ClientEvent & { type: "state" },
  palette: Palette,
  time: string,
): string | undefined {
  // That heartbeats can be sent again, to a server that was never heard, shows in their own lines.
  if (!isBlind(reason)) return undefined;
  const line = palette.warning(
    `The state of the server is unknown: this machine ${
      reason === "unsent" ? "can't send to it" : "slept or stood still"
    }. [${time}]`,
  );
  return reason === "unsent" ? `${line}\n  The last error: ${unsent}` : line;
}

function isBlind(reason: StateReason): boolean {
  return reason === "unsent" || reason === "asleep";
}

function clockStepText({ whose, sleepMs }: ClientEvent & { type: "clock_step" }): string {
  if (whose === "server") {
    return "The server's clock has stepped against this machine's; the comparison begins anew.";
  }
  return (sleepMs > 0
    ? `This machine slept for ${formatSeconds(sleepMs)}, or its clock was set forward`
    : "This machine's clock has stepped") + "; the comparison with the server's begins anew.";
}

function unexpectedReason(
  { reason, from }: ClientEvent & { type: "unexpected" },
  target: Endpoint,
): string {
  switch (reason) {
    case "wrong_source":
      return `heartbeats go to ${formatEndpoint(target)}, and replies count only from there` +
        (from.hostname === target.hostname
          ? ""
          : ". If it is the same machine, bind its server to " +
            "the right address (server.ts --host)");
    case "unauthenticated":
      return "reply without a code made with the key; that server runs without --key-file";
    case "bad_mac":
      return "reply with a code of another key, or changed on the way";
    case "never_sent":
      return "reply to a heartbeat that was never sent";
    case "too_old":
      return "reply to a heartbeat of long ago, no longer remembered";
    case "wrong_echo":
      return "echo of another time than the heartbeat's";
    case "empty":
    case "too_long":
    case "not_a_reply":
    case "bad_sequence_number":
      return "not a reply to a heartbeat";
  }
}
