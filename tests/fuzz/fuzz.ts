/**
 * `deno task fuzz`: a million cases of what the network, the clocks and the order of events may do.
 *
 * It checks the properties that `properties_test.ts` checks in a thousand cases each. Every case
 * comes from a seed of its own, and that seed alone repeats it.
 *
 * @module
 */

import { COMMON_FLAGS } from "../../lib/cli/common_flags.ts";
import type { FlagValues } from "../../lib/cli/flags.ts";
import { wholeNumber } from "../../lib/cli/quantity.ts";
import { MAX_SEED, type Random, seededRandom } from "../../lib/impairment/random.ts";
import { randomSeed } from "../../lib/runtime/entropy.ts";
import type { Terminal } from "../../lib/runtime/program.ts";
import { Progress } from "../../lib/tasks/progress.ts";
import { tableRow } from "../../lib/tasks/table_row.ts";
import { runTask, taskHelp } from "../../lib/tasks/task_flags.ts";
import {
  checkAddress,
  checkClient,
  checkDifference,
  checkParsers,
  checkServer,
} from "./properties.ts";
import {
  randomAddress,
  randomBytes,
  randomClientCase,
  randomDifference,
  randomServerCase,
} from "./random_cases.ts";

const FLAGS = {
  cases: {
    metavar: "N",
    quantity: wholeNumber(1, 1_000_000_000),
    help: "how many cases (default 1000000)",
  },
  seed: {
    short: "s",
    metavar: "N",
    quantity: wholeNumber(0, MAX_SEED),
    help: "seed of the first case; each further case has the next seed (default: random, printed)",
  },
  help: COMMON_FLAGS.help,
};

const HELP = taskHelp(
  "fuzz",
  "Checks both parsers and both state machines with arbitrary bytes, orders of events and clocks. " +
    'A case that fails is printed with its seed; "deno task fuzz --seed N --cases 1" repeats it.',
  FLAGS,
  "Exit codes: 0 all cases hold; 1 one does not, or Ctrl-C; 2 wrong usage.",
);

interface Target {
  readonly name: string;
  /** Its share of all cases. */
  readonly share: number;
  readonly check: (random: Random) => void;
}

const TARGETS: readonly Target[] = [
  {
    name: "parsers, arbitrary bytes",
    share: 0.5,
    check: (random) => checkParsers(randomBytes(random)),
  },
  {
    name: "addresses, arbitrary text",
    share: 0.1,
    check: (random) => checkAddress(randomAddress(random)),
  },
  {
    name: "replies, arbitrary times",
    share: 0.2,
    check: (random) => checkDifference(...randomDifference(random)),
  },
  {
    name: "server, arbitrary events",
    share: 0.1,
    check: (random) => checkServer(randomServerCase(random)),
  },
  {
    name: "client, arbitrary events",
    share: 0.1,
    check: (random) => checkClient(randomClientCase(random)),
  },
];

/** Cases between two looks at Ctrl-C. */
const BATCH = 1000;

const row = tableRow(28, 10);

async function main(
  flags: FlagValues<typeof FLAGS>,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const progress = new Progress(terminal);
  const firstSeed = flags.seed ?? randomSeed();
  const cases = flags.cases ?? 1_000_000;
  const held = new Map(TARGETS.map(({ name }) => [name, 0]));
  const startMs = performance.now();
  await progress.print(`Fuzzing with seed ${firstSeed}`);
  for (let done = 0; done < cases; done++) {
    if (done % BATCH === 0) await progress.bar(done, cases);
    if (stop.aborted) break;
    const seed = (firstSeed + done) % (MAX_SEED + 1);
    const random = seededRandom(seed);
    const { name, check } = targetFor(random());
    try {
      check(random);
    } catch (error) {
      await progress.print(`${name}: ${error instanceof Error ? error.stack : error}`);
      await progress.print(`To repeat it: deno task fuzz --seed ${seed} --cases 1`);
      return 1;
    }
    held.set(name, held.get(name)! + 1);
  }
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  await progress.print(
    ...[...held].map(([name, count]) => `${row(name, `${count}`)} cases hold`),
    `in ${seconds} s`,
  );
  return stop.aborted ? 1 : 0;
}

/** The target that a number in [0, 1) falls on. */
function targetFor(drawn: number): Target {
  let rest = drawn;
  return TARGETS.find(({ share }) => (rest -= share) < 0) ?? TARGETS.at(-1)!;
}

if (import.meta.main) await runTask("fuzz", FLAGS, HELP, main);
