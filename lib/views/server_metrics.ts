/**
 * All metrics of a server. Its clients have none of their own: their addresses may be forged, and
 * there is no end of them.
 *
 * @module
 */

import type { ResponderTotals } from "../responder/events.ts";
import { exposition, type Family, labelText, single } from "./exposition.ts";
import { PROGRAM_FAMILIES } from "./program_families.ts";
import type { ServerView } from "./server_view.ts";

const SERVER_FAMILIES: readonly Family<ResponderTotals>[] = [
  single(
    "heartbeat_server_received_total",
    "counter",
    "Heartbeats that were neither malformed nor refused.",
    ({ received }) => received,
  ),
  single(
    "heartbeat_server_replies_total",
    "counter",
    "Replies sent, or tried: those that failed are among them.",
    // A count of good ones would fall when one turns out to have failed.
    ({ replied, sendFailures }) => replied + sendFailures,
  ),
  single(
    "heartbeat_server_dropped_total",
    "counter",
    "Heartbeats dropped on purpose.",
    ({ dropped }) => dropped,
  ),
  {
    name: "heartbeat_server_refused_total",
    type: "counter",
    help: "Datagrams refused because of their sender, seal or rate.",
    write: ({ refused }, sample) => {
      for (const [reason, count] of Object.entries(refused)) {
        sample(count, labelText("reason", reason));
      }
    },
  },
  single(
    "heartbeat_server_malformed_total",
    "counter",
    "Datagrams that were no heartbeats, or too short for their reply.",
    ({ malformed }) => malformed,
  ),
  single(
    "heartbeat_server_waiting",
    "gauge",
    "Delayed replies that have not left yet.",
    ({ waiting }) => waiting,
  ),
  single(
    "heartbeat_server_overflowed_total",
    "counter",
    "Delayed replies that were lost because too many waited.",
    ({ overflowed }) => overflowed,
  ),
  single(
    "heartbeat_server_send_failures_total",
    "counter",
    "Replies that this machine could not send.",
    ({ sendFailures }) => sendFailures,
  ),
  single(
    "heartbeat_server_receive_failures_total",
    "counter",
    "Times that the socket failed to receive.",
    ({ receiveFailures }) => receiveFailures,
  ),
  single(
    "heartbeat_server_clients",
    "gauge",
    "Addresses and ports that heartbeats came from, as far as they are remembered.",
    ({ clientsMet, clientsForgotten }) => clientsMet - clientsForgotten,
  ),
  single(
    "heartbeat_server_clients_met_total",
    "counter",
    "Addresses and ports that heartbeats came from; one that was forgotten counts again.",
    ({ clientsMet }) => clientsMet,
  ),
  single(
    "heartbeat_server_clients_forgotten_total",
    "counter",
    "Clients forgotten to make room for others.",
    ({ clientsForgotten }) => clientsForgotten,
  ),
];

/** Writes all metrics of a server. */
export function* serverMetrics({ totals, program }: ServerView): Generator<string, void> {
  yield* exposition(SERVER_FAMILIES, [{ labels: "", of: totals }]);
  yield* exposition(PROGRAM_FAMILIES, [{ labels: "", of: program }]);
}
