/**
 * What the client tells: events as lines for people, or as JSON.
 *
 * @module
 */

import type { MonitorEvent, MonitorSummary, UnexpectedReason } from "../heartbeat/monitor.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { replyText } from "../wire/reply.ts";
import { jsonLine } from "./json_line.ts";
import type { Palette } from "./palette.ts";
import type { HeldBack } from "./reporter.ts";
import { formatCount, formatTime } from "./units.ts";

/** What the client does, and what it tells besides. */
export type ClientEvent =
  | MonitorEvent
  | {
    readonly type: "start";
    readonly name: string;
    readonly count: number;
    readonly intervalMs: number;
    readonly timeoutMs: number;
  }
  | HeldBack;

/** Events that only a line for each heartbeat shows: left out when quiet. */
export const CLIENT_DETAILS: ReadonlySet<ClientEvent["type"]> = new Set<ClientEvent["type"]>([
  "sent",
  "reply",
  "timeout",
  "late",
  "duplicate",
  "unexpected",
  "send_failed",
  "receive_failed",
]);

/** Events that anyone on the network can cause at will: limited, see `line_limit.ts`. */
export const CLIENT_LIMITED: ReadonlySet<ClientEvent["type"]> = new Set<ClientEvent["type"]>([
  "duplicate",
  "unexpected",
  "receive_failed",
]);

/** Writes an event as a person reads it; `undefined` for one that other lines tell already. */
export function clientLine(
  event: ClientEvent,
  target: Endpoint,
  palette: Palette,
): string | undefined {
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
      const reply = replyText(event.seq, event.timeDifferenceS);
      return `Reply from ${server}: ${reply} (rtt ${event.rttMs.toFixed(3)} ms)`;
    }
    case "timeout":
      return palette.warning(`Heartbeat ${event.seq}: Request timed out`);
    case "late":
      return palette.warning(
        `Heartbeat ${event.seq}: late reply after ${event.rttMs.toFixed(3)} ms; it stays lost`,
      );
    case "duplicate":
      return palette.warning(`Heartbeat ${event.seq}: duplicate reply`);
    case "unexpected":
      return palette.bad(
        `Unexpected ${formatCount(event.bytes, "byte")} from ${formatEndpoint(event.from)}: ` +
          unexpectedReason(event.reason, server),
      );
    case "send_failed":
      return palette.bad(`Heartbeat ${event.seq}: could not be sent: ${event.reason}`);
    case "receive_failed":
      return palette.bad(`Could not receive: ${event.reason}`);
    case "held_back":
      return palette.faint(`... and ${formatCount(event.lines, "more line")} like these`);
    case "state":
      return stateLine(event, server, palette);
    case "summary":
      return summaryLines(event, server, palette);
  }
}

/** Writes an event as JSON; `undefined` for one that only people are told. */
export function clientJson(
  event: ClientEvent,
  endpoint: Endpoint,
  wallMs: number,
): string | undefined {
  const target = formatEndpoint(endpoint);
  const write = (fields: Parameters<typeof jsonLine>[2]) => jsonLine(event.type, wallMs, fields);
  switch (event.type) {
    case "start":
      return undefined;
    case "sent":
    case "duplicate":
      return write({ target, seq: event.seq });
    case "reply": {
      const { seq, rttMs, timeDifferenceS } = event;
      return write({ target, seq, rtt_ms: rttMs, time_difference_s: timeDifferenceS });
    }
    case "timeout":
      return write({ target, seq: event.seq, consecutive: event.consecutive });
    case "late":
      return write({ target, seq: event.seq, rtt_ms: event.rttMs });
    case "unexpected":
      return write({ from: event.from, bytes: event.bytes, reason: event.reason });
    case "send_failed":
      return write({ target, seq: event.seq, reason: event.reason });
    case "receive_failed":
      return write({ target, reason: event.reason });
    case "held_back":
      return write({ target, lines: event.lines });
    case "state":
      return write({ target, from: event.from, to: event.to });
    case "summary":
      return write({
        target,
        verdict: event.verdict,
        sent: event.sent,
        received: event.received,
        lost: event.lost,
        outstanding: event.outstanding,
        late: event.late,
        duplicates: event.duplicates,
        unexpected: event.unexpected,
        send_failures: event.sendFailures,
        receive_failures: event.receiveFailures,
        loss_ratio: event.lossRatio,
        rtt_ms: { ...(event.rttMs ?? NO_SPREAD) },
      });
  }
}

