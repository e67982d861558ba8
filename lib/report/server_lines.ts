/**
 * What the server prints for people.
 *
 * @module
 */

import { auditText } from "../machine/audit.ts";
import type { Limits } from "../admission/admission.ts";
import { REFUSAL_REASONS, type RefusalCounts, type RefusalReason } from "../admission/refusals.ts";
import type { ReplyImpairment } from "../impairment/reply_link.ts";
import type { ClientSummary, MalformedReason, ResponderSummary } from "../responder/events.ts";
import {
  formatCount,
  formatDuration,
  formatMs,
  formatRoughPercent,
  formatShare,
  formatTime,
} from "../text/units.ts";
import { visibleText } from "../text/visible_text.ts";
import { wrap } from "../text/wrap.ts";
import { formatEndpoint } from "../wire/endpoint.ts";
import { replyText } from "../wire/reply.ts";
import { REPLAY_WINDOW_S } from "../wire/seal.ts";
import type { Palette } from "./palette.ts";
import { transportText } from "./transport.ts";
import { servingText } from "./serving.ts";
import { heldBackText } from "./reporter.ts";
import { CLIENTS_LISTED, type ServerEvent } from "./server_events.ts";

/** Writes an event as a person reads it, on one line or more. */
export function serverLine(event: ServerEvent, palette: Palette): string {
  switch (event.type) {
    case "serving":
      return servingText(event);
    case "listening":
      return [
        `UDP Heartbeat Server is running... on ${palette.name(formatEndpoint(event.local))}` +
        transportText(event.transport),
        ...settingsTexts(event).flatMap((text) => wrap(text, { before: "  " })),
      ].join("\n");
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
      const silence = formatDuration(event.silentMs);
      return event.to === "down"
        ? palette.warning(`Client ${client} has gone quiet: nothing was heard for ${silence}.`)
        : palette.good(`Client ${client} is heard again after ${silence}.`);
    }
    case "client_moved":
      return palette.warning(
        `Client ${formatEndpoint(event.from)} goes on from ${formatEndpoint(event.client)}.`,
      );
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
      return summaryLines("summary", event);
    case "figures_so_far":
      return summaryLines("figures so far", event);
  }
}

/** The settings that differ from those of a plain server, but for the loss, which always stands. */
function settingsTexts(event: ServerEvent & { type: "listening" }): string[] {
  const { local, lossShare, meanBurst, seed, impairment, allow, limits, keyed, mapsIPv4 } = event;
  const bursts = meanBurst === undefined ? "" : `, in bursts of ${meanBurst} on average`;
  const texts = [
    lossShare === 0
      ? "drops no heartbeats"
      : `drops ${formatShare(lossShare)} of heartbeats on purpose${bursts} (seed ${seed})`,
    ...impairmentTexts(impairment, lossShare === 0 ? ` (seed ${seed})` : ""),
    ...limitsTexts(limits),
  ];
  if (allow.length > 0) texts.push(`answers only ${allow.join(", ")}`);
  if (keyed) texts.push("answers only heartbeats that are sealed with the key");
  if (local.hostname === "::") {
    texts.push(
      "answers fe80:: addresses by the link that the system chooses; a server with, say, " +
        "--host fe80::1%eth0 answers those on eth0",
    );
  }
  if (mapsIPv4) {
    texts.push("answers IPv4, too, but not from this machine itself: use ::1 on it");
    if (allow.some((network) => network.family === 4)) {
      texts.push(
        "can't tell IPv4 from IPv6 packets that imitate it: IPv4 networks of --allow keep nobody " +
          "out who can send those; a server with --host 0.0.0.0 does",
      );
    }
  }
  return texts;
}

/** Names the limits, if flags set them: only then do they apply to this machine, too. */
function limitsTexts({ ratePerPrefix, totalRate, limitLoopback }: Limits): string[] {
  if (!limitLoopback) return [];
  const perNetwork = `${ratePerPrefix} heartbeats a second per network`;
  if (totalRate === undefined) return [`answers at most ${perNetwork}`];
  return ratePerPrefix === undefined
    ? [`answers at most ${totalRate} heartbeats a second in all`]
    : [`answers at most ${perNetwork}, ${totalRate} in all`];
}

/** @param seed how to repeat what is drawn, where that isn't said yet */
function impairmentTexts(
  { delayMs, jitterMs, duplicateShare, reorderShare }: ReplyImpairment,
  seed: string,
): string[] {
  const texts: string[] = [];
  if (delayMs > 0 || jitterMs > 0) {
    const jitter = jitterMs > 0 ? `, and ${formatTime(jitterMs)} more on average${seed}` : "";
    texts.push(`delays replies by ${formatTime(delayMs)}${jitter}`);
  }
  if (duplicateShare > 0) {
    texts.push(`sends ${formatShare(duplicateShare)} of replies twice${seed}`);
  }
  if (reorderShare > 0) texts.push(`has ${formatShare(reorderShare)} of replies overtaken${seed}`);
  return texts;
}

function summaryLines(title: string, summary: ResponderSummary): string {
  const { received, replied, dropped, malformed, overflowed, sendFailures, receiveFailures } =
    summary;
  const { clients, clientsMet, clientsForgotten, refused } = summary;
  const share = received === 0 ? "" : ` (${formatRoughPercent(dropped / received)})`;
  const about = clientsForgotten > 0 ? "about " : "";
  const lines = [
    `--- heartbeat server ${title} ---`,
    ...wrap(
      `${formatCount(received, "heartbeat")} from ${about}${
        formatCount(clientsMet, "client")
      }: ${replied} answered, ${dropped} dropped on purpose${share}`,
    ),
    ...(malformed > 0 ? [`${formatCount(malformed, "malformed datagram")} ignored`] : []),
    ...(REFUSAL_REASONS.some((reason) => refused[reason] > 0)
      ? wrap(`Refused: ${refusalsText(refused)}`)
      : []),
    ...clients.slice(0, CLIENTS_LISTED).flatMap(clientLines),
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
  const fault = auditText(summary);
  if (fault !== undefined) lines.push(...wrap(fault));
  return lines.join("\n");
}

function clientLines(client: ClientSummary): string[] {
  const { received, lost, dropped, limited, duplicates, reordered, restarts } = client;
  const { stopped, moved, silentMs, jitterMs } = client;
  const parts = [
    `${received} received`,
    ...(dropped > 0 ? [`${dropped} of them dropped on purpose`] : []),
    ...(limited > 0 ? [`${limited} over the rate limit`] : []),
    `${lost} lost on the way out`,
    ...(duplicates > 0 ? [formatCount(duplicates, "duplicate")] : []),
    ...(reordered > 0 ? [`${reordered} reordered`] : []),
    ...(jitterMs === undefined ? [] : [`jitter at the end ${formatMs(jitterMs)} ms`]),
    ...(restarts > 0 ? [`started anew ${formatCount(restarts, "time")}`] : []),
    `last heard ${formatDuration(silentMs)} ago`,
    ...(stopped ? ["gone quiet"] : []),
    ...(moved ? ["goes on from another address"] : []),
  ];
  return [`  ${formatEndpoint(client.client)}`, ...wrap(parts.join(", "), { before: "    " })];
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
  not_permitted: "from addresses that --allow-net leaves out",
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
