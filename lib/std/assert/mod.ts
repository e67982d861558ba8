/**
 * Stands in for the real `@std/assert`, since JSR may be unreachable where the tool runs.
 *
 * Only the first line of a failure's message is the real one's; the difference
 * below it is written by `node:assert`.
 *
 * @module
 */

import { AssertionError } from "node:assert";
import { stripVTControlCharacters as strip } from "node:util";
import { equal } from "./equal.ts";

/** Fails unless the value is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) fail(msg);
}

/** Fails unless the values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  failWithDifference(`Values are not equal${suffix(msg)}`, actual, expected);
}

/** Fails if the values are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  const [a, b] = [show(actual), show(expected)];
  fail(`Expected actual: ${a} not to be: ${b}${suffix(msg)}`);
}

/** Fails unless the function throws, and returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Fails unless the function throws an error of the class with the text in its message, and returns
 * it.
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: abstract new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  ...expected: Expected
): unknown {
  const { ErrorClass, msgIncludes, msg } = readExpected(expected);
  try {
    fn();
  } catch (error) {
    if (ErrorClass) checkError(error, "thrown", ErrorClass, msgIncludes, msg);
    return error;
  }
  fail(`Expected function to throw${suffix(msg)}`);
}

/** Fails unless the function returns a promise that rejects, and resolves to the reason. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Fails unless the promise rejects with an error of the class with the text in its message, and
 * resolves to it.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: abstract new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  ...expected: Expected
): Promise<unknown> {
  const { ErrorClass, msgIncludes, msg } = readExpected(expected);
  const promise = promiseOf(fn);
  if (!promise) fail(`Function throws when expected to reject${suffix(msg)}`);
  try {
    await promise;
  } catch (error) {
    if (ErrorClass) checkError(error, "rejected", ErrorClass, msgIncludes, msg);
    return error;
  }
  fail(`Expected function to reject${suffix(msg)}`);
}

/**
 * Fails unless the numbers are within the tolerance of each other, by default one ten-millionth of
 * the expected one.
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance: number = isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7,
  msg?: string,
): void {
  const delta = Math.abs(expected - actual);
  if (Object.is(actual, expected) || delta <= tolerance) return;
  const [a, b, d, t] = [actual, expected, delta, tolerance].map((n) =>
    Number.isInteger(n) ? n : n.toExponential()
  );
  fail(
    `Expected actual: "${a}" to be close to "${b}": ` +
      `delta "${d}" is greater than "${t}"${suffix(msg)}`,
  );
}

/** Fails unless the text matches the pattern. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  fail(`Expected actual: "${actual}" to match: "${expected}"${suffix(msg)}`);
}

/** Fails unless the text contains the other one. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  fail(`Expected actual: "${actual}" to contain: "${expected}"${suffix(msg)}`);
}

/** Fails unless `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (actual < expected) return;
  fail(msg ?? `Expect ${show(actual)} < ${show(expected)}`);
}

type ErrorClass = abstract new (...args: never[]) => Error;

type Expected = [
  classOrMsg?: ErrorClass | string,
  msgIncludes?: string,
  msg?: string,
];

function readExpected([first, msgIncludes, msg]: Expected): {
  ErrorClass?: ErrorClass | undefined;
  msgIncludes?: string | undefined;
  msg?: string | undefined;
} {
  return typeof first === "string" ? { msg: first } : { ErrorClass: first, msgIncludes, msg };
}

/** Fails unless the error is of the class and its message contains the text. */
function checkError(
  error: unknown,
  how: "thrown" | "rejected",
  ErrorClass: ErrorClass,
  msgIncludes = "",
  msg?: string,
): void {
  if (!(error instanceof Error)) {
    fail(`A non-Error object was ${how}${suffix(msg)}`);
  }
  const { constructor, message } = error;
  if (!(error instanceof ErrorClass)) {
    fail(
      `Expected error to be instance of "${ErrorClass.name}", ` +
        `but was "${constructor.name}"${suffix(msg)}`,
    );
  }
  if (!strip(message).includes(strip(msgIncludes))) {
    fail(
      `Expected error message to include ${JSON.stringify(msgIncludes)}, ` +
        `but got ${JSON.stringify(message)}${suffix(msg)}`,
    );
  }
}

/** The promise the function returns, if it does not throw or return something else. */
function promiseOf(
  fn: () => PromiseLike<unknown>,
): PromiseLike<unknown> | undefined {
  try {
    const value = fn();
    return typeof value?.then === "function" ? value : undefined;
  } catch {
    return undefined;
  }
}

function suffix(msg: string | undefined): string {
  return msg ? `: ${msg}` : ".";
}

function show(value: unknown): string {
  return Deno.inspect(value, {
    depth: Infinity,
    sorted: true,
    trailingComma: true,
    compact: false,
    iterableLimit: Infinity,
    getters: true,
    strAbbreviateSize: Infinity,
  });
}

function fail(message: string): never {
  throw new AssertionError({ message });
}

function failWithDifference(
  message: string,
  actual: unknown,
  expected: unknown,
): never {
  const operator = "deepStrictEqual";
  const difference = new AssertionError({ actual, expected, operator }).message;
  fail(`${message}\n${difference}`);
}
