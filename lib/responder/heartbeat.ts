/**
 * A heartbeat on the server's side.
 *
 * @module
 */

import type { Endpoint } from "../wire/endpoint.ts";
import type { Request } from "../wire/request.ts";

/** A valid heartbeat, as the server received it. */
export interface Heartbeat {
  /** The datagram's fields. */
  readonly request: Request;
  /** The whole datagram. */
  readonly bytes: Uint8Array;
  /** The address and port that it came from. */
  readonly from: Endpoint;
  /** When it arrived, milliseconds on the monotonic clock. */
  readonly arrivedMs: number;
  /** The server's receive time less the client's send time, seconds. */
  readonly timeDifferenceS: number;
}
