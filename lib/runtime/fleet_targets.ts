/**
 * Gathers the servers that a fleet watches, with their addresses as far as they are known soon.
 *
 * @module
 */

import type { ListedTarget } from "../fleet/target_list.ts";
import { refuseRepeated, targetKey } from "../fleet/target_list.ts";
import { readTarget } from "../fleet/target.ts";
import { OperatorError } from "../text/operator_error.ts";
import { addressFamily } from "../wire/address.ts";
import { formatEndpoint } from "../wire/endpoint.ts";
import { resolveHost } from "./resolve.ts";
import { maySend, requireSend } from "./send_permission.ts";
import { readTargetFile } from "./target_file.ts";

/** Which servers to watch. */
export interface TargetSources {
  /** Those of the command line, as they were written. */
  readonly named: readonly string[];
  /** The file that lists more; `undefined`: there is none. */
  readonly file: string | undefined;
  /** From one heartbeat to the next of each server, milliseconds. */
  readonly intervalMs: number;
}

/** The servers of a list. */
export interface GatheredTargets {
  /** The servers, each listed once. */
  readonly targets: readonly ListedTarget[];
  /** The addresses of their names that could be found soon, by their keys; see `targetKey`. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Why the others have none, by their keys; one that is still looked up has no reason yet. */
  readonly failures: ReadonlyMap<string, string>;
}

/** No process sends more heartbeats a second. */
const MOST_PER_SECOND = 100_000;

/** Names whose addresses take longer to find are looked up besides. */
const PATIENCE_MS = 2000;

/** So many names are looked up at once. */
const LOOK_UPS = 8;

/**
 * Reads the lists.
 *
 * @throws {OperatorError} when one can't be read, something in it is wrong, or so many servers
 * can't be asked at that pace
 */
export async function readTargets(
  { named, file, intervalMs }: TargetSources,
  stop?: AbortSignal,
): Promise<ListedTarget[]> {
  const targets = named.map((text, i) => {
    return { ...readTarget(text), name: text, labels: {}, place: `argument ${i + 1}` };
  });
  const listed: ListedTarget[] = file === undefined
    ? targets
    : [...targets, ...await readTargetFile(file, stop)];
  refuseRepeated(listed);
  const perSecond = listed.length * 1000 / intervalMs;
  if (perSecond > MOST_PER_SECOND) {
    throw new OperatorError(
      `${listed.length} servers at --interval ${intervalMs}ms are ${Math.round(perSecond)} ` +
        `heartbeats a second; expected at most ${MOST_PER_SECOND}, so a longer interval`,
    );
  }
  return listed;
}

/**
 * Finds the addresses of servers: those that are listed by an address must be permitted, names may
 * be found later.
 *
 * @param family the only address family in use; `undefined`: both are
 * @throws {OperatorError} when an address can't be sent to, or two names have one
 */
export async function findAddresses(
  targets: readonly ListedTarget[],
  family: 4 | 6 | undefined,
  stop?: AbortSignal,
): Promise<GatheredTargets> {
  const addresses = new Map<string, string>();
  const failures = new Map<string, string>();
  const names: ListedTarget[] = [];
  for (const target of targets) {
    if (addressFamily(target.host) === undefined) names.push(target);
    else addresses.set(targetKey(target), await checkedAddress(target, family, stop));
  }
  await lookUpAll(names, family, { addresses, failures }, stop);
  const owners = new Map<string, ListedTarget>();
  for (const target of targets) {
    const hostname = addresses.get(targetKey(target));
    if (hostname === undefined) continue;
    const endpoint = formatEndpoint({ hostname, port: target.port });
    const owner = owners.get(endpoint);
    if (owner !== undefined) {
      throw new OperatorError(
        `${target.name} (${target.place}) and ${owner.name} (${owner.place}) are both at ` +
          `${endpoint}; list each server once`,
      );
    }
    owners.set(endpoint, target);
  }
  return { targets, addresses, failures };
}

/** The first of a name's addresses that this program may send to. */
export function permittedAddress(
  addresses: readonly string[],
  port: number,
): string | undefined {
  return addresses.find((hostname) => maySend({ hostname, port }));
}

/** Says that this program may send to none of these addresses. */
export function notPermitted(addresses: readonly string[]): string {
  return `no permission to send to ${addresses.join(", ")}`;
}

async function checkedAddress(
  { host, port, place }: ListedTarget,
  family: 4 | 6 | undefined,
  stop: AbortSignal | undefined,
): Promise<string> {
  try {
    const [hostname] = await resolveHost(host, family, stop);
    if (!maySend({ hostname: hostname!, port })) await requireSend({ hostname: hostname!, port });
    return hostname!;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    throw new OperatorError(`${place}: ${error.message}`);
  }
}

/** Where look-ups leave what they find. */
interface Found {
  readonly addresses: Map<string, string>;
  readonly failures: Map<string, string>;
}

/** Looks names up, some at once; those that take longer are left out. */
async function lookUpAll(
  names: readonly ListedTarget[],
  family: 4 | 6 | undefined,
  { addresses, failures }: Found,
  stop: AbortSignal | undefined,
): Promise<void> {
  if (names.length === 0) return;
  const left = [...names];
  let over = false;
  const work = async () => {
    for (let target = left.shift(); target !== undefined && !over; target = left.shift()) {
      const found = await addressOf(target, family, stop);
      if (over) return;
      if ("hostname" in found) addresses.set(targetKey(target), found.hostname);
      else failures.set(targetKey(target), found.reason);
    }
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resume) => timer = setTimeout(resume, PATIENCE_MS));
  await Promise.race([Promise.all(Array.from({ length: LOOK_UPS }, work)), patience]);
  clearTimeout(timer);
  over = true;
}

async function addressOf(
  { host, port }: ListedTarget,
  family: 4 | 6 | undefined,
  stop: AbortSignal | undefined,
): Promise<{ readonly hostname: string } | { readonly reason: string }> {
  try {
    const found = await resolveHost(host, family, stop);
    const hostname = permittedAddress(found, port);
    return hostname === undefined ? { reason: notPermitted(found) } : { hostname };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { reason: error.message };
  }
}
