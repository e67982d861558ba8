/**
 * What the server tells: events as lines for people, or as JSON.
 *
 * @module
 */

import type { MalformedReason, ResponderEvent } from "../heartbeat/responder.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { replyText } from "../wire/reply.ts";
import { jsonLine } from "./json_line.ts";
import type { Palette } from "./palette.ts";
import type { HeldBack } from "./reporter.ts";
import { formatCount, formatShare } from "./units.ts";

/** What the server does, and what it tells besides. */
export type ServerEvent =
  | ResponderEvent
  | {
    readonly type: "listening";
    readonly local: Endpoint;
    readonly lossShare: number;
    readonly meanBurst: number | undefined;
    readonly seed: number;
  }
  | HeldBack;

/** Events that only a line for each heartbeat shows: left out when quiet. */
export const SERVER_DETAILS: ReadonlySet<ServerEvent["type"]> = new Set<ServerEvent["type"]>([
  "replied",
  "dropped",
  "malformed",
  "send_failed",
  "receive_failed",
]);

/** Events that anyone on the network can cause at will: limited, see `line_limit.ts`. */
export const SERVER_LIMITED: ReadonlySet<ServerEvent["type"]> = new Set<ServerEvent["type"]>([
  "malformed",
  "send_failed",
  "receive_failed",
]);

/** Writes an event as a person reads it. */
export function serverLine(event: ServerEvent, palette: Palette): string {
  switch (event.type) {
    case "listening": {
      const { local, lossShare, meanBurst, seed } = event;
      const bursts = meanBurst === undefined ? "" : ` in bursts of ${meanBurst} on average`;
      return `UDP Heartbeat Server is running... on ${palette.name(formatEndpoint(local))}, ` +
        `dropping ${formatShare(lossShare)} of heartbeats${bursts} (seed ${seed})`;
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
        `Ignored ${formatCount(event.bytes, "byte")} from ${formatEndpoint(event.client)}: ` +
          MALFORMED[event.reason],
      );
    case "send_failed":
      return palette.bad(
        `Could not answer heartbeat ${event.seq} of ${
          formatEndpoint(event.client)
        }: ${event.reason}`,
      );
    case "receive_failed":
      return palette.bad(`Could not receive: ${event.reason}`);
    case "held_back":
      return palette.faint(`... and ${formatCount(event.lines, "more line")} like these`);
    case "summary": {
      const { received, replied, dropped, malformed, sendFailures, receiveFailures } = event;
      const share = received === 0 ? "" : ` (${(100 * dropped / received).toFixed(3)}%)`;
      const clients = event.moreClients ? `more than ${event.clients}` : event.clients;
      const lines = [
        "--- heartbeat server summary ---",
        `${formatCount(received, "heartbeat")} received from ${clients} ` +
        `${clients === 1 ? "client" : "clients"}, ${replied} answered, ` +
        `${dropped} dropped on purpose${share}`,
        `${formatCount(malformed, "malformed datagram")} ignored`,
      ];
      if (sendFailures > 0) lines.push(`${sendFailures} could not be answered by this machine`);
      if (receiveFailures > 0) lines.push(`${receiveFailures} times the socket could not receive`);
      return lines.join("\n");
    }
  }
}

/** Writes an event as JSON. */
export function serverJson(event: ServerEvent, wallMs: number): string {
  const write = (fields: Parameters<typeof jsonLine>[2]) => jsonLine(event.type, wallMs, fields);
  switch (event.type) {
    case "listening": {
      const { local, lossShare, meanBurst, seed } = event;
      return write({
        address: local.hostname,
        port: local.port,
        loss: lossShare,
        burst: meanBurst,
        seed,
      });
    }
    case "replied": {
      const { client, seq, timeDifferenceS } = event;
      return write({ client, seq, time_difference_s: timeDifferenceS });
    }
    case "dropped":
      return write({ client: event.client, seq: event.seq });
    case "malformed":
      return write({ client: event.client, bytes: event.bytes, reason: event.reason });
    case "send_failed":
      return write({ client: event.client, seq: event.seq, reason: event.reason });
    case "receive_failed":
      return write({ reason: event.reason });
    case "held_back":
      return write({ lines: event.lines });
    case "summary":
      return write({
        received: event.received,
        replied: event.replied,
        dropped: event.dropped,
        malformed: event.malformed,
        clients: event.clients,
        clients_more: event.moreClients,
        send_failures: event.sendFailures,
        receive_failures: event.receiveFailures,
      });
  }
}

const MALFORMED: Readonly<Record<MalformedReason, string>> = {
  empty: "empty datagram",
  too_long: "longer than a heartbeat may be",
  too_short: "too short for its reply, which may be three times as long at most",
  not_a_heartbeat: "not a heartbeat",
  bad_sequence_number: "heartbeat with a bad sequence number",
  bad_time: "heartbeat with a bad time",
};
