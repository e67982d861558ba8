/**
 * The server's command line.
 *
 * @module
 */

import { type Limits, RATE_PER_PREFIX, TOTAL_RATE } from "../admission/admission.ts";
import { shortestMeanBurst } from "../impairment/loss.ts";
import { MAX_SEED } from "../impairment/random.ts";
import { REORDER_DELAY_MS, type ReplyImpairment } from "../impairment/reply_link.ts";
import { formatShare } from "../text/units.ts";
import type { Network } from "../wire/network.ts";
import { COMMON_FLAGS, type ListenOptions, listenOptionsOf, VERSION_TEXT } from "./common_flags.ts";
import {
  describe,
  describeFlags,
  type FlagValues,
  type ListFlag,
  readFlags,
  type ValueFlag,
} from "./flags.ts";
import { OperatorError } from "../text/operator_error.ts";
import { network } from "./network_quantity.ts";
import { decimalNumber, localAddress, share, time, wholeNumber } from "./quantity.ts";

/** What the server was asked to do. */
export interface ServerOptions extends ListenOptions {
  /** The UDP port to bind; 0: any free one. */
  readonly port: number;
  /** The address to bind. */
  readonly hostname: string;
  /** Share of heartbeats to drop, 0 to 1. */
  readonly lossShare: number;
  /** Mean length of a run of drops; `undefined`: drops are independent. */
  readonly meanBurst: number | undefined;
  /** Seed that repeats the drops; `undefined`: a random one. */
  readonly seed: number | undefined;
  /** What happens to the replies on their way out. */
  readonly impairment: ReplyImpairment;
  /** How long a client may be silent, milliseconds; `undefined`: its own pace decides. */
  readonly clientTimeoutMs: number | undefined;
  /** The networks that are answered; empty: all. */
  readonly allow: readonly Network[];
  /** How many heartbeats a second are answered. */
  readonly limits: Limits;
  /** The file that holds the key; `undefined`: heartbeats need no key. */
  readonly keyFile: string | undefined;
  /** Whether to leave out the lines for single heartbeats. */
  readonly quiet: boolean;
  /** Whether to print JSON. */
  readonly json: boolean;
}

const DEFAULT_PORT = 12000;
const DEFAULT_HOSTNAME = "0.0.0.0";
const DEFAULT_LOSS_SHARE = 0.3;

const MAX_RATE = 1_000_000_000;
const LONGEST_DELAY_MS = 60_000;
const SHORTEST_CLIENT_TIMEOUT_MS = 1000;
const LONGEST_CLIENT_TIMEOUT_MS = 24 * 3_600_000;

/** The flags of `server.ts`. */
export const SERVER_FLAGS: {
  readonly port: ValueFlag<number>;
  readonly host: ValueFlag<string>;
  readonly loss: ValueFlag<number>;
  readonly burst: ValueFlag<number>;
  readonly seed: ValueFlag<number>;
  readonly delay: ValueFlag<number>;
  readonly jitter: ValueFlag<number>;
  readonly duplicate: ValueFlag<number>;
  readonly reorder: ValueFlag<number>;
  readonly "client-timeout": ValueFlag<number>;
  readonly allow: ListFlag<Network>;
  readonly rate: ValueFlag<number>;
  readonly "total-rate": ValueFlag<number>;
} & typeof COMMON_FLAGS = {
  port: {
    short: "p",
    metavar: "N",
    quantity: wholeNumber(0, 65535),
    help: `UDP port; 0 picks a free one (default ${DEFAULT_PORT})`,
  },
  host: {
    short: "H",
    metavar: "ADDRESS",
    quantity: localAddress,
    help: `address to bind; :: for IPv6 and IPv4 (default ${DEFAULT_HOSTNAME})`,
  },
  loss: {
    short: "l",
    metavar: "SHARE",
    quantity: share,
    help: `share of heartbeats to drop, 0.3 or 30% (default ${formatShare(DEFAULT_LOSS_SHARE)})`,
  },
  burst: {
    metavar: "N",
    quantity: decimalNumber(1, 1_000_000),
    help: "mean length of a run of drops (default: drops are independent)",
  },
  seed: {
    short: "s",
    metavar: "N",
    quantity: wholeNumber(0, MAX_SEED),
    help: "makes the drops repeatable (default: random, printed)",
  },
  delay: {
    metavar: "TIME",
    quantity: time(0, LONGEST_DELAY_MS),
    help: "hold each reply back (default 0)",
  },
  jitter: {
    metavar: "TIME",
    quantity: time(0, LONGEST_DELAY_MS),
    help: "hold it back this much longer on average, drawn for each (default 0)",
  },
  duplicate: {
    metavar: "SHARE",
    quantity: share,
    help: "share of replies to send twice (default 0)",
  },
  reorder: {
    metavar: "SHARE",
    quantity: share,
    help: `share of replies to hold back ${REORDER_DELAY_MS}ms more, to be overtaken (default 0)`,
  },
  "client-timeout": {
    metavar: "TIME",
    quantity: time(SHORTEST_CLIENT_TIMEOUT_MS, LONGEST_CLIENT_TIMEOUT_MS),
    help: "silence after which a client has gone quiet (default: 3 intervals, at least 5s)",
  },
  allow: {
    metavar: "NETWORK",
    quantity: network,
    repeatable: true,
    help: "answer only this address or network; repeatable (default: all)",
  },
  rate: {
    metavar: "N",
    quantity: wholeNumber(0, MAX_RATE),
    help: `heartbeats/s answered for each /24 or IPv6 /56; 0: all (default ${RATE_PER_PREFIX})`,
  },
  "total-rate": {
    metavar: "N",
    quantity: wholeNumber(0, MAX_RATE),
    help: `heartbeats/s answered in all; 0: all (default ${TOTAL_RATE})`,
  },
  ...COMMON_FLAGS,
};

