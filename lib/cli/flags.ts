/**
 * Flags as a table: one row says how to read a flag, what its errors say and what its help says.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { OperatorError } from "../text/operator_error.ts";
import { wrap } from "../text/wrap.ts";
import { nearest } from "./near_miss.ts";
import type { Quantity } from "./quantity.ts";

/** A flag with a value. */
export interface ValueFlag<Value> {
  /** One letter, for `-p`. */
  readonly short?: string;
  /** The name of its value in the help. */
  readonly metavar: string;
  /** The kind of its value. */
  readonly quantity: Quantity<Value>;
  /** What it does, and its default. */
  readonly help: string;
}

/** A flag with a value that may be repeated. */
export interface ListFlag<Value> extends ValueFlag<Value> {
  /** Tells it from a flag with one value. */
  readonly repeatable: true;
}

/** A flag without a value. */
export interface Switch {
  /** One letter, for `-q`. */
  readonly short?: string;
  /** What it does. */
  readonly help: string;
}

/** All flags of a program, by their long names. */
export type FlagTable = Readonly<Record<string, ListFlag<unknown> | ValueFlag<unknown> | Switch>>;

/**
 * The given flags: the value of each flag, or `undefined`; all values of a flag that may be
 * repeated; a boolean for each switch.
 */
export type FlagValues<Table extends FlagTable> = {
  readonly [Name in keyof Table]: Table[Name] extends ListFlag<infer Value> ? readonly Value[]
    : Table[Name] extends ValueFlag<infer Value> ? Value | undefined
    : boolean;
};

/** A command line that was read. */
export interface CommandLine<Table extends FlagTable> {
  /** The flags. */
  readonly flags: FlagValues<Table>;
  /** The arguments that are neither flags nor their values. */
  readonly positionals: readonly string[];
}

/**
 * Reads a command line.
 *
 * @throws {OperatorError} for an unknown flag, a flag without its value, a value that isn't
 * accepted
 */
export function readFlags<Table extends FlagTable>(
  table: Table,
  args: readonly string[],
): CommandLine<Table> {
  const names = Object.keys(table);
  const takesValue = (name: string) => "quantity" in table[name]!;
  const spelled = spellOut(table, args);
  const end = spelled.includes("--") ? spelled.indexOf("--") : spelled.length;
  for (const arg of spelled.slice(0, end)) {
    const [, name = "", value] = /^--([^=]+)=(.*)$/.exec(arg) ?? [];
    // parseArgs reads any value of a switch as "true".
    if (names.includes(name) && !takesValue(name) && !/^(true|false)$/.test(value!)) {
      throw new OperatorError(`--${name} takes no value`);
    }
  }
  const unknown: string[] = [];
  const parsed = parse(spelled, {
    string: [...names.filter(takesValue), "_"],
    boolean: names.filter((name) => !takesValue(name)),
    collect: names.filter((name) => "repeatable" in table[name]!),
    alias: Object.fromEntries(
      names.map((name) => [name, table[name]!.short ? [table[name]!.short] : []]),
    ),
    unknown: (arg, key) => {
      if (key === undefined) return true;
      unknown.push(key.length === 1 && arg !== `-${key}` ? `-${key} in ${arg}` : arg);
      return false;
    },
  });
  const flags: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(table)) {
    flags[name] = "repeatable" in flag
      ? (parsed[name] as unknown[]).map((given) => readValue(name, flag, given))
      : "quantity" in flag
      ? readValue(name, flag, parsed[name])
      : readSwitch(name, parsed[name]);
  }
  if (unknown.length > 0) {
    throw new OperatorError(`unknown flag ${unknown[0]}; ${insteadOf(unknown[0]!, names)}`);
  }
  return { flags: flags as FlagValues<Table>, positionals: parsed["_"] as string[] };
}

/** What to write instead of an unknown flag. */
function insteadOf(arg: string, names: readonly string[]): string {
  const [, name = ""] = /^--([^=]+)/.exec(arg) ?? [];
  const meant = nearest(name, names);
  return meant === undefined ? "--help lists the flags there are" : `did you mean --${meant}?`;
}

