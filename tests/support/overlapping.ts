/**
 * Tests that mostly wait, for programs and for real time: while one is waited for, the next ones of
 * its file run already.
 *
 * @module
 */

/** More at once would take the processor from each other, and be late for what they test. */
const MOST_AT_ONCE = 4;

/** A test begins at most this many places ahead of the one that is waited for. */
const FARTHEST = 8;

/** What a test needs. */
export interface OverlappingTest {
  readonly name: string;
  readonly ignore?: boolean;
  readonly fn: () => void | Promise<void>;
}

type Body = OverlappingTest["fn"];
type Outcome = { readonly error?: unknown };

const bodies: Body[] = [];
const outcomes: Promise<Outcome>[] = [];
let running = 0;
/** The test that Deno runs next, if it runs them all. */
let expected = 0;
/** No test from this one on may begin yet. */
let limit = 0;

// Where only some tests of a file were asked for, others have begun, and clean up at their end.
Deno.test.afterAll(async () => {
  limit = 0;
  await Promise.all(outcomes);
});

/**
 * Declares a test as `Deno.test` does; the time that Deno prints is how long it was waited for. It may begin while those before it in its file still run, so
 * it shares nothing with them; and as its resources are then open in their time, Deno's look for
 * leaks is off.
 */
export function overlappingTest({ name, ignore = false, fn }: OverlappingTest): void {
  if (ignore) return Deno.test({ name, ignore, fn });
  const index = bodies.push(fn) - 1;
  Deno.test({
    name,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      // Where only one test of a file was asked for, the others mustn't run.
      if (index > 0 && index === expected) limit = Math.min(index + FARTHEST, bodies.length);
      expected = index + 1;
      begin(index);
      beginOthers();
      const { error } = await outcomes[index]!;
      if (error !== undefined) throw error;
    },
  });
}

function begin(index: number): void {
  if (outcomes[index] !== undefined) return;
  running++;
  outcomes[index] = outcomeOf(bodies[index]!);
}

function beginOthers(): void {
  for (let i = expected; i < limit && running < MOST_AT_ONCE; i++) begin(i);
}

async function outcomeOf(body: Body): Promise<Outcome> {
  try {
    await body();
    return {};
  } catch (error) {
    return { error: error ?? new Error("a test threw nothing") };
  } finally {
    running--;
    beginOthers();
  }
}
