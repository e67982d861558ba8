/**
 * What the server prints for programs.
 *
 * @module
 */

import { visibleText } from "../text/visible_text.ts";
import type { ClientSummary } from "../responder/events.ts";
import { jsonLine, type JsonValue } from "./json_line.ts";
import { siteUrl } from "./serving.ts";
import { CLIENTS_LISTED, type ServerEvent } from "./server_events.ts";

/**
 * Writes an event as JSON.
 *
 * @param wallMs the moment of the event, Unix milliseconds
 */
export function serverJson(event: ServerEvent, wallMs: number): string {
  const write = (fields: Parameters<typeof jsonLine>[2]) => jsonLine(event.type, wallMs, fields);
  switch (event.type) {
    case "listening": {
      const { local, lossShare, meanBurst, seed, impairment, allow, limits, keyed } = event;
      return write({
        address: local.hostname,
        port: local.port,
        maps_ipv4: event.mapsIPv4,
        transport: event.transport,
        loss: lossShare,
        burst: meanBurst,
        seed,
        delay_ms: impairment.delayMs,
        jitter_ms: impairment.jitterMs,
        duplicate: impairment.duplicateShare,
        reorder: impairment.reorderShare,
        allow: allow.map(String),
        rate: limits.ratePerPrefix,
        total_rate: limits.totalRate,
        keyed,
      });
    }
    case "serving":
      return write({ url: siteUrl(event.at) });
    case "replied": {
      const { client, seq, timeDifferenceS } = event;
      return write({ client, seq, time_difference_s: timeDifferenceS });
    }
    case "dropped":
      return write({ client: event.client, seq: event.seq });
    case "malformed":
      return write({
        client: event.client,
        bytes: event.bytes,
        reason: event.reason,
        beginning: visibleText(event.beginning, event.bytes),
      });
    case "client_state":
      return write({ client: event.client, to: event.to, silent_s: event.silentMs / 1000 });
    case "client_moved":
      return write({ client: event.client, from: event.from });
    case "send_failed":
      return write({ client: event.client, seq: event.seq, reason: event.reason });
    case "receive_failed":
      return write({ reason: event.reason });
    case "refused":
      return write({ ...event.counts, last: event.last });
    case "held_back":
      return write({ lines: event.lines });
    case "figures_so_far":
    case "summary":
      return write({
        received: event.received,
        replied: event.replied,
        dropped: event.dropped,
        malformed: event.malformed,
        ...event.refused,
        clients: event.clientsMet,
        clients_forgotten: event.clientsForgotten,
        waiting: event.waiting,
        overflowed: event.overflowed,
        send_failures: event.sendFailures,
        receive_failures: event.receiveFailures,
        contradictions: event.contradictions,
        contradiction: event.contradiction,
        busiest: event.clients.slice(0, CLIENTS_LISTED).map(clientFiguresJson),
      });
  }
}

/** What the server knows of a client. */
export function clientFiguresJson(client: ClientSummary): Record<string, JsonValue> {
  return {
    client: client.client,
    received: client.received,
    unique: client.unique,
    duplicates: client.duplicates,
    reordered: client.reordered,
    lost: client.lost,
    dropped: client.dropped,
    limited: client.limited,
    restarts: client.restarts,
    jitter_ms: client.jitterMs,
    last_heard_s_ago: client.silentMs / 1000,
    stopped: client.stopped,
    moved: client.moved,
  };
}
