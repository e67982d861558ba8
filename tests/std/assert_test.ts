import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";

/** The first line of the failure, or nothing; written without the functions under test. */
function failure(check: () => void): string | undefined {
  try {
    check();
  } catch (error) {
    if (error instanceof Error && error.name === "AssertionError") {
      return error.message.split("\n")[0];
    }
    throw error;
  }
}

async function rejection(
  check: () => Promise<unknown>,
): Promise<string | undefined> {
  try {
    await check();
  } catch (error) {
    return failure(() => {
      throw error;
    });
  }
}

function expectSame(actual: unknown, expected: unknown): void {
  if (!Object.is(actual, expected)) {
    throw new Error(`${Deno.inspect(actual)} is not ${Deno.inspect(expected)}`);
  }
}

const EQUAL: [unknown, unknown][] = [
  [1, 1],
  [NaN, NaN],
  [0, -0],
  ["a", "a"],
  [null, null],
  [{ a: 1, b: [2] }, { b: [2], a: 1 }],
  [{ a: undefined }, { a: undefined }],
  [{}, Object.create(null)],
  [[1, [2]], [1, [2]]],
  [new Set([1, { a: 1 }]), new Set([{ a: 1 }, 1])],
  [new Map([["a", [1]]]), new Map([["a", [1]]])],
  [new Date(5), new Date(5)],
  [/a/g, /a/g],
  [new URL("http://a/"), new URL("http://a")],
  [new Uint8Array([1]), new Uint8Array([1])],
  [new Uint8Array([1, 2]).subarray(1), new Uint8Array([2])],
  [new Uint8Array([1]).buffer, new Uint8Array([1]).buffer],
];