/** The text that `server.ts --help` prints. */
export const SERVER_HELP: string = `${
  describe("Answers UDP heartbeats, and drops some on purpose, so that clients can be tried.")
}

Usage: server.ts [flags]

${describeFlags(SERVER_FLAGS)}

${
  describe(
    "TIME is a number with ms, s, m or h; a bare number is seconds. NETWORK is an address, alone " +
      "or with its prefix length: 192.0.2.0/24. The limits on rates leave this machine out " +
      "unless one is given. Exit codes: 0 after Ctrl-C or SIGTERM, 2 wrong usage or could not " +
      "start.",
  )
}`;

/**
 * Reads the server's command line. Returns its options, or a text to print instead of serving.
 *
 * @throws {OperatorError} when a flag, a value or an argument is wrong
 */
export function readServerOptions(args: readonly string[]): ServerOptions | { print: string } {
  const { flags, positionals } = readFlags(SERVER_FLAGS, args);
  if (flags.help) return { print: SERVER_HELP };
  if (flags.version) return { print: VERSION_TEXT };
  if (positionals.length > 0) {
    throw new OperatorError(
      `unexpected argument ${positionals[0]}; the server takes only flags, --help lists them`,
    );
  }
  return serverOptionsOf(flags);
}

/**
 * Makes the server's options from its flags.
 *
 * @throws {OperatorError} when flags contradict each other, or can have no effect
 */
export function serverOptionsOf(flags: FlagValues<typeof SERVER_FLAGS>): ServerOptions {
  const lossShare = flags.loss ?? DEFAULT_LOSS_SHARE;
  checkBurst(lossShare, flags.burst);
  const { seed, jitter = 0, duplicate = 0, reorder = 0 } = flags;
  if (seed !== undefined && Math.max(lossShare, jitter, duplicate, reorder) === 0) {
    throw new OperatorError(
      "--seed repeats what is drawn, and with --loss 0 nothing is; leave it out, or add --loss, " +
        "--jitter, --duplicate or --reorder",
    );
  }
  return {
    ...listenOptionsOf(flags),
    port: flags.port ?? DEFAULT_PORT,
    hostname: flags.host ?? DEFAULT_HOSTNAME,
    lossShare,
    meanBurst: flags.burst,
    seed: flags.seed,
    impairment: {
      delayMs: flags.delay ?? 0,
      jitterMs: flags.jitter ?? 0,
      duplicateShare: flags.duplicate ?? 0,
      reorderShare: flags.reorder ?? 0,
    },
    clientTimeoutMs: flags["client-timeout"],
    allow: flags.allow,
    limits: readLimits(flags.rate, flags["total-rate"]),
    keyFile: flags["key-file"],
    quiet: flags.quiet,
    json: flags.json,
  };
}

/**
 * Checks that losses of this share can come in bursts of this length.
 *
 * @throws {OperatorError} if they can't
 */
export function checkBurst(lossShare: number, meanBurst: number | undefined): void {
  if (meanBurst === undefined) return;
  if (lossShare === 0) {
    throw new OperatorError("--burst has no meaning when --loss is 0: no heartbeat is dropped");
  }
  if (lossShare === 1) {
    throw new OperatorError(
      "--burst has no meaning when --loss is 100%: every heartbeat is dropped",
    );
  }
  if (meanBurst >= shortestMeanBurst(lossShare)) return;
  throw new OperatorError(
    `--burst can't be ${meanBurst} with a loss of ${formatShare(lossShare)}: ` +
      `expected at least ${Math.ceil(shortestMeanBurst(lossShare) * 1000) / 1000}, or less loss`,
  );
}

/** Without a flag, limits don't apply to this machine itself, where people try things. */
function readLimits(ratePerPrefix: number | undefined, totalRate: number | undefined): Limits {
  const orNone = (rate: number) => rate === 0 ? undefined : rate;
  return {
    ratePerPrefix: orNone(ratePerPrefix ?? RATE_PER_PREFIX),
    totalRate: orNone(totalRate ?? TOTAL_RATE),
    limitLoopback: Math.max(ratePerPrefix ?? 0, totalRate ?? 0) > 0,
  };
}
