/**
 * Where to look when heartbeats get no replies.
 *
 * @module
 */

import type { Clues, Strays } from "../monitor/inbox.ts";
import type { Unsent } from "../monitor/send_failures.ts";
import { formatCount, formatDuration } from "../text/units.ts";
import { visibleText } from "../text/visible_text.ts";
import { isLinkLocal } from "../wire/address.ts";
import { type Endpoint, formatEndpoint, sameHost } from "../wire/endpoint.ts";
import { REPLAY_WINDOW_S } from "../wire/seal.ts";
import { splitZone } from "../wire/zone.ts";

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
export interface Silence extends Clues {
  /** Whether it has answered before. */
  readonly heard: boolean;
  /** By how much this machine's clock was set since the last reply, milliseconds. */
  readonly clockSetMs: number;
}

/**
 * Says what came instead of replies, or else where to look; `undefined` without a clue about a
 * server that was heard before.
 */
export function silenceHint(target: Endpoint, silence: Silence): string | undefined {
  const server = formatEndpoint(target);
  const { heard, keyed, unauthentic, unanswering, elsewhere, clockSetMs } = silence;
  if (unauthentic > 0) {
    return `${formatCount(unauthentic, "datagram")} came from ${server} without a valid code of ` +
      `this key. Does the server run without --key-file, or with another key?`;
  }
  if (unanswering?.last.reason === "no_echo") {
    return `${straysText(unanswering)} without the echo that its replies had before. Has another ` +
      "program taken its place, or does somebody forge them?";
  }
  if (unanswering !== undefined) {
    return `${straysText(unanswering)}, but no reply to a heartbeat of this run. ` +
      lastText(unanswering);
  }
  if (elsewhere !== undefined) return elsewhereText(elsewhere, target);
  if (heard) return keyed ? keyedText(clockSetMs) : undefined;
  const silent = `Nothing was heard from ${server}. Is the server running there? ` +
    `Is a firewall in between?${
      lacksZone(target) ? ` Is it on another link? ${zoneHint(target)}.` : ""
    }`;
  const rest = keyed
    ? `Does it have the same key, and a clock within ${REPLAY_WINDOW_S} s of this one?`
    : "Does it need a key (--key-file)? Does its --allow leave this address out?";
  return `${silent} ${rest} From here, all of these look the same.`;
}

/** Whether an address lies on a link that it doesn't name, so that the system chooses one. */
export function lacksZone({ hostname }: Endpoint): boolean {
  return isLinkLocal(hostname) && splitZone(hostname).zone === undefined;
}

/** Says how the link of such an address is named. */
export function zoneHint({ hostname, port }: Endpoint): string {
  const named = formatEndpoint({ hostname: `${hostname}%eth0`, port });
  return `The system chooses the link of ${hostname}; name one, as in ${named}`;
}

/** Says which datagrams came, and from where. */
export function straysText({ count, last: { from } }: Strays): string {
  return `${formatCount(count, "datagram")} came from ${formatEndpoint(from)}`;
}

function elsewhereText(elsewhere: Strays, target: Endpoint): string {
  const mend = sameHost(elsewhere.last.from, target)
    ? "The server must answer from the port that it is asked on."
    : "If that is the same machine, bind its server to the right address (server.ts --host).";
  return `${straysText(elsewhere)}, but replies count only from ${formatEndpoint(target)}. ` +
    `${lastText(elsewhere)} ${mend}`;
}

function lastText({ count, last: { beginning, bytes } }: Strays): string {
  return `${count === 1 ? "It" : "The last"} began ${visibleText(beginning, bytes)}.`;
}

/** A server with a key refuses heartbeats for their time, and says nothing. */
function keyedText(clockSetMs: number): string {
  const refuses = `a server with a key refuses heartbeats whose time is more than ` +
    `${REPLAY_WINDOW_S} s off`;
  if (Math.abs(clockSetMs) < 1000) return `Were the clocks set? For ${refuses}.`;
  const by = formatDuration(Math.abs(clockSetMs));
  const set = clockSetMs < 0 ? `set ${by} back` : `set ${by} forward, or it slept`;
  return `Since the last reply this machine's clock was ${set}: ${refuses}.`;
}