/**
 * Writes the flags in the way that parseArgs understands: values that begin with a sign or follow
 * their letter, and `--no-watch`. Some runners of tasks put `--` before all arguments: it is left
 * out.
 */
function spellOut(table: FlagTable, args: readonly string[]): string[] {
  const given = args[0] === "--" ? args.slice(1) : args;
  const end = given.includes("--") ? given.indexOf("--") : given.length;
  const spelled: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const arg = i < end ? withEqualsSign(table, given[i]!) : given[i]!;
    const next = given[i + 1];
    // Else parseArgs takes a value such as -5, or a lone -, for a flag.
    if (i + 1 < end && flagOf(table, arg) !== undefined && /^-(?:$|[\d.])/.test(next!)) {
      spelled.push(`${arg}=${next}`);
      i++;
    } else {
      spelled.push(arg);
    }
  }
  return spelled;
}

/** Turns `-t100ms` into `-t=100ms`, and `--no-quiet` into `--quiet=false`. */
function withEqualsSign(table: FlagTable, arg: string): string {
  const [, switchedOff] = /^--no-(.+)$/.exec(arg) ?? [];
  if (switchedOff !== undefined && switchedOff in table && !("quantity" in table[switchedOff]!)) {
    return `--${switchedOff}=false`;
  }
  const [, letter, value] = /^-([a-zA-Z])([^=].*)$/.exec(arg) ?? [];
  return letter !== undefined && flagOf(table, `-${letter}`) !== undefined
    ? `-${letter}=${value}`
    : arg;
}

/** The flag that takes a value and is written like this, `--count` or `-c`. */
function flagOf(table: FlagTable, arg: string): ValueFlag<unknown> | undefined {
  for (const [name, flag] of Object.entries(table)) {
    if (!("quantity" in flag)) continue;
    if (arg === `--${name}` || flag.short !== undefined && arg === `-${flag.short}`) return flag;
  }
  return undefined;
}

interface ParseOptions {
  readonly string: string[];
  readonly boolean: string[];
  readonly collect: string[];
  readonly alias: Record<string, string[]>;
  readonly unknown: (arg: string, key?: string) => boolean;
}

function parse(args: readonly string[], options: ParseOptions): Record<string, unknown> {
  try {
    return parseArgs(args, options);
  } catch {
    // Names that parseArgs uses itself, such as --_, confuse it.
    throw new OperatorError("the flags can't be read; --help lists the flags there are");
  }
}

/** The columns of a help text. */
const HELP_COLUMNS = 80;

const FIXED_SPACE = "\u00a0";

/** Writes a table of flags for the help, in aligned columns. */
export function describeFlags(table: FlagTable): string {
  const rows = Object.entries(table).map(([name, flag]) => {
    const names = flag.short ? `-${flag.short}, --${name}` : `    --${name}`;
    return { usage: "quantity" in flag ? `${names} ${flag.metavar}` : names, help: flag.help };
  });
  const width = Math.max(...rows.map(({ usage }) => usage.length));
  return rows
    .flatMap(({ usage, help }) =>
      // No line breaks inside "(default 30%)".
      wrap(help.replaceAll("(default ", `(default${FIXED_SPACE}`), {
        before: `  ${usage.padEnd(width)}  `,
        columns: HELP_COLUMNS,
      })
    )
    .join("\n").replaceAll(FIXED_SPACE, " ");
}

/** Writes a paragraph for the help. */
export function describe(text: string): string {
  return wrap(text, { columns: HELP_COLUMNS }).join("\n");
}

function readSwitch(name: string, given: unknown): boolean {
  if (typeof given === "boolean") return given;
  throw new OperatorError(`--${name} takes no value`);
}

function readValue(name: string, flag: ValueFlag<unknown>, given: unknown): unknown {
  if (given === undefined) return undefined;
  const text = String(given);
  if (text === "") {
    throw new OperatorError(`--${name} needs a value: expected ${flag.quantity.accepts}`);
  }
  const value = flag.quantity.read(text);
  if (value === undefined) {
    throw new OperatorError(`--${name} can't be ${text}: expected ${flag.quantity.accepts}`);
  }
  return value;
}