const NO_SPREAD: Readonly<Record<string, undefined>> = {
  min: undefined,
  mean: undefined,
  median: undefined,
  p90: undefined,
  p95: undefined,
  p99: undefined,
  max: undefined,
  stddev: undefined,
};

function stateLine(
  event: ClientEvent & { type: "state" },
  server: string,
  palette: Palette,
): string | undefined {
  if (event.to === "down") {
    const lines = [palette.bad(
      `Server is assumed to have stopped after ${event.consecutive} consecutive timeouts.`,
    )];
    if (event.sendFailures > 0) lines.push(notSent(event.sendFailures));
    else if (!event.heard) lines.push(neverAnsweredHint(server));
    return lines.join("\n");
  }
  if (event.from === "down") {
    const seconds = (event.lastedMs / 1000).toFixed(1);
    return palette.good(
      `Server is answering again, ${seconds} s after it was assumed to have stopped.`,
    );
  }
  // Single losses have lines of their own, and every first reply makes a server "up".
  return undefined;
}

function summaryLines(summary: MonitorSummary, server: string, palette: Palette): string {
  const { sent, received, lost, outstanding, late, duplicates, lossRatio, rttMs } = summary;
  const loss = lossRatio === undefined ? "" : ` (${(100 * lossRatio).toFixed(3)}% loss)`;
  const lines = [
    `--- ${server} heartbeat summary ---`,
    `${sent} sent, ${received} received, ${lost} lost${loss}, ${outstanding} outstanding, ` +
    `${late} late, ${formatCount(duplicates, "duplicate")}`,
  ];
  if (rttMs !== undefined) {
    const names = ["min", "mean", "median", "p90", "p95", "p99", "max", "stddev"] as const;
    const figures = names.map((name) => rttMs[name].toFixed(3)).join("/");
    lines.push(`rtt ${names.join("/")} = ${figures} ms`);
  }
  if (summary.unexpected > 0) {
    lines.push(`${formatCount(summary.unexpected, "unexpected datagram")} ignored`);
  }
  if (summary.sendFailures > 0) lines.push(notSent(summary.sendFailures));
  if (summary.receiveFailures > 0) {
    lines.push(`${summary.receiveFailures} times the socket could not receive`);
  }
  lines.push(verdictLine(summary, server, palette));
  return lines.join("\n");
}

function verdictLine(summary: MonitorSummary, server: string, palette: Palette): string {
  switch (summary.verdict) {
    case "alive":
      return palette.good("Verdict: the server is alive.");
    case "stopped":
      return palette.bad("Verdict: the server is assumed to have stopped.");
    case "never_answered":
      if (summary.lost === 0) return palette.warning("Verdict: no answer yet.");
      // A server that is down by the rule of losses has got the hint with that line; and where this machine
      // could not send, the server is not to be suspected.
      return palette.bad("Verdict: the server never answered.") +
        (summary.state === "down" || summary.sendFailures > 0
          ? ""
          : `\n${neverAnsweredHint(server)}`);
  }
}

function notSent(heartbeats: number): string {
  return `${formatCount(heartbeats, "heartbeat")} could not be sent: ` +
    "that is this machine's fault, not the server's.";
}

function neverAnsweredHint(server: string): string {
  return `Nothing was ever heard from ${server}. Is the server running there? Is a firewall between? ` +
    "UDP shows neither.";
}

function unexpectedReason(reason: UnexpectedReason, server: string): string {
  switch (reason) {
    case "wrong_source":
      return `heartbeats go to ${server}, and replies count only from there. If it is the same ` +
        "machine, bind its server to the right address (server.ts --host)";
    case "never_sent":
      return "reply to a heartbeat that was never sent";
    case "too_old":
      return "reply to a heartbeat of long ago, no longer remembered";
    case "empty":
    case "too_long":
    case "not_a_reply":
    case "bad_sequence_number":
      return "not a reply to a heartbeat";
  }
}
