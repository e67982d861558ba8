/**
 * The addresses of members that are listed by a name, as name servers tell them.
 *
 * @module
 */

import type { Output } from "../machine/machine.ts";
import type { Blindness } from "./blindness.ts";
import type { FleetEvent } from "./events.ts";
import type { Member } from "./member.ts";
import type { Roster } from "./roster.ts";

/** Where addresses are written down. */
export interface AddressBook {
  /** Finds who has an address, and for whom datagrams from it are. */
  readonly roster: Roster;
  /** Counts sends by address family. */
  readonly blindness: Blindness;
}

/**
 * Sends a member's heartbeats to an address from now on, unless it is another member's: replies
 * from there could not be told apart. Who has an address then keeps it.
 */
export function giveAddress(
  { roster, blindness }: AddressBook,
  member: Member,
  hostname: string,
  nowMs: number,
  outputs: Output<FleetEvent>[],
): void {
  const { endpoint: { port }, unresolved } = member;
  const from = unresolved === undefined ? { ...member.endpoint } : undefined;
  if (from?.hostname === hostname) return;
  const other = roster.at({ hostname, port });
  if (other !== undefined) {
    if (from === undefined) {
      const reason = `${hostname} is the address of ${other.listed.name}, too`;
      denyAddress({ roster, blindness }, member, reason, nowMs, outputs);
    }
    return;
  }
  blindness.forget(member, nowMs, outputs);
  roster.unroute(member);
  member.moveTo(hostname);
  roster.route(member);
  blindness.join(member);
  roster.begin(member, nowMs);
  outputs.push({ type: "moved", member, from, to: { ...member.endpoint } });
}

/**
 * Notes why a member has no address. One that it had before stays: it may answer, whatever name
 * servers say.
 */
export function denyAddress(
  { roster }: AddressBook,
  member: Member,
  reason: string,
  nowMs: number,
  outputs: Output<FleetEvent>[],
): void {
  if (member.unresolved === undefined || member.unresolved === reason) return;
  member.lacksAddress(reason);
  roster.begin(member, nowMs);
  outputs.push({ type: "unresolved", member, reason });
}
