/**
 * Where to look when heartbeats get no replies.
 *
 * @module
 */

import type { Unsent } from "../monitor/send_failures.ts";
import { formatCount } from "../text/units.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { REPLAY_WINDOW_S } from "../wire/seal.ts";

/** Says that heartbeats could not be sent for reasons of this machine, and what they tell. */
export function unsentText({ count, reason }: Unsent): string {
  return `${formatCount(count, "heartbeat")} could not be sent: ${reason}. ` +
    `${count === 1 ? "It says" : "They say"} nothing about the server.`;
}

/** Says that the host could not be reached, by the system's own account. */
export function unreachableText({ count, reason }: Unsent): string {
  return `${formatCount(count, "heartbeat")} could not be sent to the host: ${reason}. ` +
    `${count === 1 ? "It counts" : "They count"} as lost.`;
}

/** What a client knows about a server that doesn't answer. */
export interface Silence {
  /** Whether it has answered before. */
  readonly heard: boolean;
  /** Whether a key is used. */
  readonly keyed: boolean;
  /** Datagrams from the server that were not sealed with the key. */
  readonly unauthentic: number;
  /** Another endpoint that something came from. */
  readonly elsewhere: Endpoint | undefined;
}

/**
 * Says where to look when a server doesn't answer, or answers wrongly; `undefined` without a clue.
 */
export function silenceHint(server: string, silence: Silence): string | undefined {
  const { heard, keyed, unauthentic, elsewhere } = silence;
  if (unauthentic > 0) {
    return `${server} answers, but not with this key: does it run without --key-file?`;
  }
  if (elsewhere !== undefined) {
    return `Something answers from ${
      formatEndpoint(elsewhere)
    }, and replies count only from ${server}. If ` +
      "that is the same machine, bind its server to the right address (server.ts --host).";
  }
  if (heard) return undefined;
  const silent =
    `Nothing was ever heard from ${server}. Is the server running there? Is a firewall between?`;
  return keyed
    ? `${silent} Has it the same key, and a clock within ${REPLAY_WINDOW_S} s of this one? ` +
      "UDP shows none of these."
    : `${silent} Does it want a key (--key-file), or leave this network out (--allow)? ` +
      "UDP shows none of these.";
}
