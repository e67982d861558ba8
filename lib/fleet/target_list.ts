/**
 * Lists of targets: as text, a line each, or in the form of Prometheus' `file_sd`.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import { canonicalAddress } from "../wire/address.ts";
import { splitZone } from "../wire/zone.ts";
import { readTarget, type Target } from "./target.ts";

/** A server to watch, as a list names it. */
export interface ListedTarget extends Target {
  /** What it is called in lines and figures; unless it was given, as it was written. */
  readonly name: string;
  /** What its list says of it besides, in the order of the list. */
  readonly labels: Readonly<Record<string, string>>;
  /** Where it stands, for errors: `rack.txt, line 3`. */
  readonly place: string;
}

/** No list may have more targets: at one a second, one process has no time for them. */
export const MOST_TARGETS = 100_000;

/**
 * Reads a list in the text form: `HOST[:PORT] [name=NAME] [key=value ...]` a line; what follows a
 * `#` at the beginning of a word is a comment.
 *
 * @param source what the list is called in errors, a file's name
 * @throws {OperatorError} which names the line, where one is wrong
 */
export function readTextList(text: string, source: string): ListedTarget[] {
  const targets: ListedTarget[] = [];
  for (const [i, line] of text.replace(/^\ufeff/, "").split(/\r?\n/).entries()) {
    const place = `${source}, line ${i + 1}`;
    const words = line.replace(/(^|\s)#.*$/, "").trim().split(/\s+/).filter((word) => word !== "");
    const [address, ...pairs] = words;
    if (address === undefined) continue;
    const labels = readPairs(pairs, place);
    const { name = address, ...others } = labels;
    targets.push({ ...readAt(address, place), name, labels: others, place });
  }
  return checked(targets, source);
}

/**
 * Reads a list in the form of Prometheus' `file_sd`: groups of `targets` with common `labels`.
 * Labels that begin with `__` are left out, as Prometheus does.
 *
 * @param source what the list is called in errors, a file's name
 * @throws {OperatorError} which names the group and the target, where one is wrong
 */
export function readJsonList(text: string, source: string): ListedTarget[] {
  let groups: unknown;
  try {
    groups = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw new OperatorError(`${source} is no JSON: ${(error as Error).message}`);
  }
  const expected =
    'expected [{"targets": ["HOST:PORT", ...], "labels": {"key": "value", ...}}, ...]';
  if (!Array.isArray(groups)) {
    throw new OperatorError(`${source} is no list of groups; ${expected}`);
  }
  const found: ListedTarget[] = [];
  for (const [i, group] of groups.entries()) {
    const at = `${source}, group ${i + 1}`;
    const { targets, labels = {} } = isObject(group) ? group : {};
    if (!Array.isArray(targets) || !targets.every((target) => typeof target === "string")) {
      throw new OperatorError(`${at} has no list of targets; ${expected}`);
    }
    if (!isObject(labels) || !Object.values(labels).every((value) => typeof value === "string")) {
      throw new OperatorError(`${at} has labels that are no texts; ${expected}`);
    }
    const pairs = Object.entries(labels as Record<string, string>)
      .filter(([key]) => !key.startsWith("__"));
    for (const [key, value] of pairs) checkLabel(key, value, at);
    const { name, ...others } = Object.fromEntries(pairs);
    for (const [j, address] of (targets as string[]).entries()) {
      const place = `${at}, target ${j + 1}`;
      const target = readAt(address, place);
      found.push({ ...target, name: name ?? address, labels: others, place });
    }
  }
  return checked(found, source);
}

/**
 * What a listed target names, as a key that two texts of it share; names are told apart by their
 * letters alone, and addresses without their links, as replies don't say which they came by.
 */
export function targetKey({ host, port }: Target): string {
  const address = canonicalAddress(host);
  const name = address === undefined
    ? host.toLowerCase().replace(/\.$/, "")
    : splitZone(address).address;
  return `${name} ${port}`;
}

/**
 * Makes sure that each server is listed once.
 *
 * @throws {OperatorError} which names the first two targets at one address and port
 */
export function refuseRepeated(targets: readonly ListedTarget[]): void {
  const places = new Map<string, ListedTarget>();
  for (const target of targets) {
    const key = targetKey(target);
    const before = places.get(key);
    if (before !== undefined) {
      throw new OperatorError(
        `${target.name} (${target.place}) has the address and port of ${before.name} ` +
          `(${before.place})${
            before.host.includes("%") ? ", and replies don't say by which link they came" : ""
          }; list each server once`,
      );
    }
    places.set(key, target);
  }
}

function checked(targets: ListedTarget[], source: string): ListedTarget[] {
  if (targets.length === 0) {
    throw new OperatorError(
      `${source} names no server; expected a line each, such as 192.0.2.7:12000 name=web-1`,
    );
  }
  if (targets.length > MOST_TARGETS) {
    throw new OperatorError(
      `${source} names ${targets.length} servers; expected at most ${MOST_TARGETS}`,
    );
  }
  return targets;
}

function readAt(address: string, at: string): Target {
  try {
    return readTarget(address);
  } catch (error) {
    if (error instanceof OperatorError) throw new OperatorError(`${at}: ${error.message}`);
    throw error;
  }
}

function readPairs(words: readonly string[], at: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const word of words) {
    const [, key, value] = /^([^=]*)=(.*)$/.exec(word) ?? [];
    if (key === undefined || value === undefined) {
      throw new OperatorError(
        `${at}: "${word}" is no label; expected key=value without white space, such as rack=r7`,
      );
    }
    checkLabel(key, value, at);
    if (Object.hasOwn(pairs, key)) throw new OperatorError(`${at}: ${key} is given twice`);
    pairs[key] = value;
  }
  return pairs;
}

function checkLabel(key: string, value: string, at: string): void {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/.test(key) || key.startsWith("__")) {
    throw new OperatorError(
      `${at}: ${key || "an empty text"} can't be a label's key; expected letters, digits and _, ` +
        "no digit first and no two _",
    );
  }
  if (key === "target") {
    throw new OperatorError(`${at}: "target" is the address itself; choose another key`);
  }
  // deno-lint-ignore no-control-regex
  if (value === "" || value.length > 500 || /[\0-\x1f\x7f-\x9f]/.test(value)) {
    throw new OperatorError(
      `${at}: the value of ${key} is empty, too long, or has control characters; expected 1 to ` +
        "500 visible characters",
    );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
