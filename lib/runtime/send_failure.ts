/**
 * Whose fault it is that a datagram could not be sent.
 *
 * @module
 */

import type { SendFailure } from "../machine/machine.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { splitZone } from "../wire/zone.ts";
import { linkQuestion, reasonOf } from "./reason.ts";

/** The system's numbers of EHOSTUNREACH and EHOSTDOWN. */
const HOST_UNREACHABLE: Readonly<Record<string, readonly number[]>> = {
  linux: [113, 112],
  android: [113, 112],
  darwin: [65, 64],
  freebsd: [65, 64],
  netbsd: [65, 64],
  windows: [10065, 10064],
  solaris: [148, 147],
  illumos: [148, 147],
};

/** What is said of a name, and of a number, that is no link's. */
const NO_LINK = /lookup address|No such device/;

/**
 * Reads the error of a send.
 *
 * Deno names most errors in `code`, but not EHOSTDOWN: there only the system's number stands in the
 * message.
 *
 * @param to where it should have gone: that its link is gone, the system says in other words
 * @param os the system, as `Deno.build.os` names it
 */
export function sendFailureOf(
  error: unknown,
  to: Endpoint,
  os: string = Deno.build.os,
): SendFailure {
  const { zone } = splitZone(to.hostname);
  const said = reasonOf(error);
  const reason = NO_LINK.test(said) ? `${said}${linkQuestion(zone)}` : said;
  if (!(error instanceof Error)) return { reason, hostUnreachable: false };
  const { code } = error as { code?: unknown };
  const number = Number(/\(os error (\d+)\)/.exec(error.message)?.[1]);
  const hostUnreachable = code === "EHOSTUNREACH" || code === "EHOSTDOWN" ||
    (HOST_UNREACHABLE[os]?.includes(number) ?? false);
  return { reason, hostUnreachable };
}
