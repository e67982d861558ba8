/**
 * Random cases for the properties; a seed repeats each.
 *
 * @module
 */

import type { Random } from "../../lib/impairment/random.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import {
  type ClientCase,
  type Happening,
  RIGHT_ECHO,
  type ServerCase,
  type Step,
} from "./properties.ts";

/** Pieces of good datagrams: joined at random, they come closer to good ones than random bytes. */
const FRAGMENTS = [
  ["Heartbeat 1 1763824000", "Heartbeat 12 ", "Seq: 1, Time Difference: 0.5 seconds"],
  [
    "Heartbeat",
    "hb",
    "Seq: ",
    "Seq:",
    ", Time Difference: ",
    " seconds",
    " ",
    "\t",
    "\n",
    ",",
    "\0",
  ],
  ["0", "1", "007", "12", "9007199254740991", "9007199254740992", "99999999999999999", "-1"],
  [
    "1763824000",
    "1763824000.123456",
    "1763824000.123456467",
    ".",
    "1234567890",
    "0.000123",
    "-0.5",
    "1e9",
    "1.",
    ".5",
  ],
  ["NaN", "\ufeff", " run=", "0123abcd", "0123456789abcdef0123456789abcdef", " mac=", ", Mac: "],
  ["\x1b[2J", ", Echo: 123456014", ", Count: ", "/", "-", ", Held: 0.000012"],
  ["192.0.2.1", "::ffff:", "::", "fe80::1", "[", "]", "%", "%eth0", "%2", ":12000"],
].flat();

/** What may follow the three fields of a datagram. */
const EXTENSIONS = [
  "",
  " ",
  " run=x",
  ", Echo: 123456789, Count: 1/1-1",
  `, Echo: ${RIGHT_ECHO}`,
  `, Echo: ${RIGHT_ECHO}, Count: 1/1-1`,
  `, Echo: ${RIGHT_ECHO}, Count: 2/1-3, Held: 0.000012`,
  "\\0\\0",
  " anything else",
  ", Count: 1/1-1, Held: 0.000012",
  ", Count: 3/1-5, Held: 9.000000",
  ", Count: 2/3-4, Held: 0.000000",
  ", Count: 0/9-1, Held: 0.1",
];

/** Where datagrams come from: a few good hosts, so that they meet again, and unanswerable ones. */
const HOSTS = [
  ["192.0.2.2", "192.0.2.2", "192.0.2.2", "192.0.2.1", "198.51.100.7", "2001:db8::1"],
  ["::ffff:192.0.2.9", "0.0.0.0", "224.0.0.1", "255.255.255.255", "127.0.0.1"],
].flat();

const PORTS = [12000, 12000, 12000, 50000, 50001, 0, 65535];

/** Pieces of addresses and of servers' names, joined at random. */
export function randomAddress(random: Random): string {
  const draw = drawing(random);
  const pieces = [
    "fe80::1",
    "fe80:",
    ":",
    "::",
    "1",
    "ff",
    "192.0.2.1",
    "%",
    "eth0",
    "%eth0",
    "%2",
  ];
  const around = ["[", "]", "]:12000", ":12000", "/64", " ", "\0", "localhost"];
  return Array.from(
    { length: 1 + draw.below(6) },
    () => draw.of(draw.chance(0.8) ? pieces : around),
  ).join("");
}

/** Random bytes, or pieces of good datagrams joined and perhaps changed; up to some kilobytes. */
export function randomBytes(random: Random): Uint8Array {
  const draw = drawing(random);
  const kind = random();
  if (kind < 0.3) return Uint8Array.from({ length: draw.below(100) }, () => draw.below(256));
  // Around the largest datagram there may be.
  if (kind < 0.32) {
    return Uint8Array.from({ length: 1000 + draw.below(100) }, () => draw.below(256));
  }
  const pieces = Array.from({ length: draw.below(12) }, () => draw.of(FRAGMENTS));
  const text = pieces.join(draw.chance(0.5) ? " " : "").repeat(draw.chance(0.02) ? 40 : 1);
  const bytes = bytesOf(text);
  if (draw.chance(0.3) && bytes.length > 0) bytes[draw.below(bytes.length)] = draw.below(256);
  return bytes;
}