const UNEQUAL: [unknown, unknown][] = [
  [1, 2],
  [1, "1"],
  [1, 1n],
  [null, undefined],
  [{}, null],
  [{ a: undefined }, {}],
  [{ a: undefined }, { b: undefined }],
  [{ a: { b: 1 } }, { a: { b: 2 } }],
  [{ [Symbol.for("a")]: 1 }, {}],
  [[1, 2], [2, 1]],
  [[1], [1, undefined]],
  [[], {}],
  [[,], [undefined]],
  [new Set([1]), new Set([2])],
  [new Map([["a", 1]]), new Map([["a", 2]])],
  [new Date(5), new Date(6)],
  [/a/g, /a/],
  [new URL("http://a/"), new URL("http://b/")],
  [new Uint8Array([1]), new Uint8Array([2])],
  [new Uint8Array([1]), new Int8Array([1])],
  [new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
  [new Error("a"), new Error("b")],
  [new (class A {})(), new (class B {})()],
  [() => 1, () => 1],
];

Deno.test("assert wants a truthy value and narrows its type", () => {
  for (const value of [1, "a", {}, true]) assert(value);
  for (const value of [0, "", null, undefined, false, NaN]) {
    expectSame(failure(() => assert(value)), "");
    expectSame(failure(() => assert(value, "why")), "why");
  }
  const maybe: string | undefined = ["a"].at(0);
  assert(maybe !== undefined);
  expectSame(maybe.length, 1);
});

Deno.test("equality is deep", () => {
  for (const [a, b] of EQUAL) {
    assertEquals(a, b);
    assertEquals(b, a);
    expectSame(
      failure(() => assertNotEquals(a, b))?.startsWith("Expected actual: "),
      true,
    );
  }
});

Deno.test("inequality is deep", () => {
  for (const [a, b] of UNEQUAL) {
    assertNotEquals(a, b);
    assertNotEquals(b, a);
    expectSame(failure(() => assertEquals(a, b)), "Values are not equal.");
    expectSame(
      failure(() => assertEquals(a, b, "why")),
      "Values are not equal: why",
    );
  }
});

Deno.test("cyclic values can be compared", () => {
  const cycle = (value: number) => {
    const node: Record<string, unknown> = { value };
    node["self"] = node;
    return node;
  };
  assertEquals(cycle(1), cycle(1));
  assertNotEquals(cycle(1), cycle(2));
});

Deno.test("a failed assertNotEquals shows both values", () => {
  expectSame(
    failure(() => assertNotEquals("a", "a", "why")),
    'Expected actual: "a" not to be: "a": why',
  );
});

Deno.test("assertThrows returns what was thrown", () => {
  const error = new RangeError("out of \x1b[31mrange\x1b[39m");
  const fail = () => {
    throw error;
  };
  expectSame(assertThrows(fail), error);
  expectSame(assertThrows(fail, "why"), error);
  expectSame(assertThrows(fail, Error), error);
  const { message } = assertThrows(fail, RangeError, "of range");
  expectSame(message, error.message);
  expectSame(
    assertThrows(() => {
      throw "text";
    }),
    "text",
  );
});

Deno.test("assertThrows wants the class and the text", () => {
  const fail = () => {
    throw new RangeError("out");
  };
  const failText = () => {
    throw "text";
  };
  for (
    const [check, expected] of [
      [
        () => assertThrows(() => {}),
        "Expected function to throw.",
      ],
      [
        () => assertThrows(() => {}, "why"),
        "Expected function to throw: why",
      ],
      [
        () => assertThrows(() => {}, Error, "", "why"),
        "Expected function to throw: why",
      ],
      [
        () => assertThrows(fail, TypeError),
        'Expected error to be instance of "TypeError", but was "RangeError".',
      ],
      [
        () => assertThrows(fail, RangeError, "in", "why"),
        'Expected error message to include "in", but got "out": why',
      ],
      [
        () => assertThrows(failText, Error),
        "A non-Error object was thrown.",
      ],
    ] as const
  ) expectSame(failure(check), expected);
});

Deno.test("assertRejects resolves to the reason", async () => {
  const error = new RangeError("out");
  const fail = () => Promise.reject(error);
  expectSame(await assertRejects(fail), error);
  expectSame(await assertRejects(fail, "why"), error);
  const { message } = await assertRejects(fail, RangeError, "ou");
  expectSame(message, "out");
});

Deno.test("assertRejects wants a rejection, the class and the text", async () => {
  const fail = () => Promise.reject(new RangeError("out"));
  for (
    const [check, expected] of [
      [
        () => assertRejects(() => Promise.resolve()),
        "Expected function to reject.",
      ],
      [
        () => assertRejects(() => Promise.resolve(), Error, "", "why"),
        "Expected function to reject: why",
      ],
      [
        () =>
          assertRejects(() => {
            throw new Error("out");
          }),
        "Function throws when expected to reject.",
      ],
      [
        () => assertRejects(fail, TypeError, "out", "why"),
        'Expected error to be instance of "TypeError", but was "RangeError": why',
      ],
      [
        () => assertRejects(fail, RangeError, "in"),
        'Expected error message to include "in", but got "out".',
      ],
      [
        () => assertRejects(() => Promise.reject("text"), Error),
        "A non-Error object was rejected.",
      ],
    ] as const
  ) expectSame(await rejection(check), expected);
});

Deno.test("almost equal numbers are within the tolerance", () => {
  assertAlmostEquals(0.1 + 0.2, 0.3);
  assertAlmostEquals(1, 1.00000001);
  assertAlmostEquals(1, 2, 1);
  assertAlmostEquals(NaN, NaN);
  assertAlmostEquals(Infinity, Infinity);
  expectSame(
    failure(() => assertAlmostEquals(1, 2)),
    'Expected actual: "1" to be close to "2": delta "1" is greater than "2e-7".',
  );
  expectSame(
    failure(() => assertAlmostEquals(1.5, 2, 0.1, "why")),
    'Expected actual: "1.5e+0" to be close to "2": delta "5e-1" is greater than "1e-1": why',
  );
  expectSame(
    failure(() => assertAlmostEquals(1, NaN)) === undefined,
    false,
  );
});

Deno.test("text can be matched and searched", () => {
  assertMatch("Raptor", /^Rap/);
  assertStringIncludes("Raptor", "apt");
  expectSame(
    failure(() => assertMatch("a", /b/i)),
    'Expected actual: "a" to match: "/b/i".',
  );
  expectSame(
    failure(() => assertStringIncludes("a", "b", "why")),
    'Expected actual: "a" to contain: "b": why',
  );
});

Deno.test("a smaller value is less, an equal or larger one isn't", () => {
  for (const expected of [2, 1, 0]) {
    const message = expected > 1 ? undefined : `Expect 1 < ${expected}`;
    expectSame(failure(() => assertLess(1, expected)), message);
    expectSame(failure(() => assertLess(1, expected, "why")), message && "why");
  }
  expectSame(failure(() => assertLess("a", NaN as unknown)), 'Expect "a" < NaN');
});
