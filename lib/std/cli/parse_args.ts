/**
 * Stands in for the real `@std/cli/parse-args`, since JSR may be unreachable where the tool runs.
 *
 * It keeps the quirks of the real parser; what looks odd here is odd there.
 *
 * @module
 */

/** What {@linkcode parseArgs} is told about the flags. */
export interface ParseOptions {
  /** Flags that take no value and are `false` when absent. */
  boolean?: readonly string[];
  /** Flags whose value is never turned into a number; `_` stands for the positionals. */
  string?: readonly string[];
  /** Flags whose values are gathered into an array. */
  collect?: readonly string[];
  /** Other names of a flag. */
  alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Called for each positional and each undeclared flag, which is dropped on `false`. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The value of each flag by name, and the positionals under `_`. */
export type Args = Record<string, unknown> & { _: Array<string | number> };

type Tree = Record<string, unknown>;

/** Parses command line arguments into flags and positionals. */
export function parseArgs(
  args: readonly string[],
  options: ParseOptions = {},
): Args {
  const aliases = aliasTable(options.alias ?? {});
  const others = (name: string) => aliases.get(name) ?? [];
  const declared = (names: readonly string[] = []) =>
    new Set(names.filter(Boolean).flatMap((name) => [name, ...others(name)]));
  const booleans = declared(options.boolean);
  const strings = declared(options.string);
  const collected = declared(options.collect);
  const known = [booleans, strings, collected, aliases];
  const unknown = options.unknown ?? (() => true);
  const result: Args = { _: [] };

  function store(name: string, value: string | boolean, arg: string): void {
    if (
      !known.some((names) => names.has(name)) &&
      unknown(arg, name, value) === false
    ) return;
    const stored = typeof value === "string" && !strings.has(name) ? numberIfNumeric(value) : value;
    for (const key of [name, ...others(name)]) {
      setPath(result, key.split("."), stored, collected.has(name));
    }
  }

  const storeBare = (name: string, arg: string) => store(name, strings.has(name) ? "" : true, arg);

  const takesValue = (name: string) => ![name, ...others(name)].some((key) => booleans.has(key));

  // This and the two below return whether `next` was used up as a value.
  function storeWithNext(
    name: string,
    arg: string,
    next: string,
    nextIsFlag: boolean,
  ): boolean {
    if (next !== "" && !nextIsFlag && takesValue(name)) store(name, next, arg);
    else if (next === "true" || next === "false") {
      store(name, next === "true", arg);
    } else {
      storeBare(name, arg);
      return false;
    }
    return true;
  }

  function parseLong(arg: string, next: string): boolean {
    const [, no = "", name = "", value] = arg.match(/^--(no-)?(.+?)(?:=(.*))?$/s) ?? [];
    if (value === undefined) {
      return storeWithNext(no + name, arg, next, next.startsWith("-"));
    }
    // The real parser drops the "no-" here: `--no-x=1` means `--x=1`.
    store(name, booleans.has(name) ? value !== "false" : value, arg);
    return false;
  }

  function parseShort(arg: string, next: string): boolean {
    const last = arg.length - 1;
    for (let at = 1; at < last; at++) {
      const letter = arg.charAt(at);
      const value = attachedValue(letter, arg.slice(at + 1));
      if (value !== undefined) {
        store(letter, value, arg);
        return false;
      }
      storeBare(letter, arg);
    }
    return storeWithNext(arg.charAt(last), arg, next, /^--?[^-]/.test(next));
  }

  function parsePositional(arg: string): void {
    if (unknown(arg) === false) return;
    result._.push(strings.has("_") ? arg : numberIfNumeric(arg));
  }

  const terminator = args.indexOf("--");
  const end = terminator === -1 ? args.length : terminator;
  const parsable = args.slice(0, end);
  let skip = false;
  for (const [i, arg] of parsable.entries()) {
    if (skip) {
      skip = false;
      continue;
    }
    const next = parsable[i + 1] ?? "";
    if (!arg.startsWith("-") || arg === "-") parsePositional(arg);
    else if (arg.startsWith("--")) skip = parseLong(arg, next);
    else skip = parseShort(arg, next);
  }

  const many = [...strings].filter((name) => collected.has(name));
  for (const name of [...booleans, ...many]) {
    const path = name.split(".");
    if (hasPath(result, path)) continue;
    setPath(result, path, collected.has(name) ? [] : false, false);
  }
  result._.push(...args.slice(end + 1));
  return result;
}

function aliasTable(
  alias: NonNullable<ParseOptions["alias"]>,
): Map<string, Set<string>> {
  const table = new Map<string, Set<string>>();
  for (const [name, value] of Object.entries(alias)) {
    const names = typeof value === "string" ? [value] : value;
    table.set(name, new Set(names));
    for (const other of names) {
      table.set(other, new Set([name, ...names.filter((it) => it !== other)]));
    }
  }
  return table;
}

/** The value written in the same argument as its short flag, as in `-p5` or `-p=5`. */
function attachedValue(letter: string, rest: string): string | undefined {
  if (rest === "-") return rest;
  if (rest === "=") return "";
  if (/[A-Za-z]/.test(letter)) {
    const assigned = /=(.+)/.exec(rest)?.[1];
    if (assigned !== undefined) return assigned;
    if (/\d\.?$/.test(rest)) return rest;
  }
  return /^\W./s.test(rest) ? rest : undefined;
}

function numberIfNumeric(text: string): string | number {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Stores under a dotted name, but never into a prototype. */
function setPath(
  tree: Tree,
  path: readonly string[],
  value: unknown,
  collect: boolean,
): void {
  for (const [depth, key] of path.entries()) {
    if (key === "__proto__") return;
    const old = tree[key];
    if (key === "constructor" && typeof old === "function") return;
    if (depth < path.length - 1) tree = (tree[key] ??= {}) as Tree;
    else if (!collect) tree[key] = value;
    else if (Array.isArray(old)) old.push(value);
    else tree[key] = old ? [old, value] : [value];
  }
}

function hasPath(tree: Tree, path: readonly string[]): boolean {
  for (const key of path) {
    if (!Object.hasOwn(tree, key)) return false;
    tree = tree[key] as Tree;
  }
  return true;
}