/** A random sequence number, and a time difference of 1 us to a million million seconds. */
export function randomDifference(random: Random): [seq: number, timeDifferenceS: number] {
  const sign = random() < 0.5 ? -1 : 1;
  return [Math.floor(random() * 2 ** 53), sign * 10 ** (random() * 18 - 6)];
}

/** A random server, and what happens to it. */
export function randomServerCase(random: Random): ServerCase {
  const draw = drawing(random);
  return {
    seed: draw.below(1000),
    lossShare: draw.chance(0.5) ? 0 : random(),
    link: draw.chance(0.6) ? undefined : {
      delayMs: draw.below(300),
      duplicateShare: random(),
      reorderShare: random(),
      reorderDelayMs: draw.below(100),
    },
    keyed: draw.chance(0.3),
    ratePerPrefix: draw.chance(0.5) ? undefined : 1 + draw.below(20),
    totalRate: draw.chance(0.5) ? undefined : 1 + draw.below(20),
    steps: randomSteps(random),
  };
}

/** A random client, and what happens to it. */
export function randomClientCase(random: Random): ClientCase {
  const draw = drawing(random);
  return {
    options: {
      count: draw.below(3) * draw.below(20),
      intervalMs: draw.below(3) * draw.below(500),
      timeoutMs: 1 + draw.below(1000),
      maxLosses: draw.chance(0.3) ? "auto" : draw.below(6),
      probeFast: draw.chance(0.3),
      recover: 1 + draw.below(5),
      watch: draw.chance(0.5),
      reportEveryMs: draw.chance(0.8) ? undefined : 100 + draw.below(5000),
    },
    keyed: draw.chance(0.2),
    steps: randomSteps(random),
  };
}

function randomSteps(random: Random): Step[] {
  return Array.from({ length: 1 + Math.floor(random() * 40) }, () => randomStep(random));
}

function randomStep(random: Random): Step {
  const pace = random();
  return {
    afterMs: random() * (pace < 0.3 ? 0 : pace < 0.9 ? 300 : pace < 0.99 ? 20_000 : 100_000),
    // Small steps and such as a machine makes whose clock was wrong by months.
    clockStepMs: random() < 0.95 ? 0 : (random() - 0.5) * (random() < 0.5 ? 1e7 : 2e10),
    happening: randomHappening(random),
  };
}

function randomHappening(random: Random): Happening {
  const draw = drawing(random);
  const from = { hostname: draw.of(HOSTS), port: draw.of(PORTS) };
  const kind = random();
  // More sources than any table has places for; rare, as one takes longer than all else together.
  if (kind < 0.0005) return { kind: "crowd", first: draw.below(1 << 24), size: draw.below(20_000) };
  if (kind < 0.6) {
    return {
      kind: "good",
      number: draw.below(draw.chance(0.9) ? 5 : draw.chance(0.9) ? 10_000 : 2 ** 53),
      from,
      short: draw.chance(0.1),
      extension: draw.of(EXTENSIONS),
      damage: draw.chance(0.8) ? 0 : draw.below(256),
      damageAt: draw.below(100),
    };
  }
  if (kind < 0.8) return { kind: "garbage", bytes: randomBytes(random), from };
  if (kind < 0.87) return { kind: "send fails", unreachable: draw.chance(0.3) };
  return { kind: draw.of(["time passes", "receive fails"]) };
}

/** Ways to draw from a source of random numbers. */
function drawing(random: Random) {
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    below,
    chance: (share: number) => random() < share,
    of: <Item>(items: readonly Item[]) => items[below(items.length)]!,
  };
}
