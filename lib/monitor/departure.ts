/**
 * A heartbeat on its way out: it is written when it leaves, with the time at which it does.
 *
 * @module
 */

import type { Departure } from "../machine/machine.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { Protocol } from "../wire/protocol.ts";
import type { MonitorEvent } from "./events.ts";
import type { Ledger } from "./ledger.ts";

/** Makes the departure of a heartbeat that the ledger knows. */
export function departureOf(
  seq: number,
  to: Endpoint,
  protocol: Protocol,
  ledger: Ledger,
): Departure<MonitorEvent> {
  let writtenAtMs = 0;
  return {
    type: "departure",
    to,
    seq,
    leave: ({ wallMs, monotonicMs }) => {
      writtenAtMs = monotonicMs;
      const { bytes, text } = protocol.encode(seq, wallMs);
      ledger.left(seq, wallMs);
      return { bytes, event: { type: "sent", seq, text } };
    },
    left: (monotonicMs) => ledger.sentAt(seq, monotonicMs, monotonicMs - writtenAtMs),
  };
}
