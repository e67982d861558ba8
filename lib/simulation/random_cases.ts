/**
 * Random cases for the properties, by a seed.
 *
 * @module
 */

import type { Random } from "../impairment/random.ts";
import { bytesOf } from "../wire/grammar.ts";
import type { ClientCase, Happening, ServerCase, Step } from "./properties.ts";

/** Pieces of good datagrams: put together at random they come closer to good ones than random bytes do. */
export const FRAGMENTS: readonly string[] = [
  ...["Heartbeat 1 1763824000", "Heartbeat 12 ", "Seq: 1, Time Difference: 0.5 seconds"],
  ...["Heartbeat", "Seq: ", "Seq:", ", Time Difference: ", " seconds", " ", "\t", "\n", ",", "\0"],
  ...["0", "1", "007", "12", "9007199254740991", "9007199254740992", "99999999999999999", "-1"],
  ...[
    "1763824000",
    "1763824000.123456",
    ".",
    "1234567890",
    "0.000123",
    "-0.5",
    "1e9",
    "1.",
    ".5",
    "NaN",
    "\ufeff",
  ],
  ...[" run=", "0123abcd", "0123456789abcdef0123456789abcdef", " mac=", ", Mac: ", "\x1b[2J"],
  ...[", Received: ", ", First: ", ", Highest: ", ", Held: 0.000012", "192.0.2.1", "::ffff:", "::"],
];

/** What may follow the three fields of a datagram. */
export const EXTENSIONS: readonly string[] = [
  ...["", " ", " run=0123abcd", " run=ffffffff", " run=x", " anything else"],
  ...[
    ", Received: 1, First: 1, Highest: 1, Held: 0.000012",
    ", Received: 3, First: 1, Highest: 5, Held: 9.000000",
  ],
  ...[
    ", Received: 2, First: 3, Highest: 4, Held: 0.000000",
    ", Received: 0, First: 9, Highest: 1, Held: 0.1",
  ],
];

/** Where datagrams come from: a few good places, so that they meet again, and such as can't be answered. */
export const HOSTS: readonly string[] = [
  ...["192.0.2.2", "192.0.2.2", "192.0.2.2", "192.0.2.1", "198.51.100.7", "2001:db8::1"],
  ...["::ffff:192.0.2.9", "0.0.0.0", "224.0.0.1", "255.255.255.255", "127.0.0.1"],
];

/** Ports that datagrams come from. */
export const PORTS: readonly number[] = [12000, 12000, 12000, 50000, 50001, 0, 65535];

/** Random bytes, or pieces of good datagrams put together, some of them changed. */
export function randomBytes(random: Random): Uint8Array {
  const below = (limit: number) => Math.floor(random() * limit);
  if (random() < 0.3) return Uint8Array.from({ length: below(80) }, () => below(256));
  const pieces = Array.from({ length: 1 + below(10) }, () => FRAGMENTS[below(FRAGMENTS.length)]!);
  const bytes = bytesOf(pieces.join(random() < 0.5 ? " " : "").repeat(random() < 0.02 ? 40 : 1));
  if (random() < 0.3 && bytes.length > 0) bytes[below(bytes.length)] = below(256);
  return bytes;
}

/** A random server, and what happens to it. */
export function randomServerCase(random: Random): ServerCase {
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    seed: below(1000),
    lossShare: random() < 0.5 ? 0 : random(),
    link: random() < 0.6 ? undefined : {
      delayMs: below(300),
      duplicateShare: random(),
      reorderShare: random(),
      reorderDelayMs: 50,
    },
    keyed: random() < 0.3,
    ratePerPrefix: random() < 0.5 ? undefined : 1 + below(5),
    totalRate: random() < 0.5 ? undefined : 1 + below(5),
    steps: randomSteps(random),
  };
}

/** A random client, and what happens to it. */
export function randomClientCase(random: Random): ClientCase {
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    options: {
      count: below(3) * below(20),
      intervalMs: below(3) * below(500),
      timeoutMs: 1 + below(1000),
      maxLosses: random() < 0.3 ? "auto" : below(5),
      probeFast: random() < 0.3,
      recover: 1 + below(3),
      watch: random() < 0.5,
      reportEveryMs: random() < 0.8 ? undefined : 100 + below(1000),
    },
    keyed: random() < 0.2,
    steps: randomSteps(random),
  };
}

function randomSteps(random: Random): Step[] {
  return Array.from({ length: 1 + Math.floor(random() * 40) }, () => randomStep(random));
}

function randomStep(random: Random): Step {
  return {
    afterMs: random() < 0.3 ? 0 : random() < 0.9 ? random() * 300 : random() * 20_000,
    clockStepMs: random() < 0.95 ? 0 : (random() - 0.5) * 10_000_000,
    happening: randomHappening(random),
  };
}

function randomHappening(random: Random): Happening {
  const below = (limit: number) => Math.floor(random() * limit);
  const from = { hostname: HOSTS[below(HOSTS.length)]!, port: PORTS[below(PORTS.length)]! };
  const kind = random();
  if (kind < 0.002) return { kind: "crowd", first: below(1 << 24), size: below(20_000) };
  if (kind < 0.6) {
    return {
      kind: "good",
      number: below(random() < 0.9 ? 5 : 10_000),
      from,
      short: random() < 0.1,
      extension: EXTENSIONS[below(EXTENSIONS.length)]!,
      damage: random() < 0.8 ? 0 : below(256),
      damageAt: below(100),
    };
  }
  if (kind < 0.8) return { kind: "garbage", bytes: randomBytes(random), from };
  return { kind: (["time passes", "send fails", "receive fails"] as const)[below(3)]! };
}
