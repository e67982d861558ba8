/**
 * What the server prints for people.
 *
 * @module
 */

import type { Limits } from "../admission/admission.ts";
import { REFUSAL_REASONS, type RefusalCounts, type RefusalReason } from "../admission/refusals.ts";
import type { ReplyImpairment } from "../impairment/reply_link.ts";
import type { ClientSummary, MalformedReason, ResponderSummary } from "../responder/events.ts";
import {
  formatCount,
  formatMs,
  formatPercent,
  formatSeconds,
  formatShare,
  formatTime,
} from "../text/units.ts";
import { visibleText } from "../text/visible_text.ts";
import { formatEndpoint } from "../wire/endpoint.ts";
import { replyText } from "../wire/reply.ts";
import { REPLAY_WINDOW_S } from "../wire/seal.ts";
import type { Palette } from "./palette.ts";
import { heldBackText } from "./reporter.ts";
import { CLIENTS_LISTED, type ServerEvent } from "./server_events.ts";

/** Writes an event as a person reads it, on one line or more. */
export function serverLine(event: ServerEvent, palette: Palette): string {
  switch (event.type) {
    case "listening": {
      const { local, lossShare, meanBurst, seed, impairment, allow, limits, keyed } = event;
      const bursts = meanBurst === undefined ? "" : ` in bursts of ${meanBurst} on average`;
      return `UDP Heartbeat Server is running... on ${palette.name(formatEndpoint(local))}, ` +
        `dropping ${formatShare(lossShare)} of heartbeats${bursts}${impairmentText(impairment)}` +
        `${allow.length > 0 ? `, answering only ${allow.join(", ")}` : ""}${limitsText(limits)}` +
        `${keyed ? ", with a key" : ""} (seed ${seed})`;
    }
    case "replied": {
      const reply = replyText(event.seq, event.timeDifferenceS);
      return `Responded to ${formatEndpoint(event.client)} with ${reply}`;
    }
    case "dropped": {
      const client = formatEndpoint(event.client);
      return palette.warning(
        `Simulating packet loss for message from ${client} (Heartbeat ${event.seq})`,
      );
    }
    case "malformed":
      return palette.bad(
        `Ignored ${event.reason === "too_long" ? "at least " : ""}` +
          `${formatCount(event.bytes, "byte")} from ${formatEndpoint(event.client)}: ` +
          `${MALFORMED[event.reason]}: ${visibleText(event.beginning, event.bytes)}`,
      );
    case "client_state": {
      const client = formatEndpoint(event.client);
      return event.to === "down"
        ? palette.warning(
          `Client ${client} is assumed to have stopped: silent for ${
            formatSeconds(event.silentMs)
          }.`,
        )
        : palette.good(`Client ${client} is heard again after ${formatSeconds(event.silentMs)}.`);
    }
    case "send_failed":
      return palette.bad(
        `Could not answer heartbeat ${event.seq} of ${
          formatEndpoint(event.client)
        }: ${event.reason}`,
      );
    case "receive_failed":
      return palette.bad(`Could not receive: ${event.reason}`);
    case "refused":
      return palette.warning(
        `Refused ${refusalsText(event.counts)}; the last from ${formatEndpoint(event.last)}`,
      );
    case "held_back":
      return palette.faint(heldBackText(event));
    case "summary":
      return summaryLines(event);
  }
}

/** Names the limits, if flags set them: only then do they apply to this machine, too. */
function limitsText({ ratePerPrefix, totalRate, limitLoopback }: Limits): string {
  if (!limitLoopback) return "";
  const parts: string[] = [];
  if (ratePerPrefix !== undefined) parts.push(`${ratePerPrefix} for each network`);
  if (totalRate !== undefined) parts.push(`${totalRate} in all`);
  return `, answering at most ${parts.join(" and ")} a second`;
}

