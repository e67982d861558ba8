/**
 * The server's command line.
 *
 * @module
 */

import { shortestMeanBurst } from "../impairment/loss.ts";
import { MAX_SEED } from "../impairment/random.ts";
import { formatShare } from "../report/units.ts";
import { COMMON_FLAGS, VERSION } from "./common_flags.ts";
import { describeFlags, readFlags, type ValueFlag } from "./flags.ts";
import { OperatorError } from "./operator_error.ts";
import { decimalNumber, localAddress, share, wholeNumber } from "./quantity.ts";

/** What the server was asked to do. */
export interface ServerOptions {
  /** The UDP port to bind; 0: any free one. */
  readonly port: number;
  /** The address to bind. */
  readonly hostname: string;
  /** Share of heartbeats to drop, 0 to 1. */
  readonly lossShare: number;
  /** Mean length of a run of drops; `undefined`: drops are independent. */
  readonly meanBurst: number | undefined;
  /** Seed of the drops; `undefined`: one that nobody knows yet. */
  readonly seed: number | undefined;
  /** Whether to leave out the lines for single heartbeats. */
  readonly quiet: boolean;
  /** Whether to print JSON. */
  readonly json: boolean;
}

/** The flags of `server.ts`. */
export const SERVER_FLAGS: {
  readonly port: ValueFlag<number>;
  readonly host: ValueFlag<string>;
  readonly loss: ValueFlag<number>;
  readonly burst: ValueFlag<number>;
  readonly seed: ValueFlag<number>;
} & typeof COMMON_FLAGS = {
  port: {
    short: "p",
    metavar: "N",
    quantity: wholeNumber(0, 65535),
    help: "UDP port; 0 picks a free one (default 12000)",
  },
  host: {
    short: "H",
    metavar: "ADDRESS",
    quantity: localAddress,
    help: "address to bind (default 0.0.0.0)",
  },
  loss: {
    short: "l",
    metavar: "SHARE",
    quantity: share,
    help: "share of heartbeats to drop, 0.3 or 30% (default 30%)",
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
  ...COMMON_FLAGS,
};

/** The text that `server.ts --help` prints. */
export const SERVER_HELP: string =
  `Answers UDP heartbeats, and drops some on purpose, so that clients can be tried.

Usage: server.ts [flags]

${describeFlags(SERVER_FLAGS)}

Exit codes: 0 after Ctrl-C or SIGTERM, 2 wrong usage or could not start.`;

/**
 * Reads the server's command line: its options, or a text to print instead of serving.
 *
 * @throws {OperatorError} when it isn't right
 */
export function readServerOptions(args: readonly string[]): ServerOptions | { print: string } {
  const { flags, positionals } = readFlags(SERVER_FLAGS, args);
  if (flags.help) return { print: SERVER_HELP };
  if (flags.version) return { print: VERSION };
  if (positionals.length > 0) {
    throw new OperatorError(
      `unexpected argument ${positionals[0]}; the server takes only flags, --help lists them`,
    );
  }
  const lossShare = flags.loss ?? 0.3;
  if (flags.burst !== undefined && flags.burst < shortestMeanBurst(lossShare)) {
    const shortest = Math.ceil(shortestMeanBurst(lossShare) * 1000) / 1000;
    throw new OperatorError(
      lossShare === 1
        ? "--burst has no meaning when --loss is 100%: every heartbeat is dropped"
        : `--burst can't be ${flags.burst} with a loss of ${formatShare(lossShare)}: ` +
          `expected at least ${shortest}, or less loss`,
    );
  }
  return {
    port: flags.port ?? 12000,
    hostname: flags.host ?? "0.0.0.0",
    lossShare,
    meanBurst: flags.burst,
    seed: flags.seed,
    quiet: flags.quiet,
    json: flags.json,
  };
}
