/**
 * Deep equality as the real `@std/assert` has it, since `node:assert` is stricter about `-0` and
 * prototypes.
 *
 * @module
 */

/** Says whether two values are deeply equal. */
export function equal(
  a: unknown,
  b: unknown,
  seen: Map<object, object> = new Map(),
): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (a instanceof Date && b instanceof Date) {
    return Object.is(a.getTime(), b.getTime());
  }
  if (prototypeOf(a) !== prototypeOf(b)) return false;
  if (isTypedArray(a) && isTypedArray(b)) {
    return a.length === b.length &&
      [...a].every((value, i) => equal(value, b[i]));
  }
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) {
    return equal(new Uint8Array(a), new Uint8Array(b));
  }
  if (UNCOMPARABLE.some((type) => a instanceof type)) {
    throw new TypeError(`Cannot compare ${a.constructor.name} instances`);
  }
  if (seen.get(a) === b) return true;
  if (Object.keys(a).length !== Object.keys(b).length) return false;
  seen.set(a, b);
  if (isCollection(a) && isCollection(b)) {
    const entries = [...b.entries()];
    return a.size === b.size &&
      [...a.entries()].every(([key, value]) =>
        entries.some(([k, v]) => equal(key, k, seen) && equal(value, v, seen))
      );
  }
  if (READ_AS_TEXT.includes(prototypeOf(a))) return String(a) === String(b);
  return comparedKeys(a, b).every((key) =>
    equal(Reflect.get(a, key), Reflect.get(b, key), seen) &&
    (key in a) === (key in b)
  );
}

// The real one can see into the last two; nothing here asks it to.
const UNCOMPARABLE = [WeakMap, WeakSet, WeakRef, SharedArrayBuffer];

const READ_AS_TEXT: object[] = [
  RegExp.prototype,
  URL.prototype,
  URLSearchParams.prototype,
];

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isTypedArray(value: object): value is Uint8Array | BigUint64Array {
  return value instanceof Object.getPrototypeOf(Uint8Array);
}

function isCollection(
  value: object,
): value is Map<unknown, unknown> | Set<unknown> {
  return value instanceof Map || value instanceof Set;
}

/** The prototype, where having none counts as being a plain object. */
function prototypeOf(value: object): object {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

/** Enumerable own keys of plain values; of others, also hidden and inherited ones. */
function comparedKeys(a: object, b: object): PropertyKey[] {
  const plain = [Object.prototype, Array.prototype].includes(prototypeOf(a));
  return plain ? Reflect.ownKeys({ ...a, ...b }) : [...inheritedKeys(a), ...inheritedKeys(b)];
}

function inheritedKeys(value: object): PropertyKey[] {
  const keys: PropertyKey[] = [];
  for (
    let at = value;
    at && at !== Object.prototype && at !== Array.prototype;
    at = Object.getPrototypeOf(at)
  ) keys.push(...Reflect.ownKeys(at));
  return keys;
}