function impairmentText(
  { delayMs, jitterMs, duplicateShare, reorderShare }: ReplyImpairment,
): string {
  const parts: string[] = [];
  if (delayMs > 0 || jitterMs > 0) {
    const jitter = jitterMs > 0 ? ` + ${formatTime(jitterMs)} of jitter` : "";
    parts.push(`, delaying replies by ${formatTime(delayMs)}${jitter}`);
  }
  if (duplicateShare > 0) parts.push(`, doubling ${formatShare(duplicateShare)} of them`);
  if (reorderShare > 0) parts.push(`, reordering ${formatShare(reorderShare)} of them`);
  return parts.join("");
}

function summaryLines(summary: ResponderSummary): string {
  const { received, replied, dropped, malformed, overflowed, sendFailures, receiveFailures } =
    summary;
  const { clients, clientsMet, clientsForgotten, refused } = summary;
  const share = received === 0 ? "" : ` (${formatPercent(dropped / received)})`;
  const about = clientsForgotten > 0 ? "about " : "";
  const lines = [
    "--- heartbeat server summary ---",
    `${formatCount(received, "heartbeat")} received from ${about}${
      formatCount(clientsMet, "client")
    }, ` +
    `${replied} answered, ${dropped} dropped on purpose${share}`,
    `${formatCount(malformed, "malformed datagram")} ignored`,
    ...(REFUSAL_REASONS.some((reason) => refused[reason] > 0)
      ? [`Refused: ${refusalsText(refused)}`]
      : []),
    ...clients.slice(0, CLIENTS_LISTED).map(clientLine),
  ];
  if (clients.length > CLIENTS_LISTED) {
    lines.push(`  ... and ${formatCount(clients.length - CLIENTS_LISTED, "more client")}`);
  }
  if (summary.waiting > 0) {
    lines.push(
      `${formatCount(summary.waiting, "delayed reply", "delayed replies")} had not left yet`,
    );
  }
  if (overflowed > 0) {
    lines.push(`${overflowed} delayed replies were lost: too many were on their way`);
  }
  if (sendFailures > 0) lines.push(`${sendFailures} could not be answered by this machine`);
  if (receiveFailures > 0) {
    lines.push(`${formatCount(receiveFailures, "time")} the socket could not receive`);
  }
  return lines.join("\n");
}

function clientLine(client: ClientSummary): string {
  const { received, lost, dropped, limited, duplicates, reordered, restarts } = client;
  const { stopped, silentMs, jitterMs } = client;
  const parts = [
    `${received} received`,
    `${lost} lost on the way here`,
    `${dropped} dropped`,
    `${duplicates} duplicate`,
    `${reordered} reordered`,
  ];
  if (jitterMs !== undefined) parts.push(`jitter ${formatMs(jitterMs)} ms`);
  if (limited > 0) parts.push(`${limited} over the rate limit`);
  if (restarts > 0) parts.push(`started anew ${formatCount(restarts, "time")}`);
  parts.push(`last heard ${formatSeconds(silentMs)} ago${stopped ? ", stopped" : ""}`);
  return `  ${formatEndpoint(client.client)}: ${parts.join(", ")}`;
}

/** Writes the counts of refusals that are not 0. */
function refusalsText(counts: RefusalCounts): string {
  return REFUSAL_REASONS.filter((reason) => counts[reason] > 0)
    .map((reason) => `${formatCount(counts[reason], "datagram")} ${REFUSED[reason]}`)
    .join(", ");
}

const REFUSED: Readonly<Record<RefusalReason, string>> = {
  unanswerable: "from an address or port that can't be answered",
  not_allowed: "from networks that --allow leaves out",
  unauthenticated: "without the key's code, or a run name of 32 digits (client.ts --key-file)",
  bad_mac: "with a code of another key, or changed on the way",
  stale: `with a time more than ${REPLAY_WINDOW_S} s off this clock`,
  replayed: "that had been seen before, or can't be told from such",
  limited: "over the rate limit",
};

const MALFORMED: Readonly<Record<MalformedReason, string>> = {
  empty: "empty datagram",
  too_long: "longer than a heartbeat may be",
  too_short: "too short for its reply, which may be three times as long at most",
  not_a_heartbeat: "not a heartbeat",
  bad_sequence_number: "heartbeat with a bad sequence number",
  bad_time: "heartbeat with a bad time",
};
