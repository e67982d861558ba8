/**
 * `deno task fuzz`: a million cases of whatever the network, the clocks and the order of events may do.
 *
 * The properties are those that the tests check in a thousand cases each. Here fast-check makes the cases, and
 * shrinks one that fails to the smallest that still does; it is downloaded by this task only.
 *
 * @module
 */

import fc from "fast-check";
import { describeFlags } from "../cli/flags.ts";
import { COMMON_FLAGS } from "../cli/common_flags.ts";
import { wholeNumber } from "../cli/quantity.ts";
import { MAX_SEED } from "../impairment/random.ts";
import { randomSeed } from "../runtime/entropy.ts";
import { runProgram, type Terminal } from "../runtime/program.ts";
import { readTaskFlags } from "./task_flags.ts";
import {
  checkClient,
  checkDifference,
  checkParsers,
  checkServer,
  type ClientCase,
  type Happening,
  type ServerCase,
  type Step,
} from "../simulation/properties.ts";
import { EXTENSIONS, FRAGMENTS, HOSTS, PORTS } from "../simulation/random_cases.ts";
import { bytesOf } from "../wire/grammar.ts";

const FLAGS = {
  cases: {
    metavar: "N",
    quantity: wholeNumber(100, 1_000_000_000),
    help: "how many cases in all (default 1000000)",
  },
  seed: {
    short: "s",
    metavar: "N",
    quantity: wholeNumber(0, MAX_SEED),
    help: "makes the cases repeatable (default: random, printed)",
  },
  help: COMMON_FLAGS.help,
};

const HELP = `Usage: deno task fuzz [flags]

Checks both parsers and both state machines with arbitrary bytes, orders of events and clocks.

${describeFlags(FLAGS)}`;

const pieces = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 });
const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 100 }),
  pieces.map((words) => bytesOf(words.join(""))),
  pieces.map((words) => bytesOf(words.join(" "))),
  fc.uint8Array({ minLength: 1000, maxLength: 1100 }),
);

const from = fc.record({
  hostname: fc.constantFrom(...HOSTS),
  port: fc.oneof(fc.constantFrom(...PORTS), fc.nat(65535)),
});

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6000,
    arbitrary: fc.record({
      kind: fc.constant("good" as const),
      number: fc.oneof(fc.nat(5), fc.nat(10_000), fc.maxSafeNat()),
      from,
      short: fc.boolean(),
      extension: fc.constantFrom(...EXTENSIONS),
      damage: fc.oneof(fc.constant(0), fc.nat(255)),
      damageAt: fc.nat(100),
    }),
  },
  {
    weight: 2000,
    arbitrary: fc.record({ kind: fc.constant("garbage" as const), bytes, from }),
  },
  {
    weight: 1000,
    arbitrary: fc.constantFrom<Happening>(
      { kind: "time passes" },
      { kind: "send fails" },
      { kind: "receive fails" },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("crowd" as const),
      first: fc.nat(2 ** 24 - 1),
      size: fc.nat(20_000),
    }),
  },
);

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.nat(300), fc.double({ min: 0, max: 100_000, noNaN: true })),
    clockStepMs: fc.oneof(
      { weight: 9, arbitrary: fc.constant(0) },
      fc.double({ min: -1e10, max: 1e10, noNaN: true }),
    ),
    happening,
  }),
  { maxLength: 30 },
);

const share = fc.double({ min: 0, max: 1, noNaN: true });
const perSecond = fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined });

const serverCase: fc.Arbitrary<ServerCase> = fc.record({
  seed: fc.nat(1000),
  lossShare: share,
  link: fc.option(
    fc.record({
      delayMs: fc.nat(300),
      duplicateShare: share,
      reorderShare: share,
      reorderDelayMs: fc.nat(100),
    }),
    { nil: undefined },
  ),
  keyed: fc.boolean(),
  ratePerPrefix: perSecond,
  totalRate: perSecond,
  steps,
});

const clientCase: fc.Arbitrary<ClientCase> = fc.record({
  options: fc.record({
    count: fc.nat(40),
    intervalMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1000 })),
    timeoutMs: fc.integer({ min: 1, max: 1000 }),
    maxLosses: fc.oneof(fc.nat(5), fc.constant("auto" as const)),
    probeFast: fc.boolean(),
    recover: fc.integer({ min: 1, max: 5 }),
    watch: fc.boolean(),
    reportEveryMs: fc.option(fc.integer({ min: 100, max: 5000 }), { nil: undefined }),
  }),
  keyed: fc.boolean(),
  steps,
});

interface Fuzzed {
  readonly name: string;
  /** Its part of all cases. */
  readonly share: number;
  /** Checks so many cases; says which one fails, if one does. */
  readonly run: (seed: number, cases: number) => string | undefined;
}

function fuzzed<Case>(
  name: string,
  share: number,
  cases: fc.Arbitrary<Case>,
  check: (given: Case) => void,
): Fuzzed {
  const property = fc.property(cases, (given) => check(given));
  return {
    name,
    share,
    run(seed, numRuns) {
      const details = fc.check(property, { seed, numRuns });
      return details.failed ? fc.defaultReportMessage(details) : undefined;
    },
  };
}

const ALL: readonly Fuzzed[] = [
  fuzzed("parsers, arbitrary bytes", 0.6, bytes, checkParsers),
  fuzzed(
    "replies, arbitrary times",
    0.2,
    fc.tuple(fc.maxSafeNat(), fc.double({ min: -1e12, max: 1e12, noNaN: true })),
    ([seq, differenceS]) => checkDifference(seq, differenceS),
  ),
  fuzzed("server, arbitrary events", 0.1, serverCase, checkServer),
  fuzzed("client, arbitrary events", 0.1, clientCase, checkClient),
];

// As many at a time, so that Ctrl-C is heard.
const BATCH = 10_000;

async function main(
  args: readonly string[],
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const flags = readTaskFlags(FLAGS, HELP, args);
  if ("print" in flags) {
    terminal.line(flags.print);
    return 0;
  }
  const seed = flags.seed ?? randomSeed();
  terminal.line(`Fuzzing with seed ${seed}`);
  for (const { name, share, run } of ALL) {
    const total = Math.round((flags.cases ?? 1_000_000) * share);
    const startMs = performance.now();
    let done = 0;
    while (done < total && !stop.aborted) {
      const cases = Math.min(BATCH, total - done);
      // fast-check's seeds are 32-bit numbers with a sign.
      const failure = run((seed + done) | 0, cases);
      if (failure !== undefined) {
        terminal.line(`${name}: ${failure}`);
        return 1;
      }
      done += cases;
      await new Promise((resume) => setTimeout(resume, 0));
    }
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    terminal.line(`${name.padEnd(28)}${`${done}`.padStart(8)} cases hold, ${seconds} s`);
    if (stop.aborted) return 1;
  }
  return 0;
}

if (import.meta.main) await runProgram("fuzz", main);
