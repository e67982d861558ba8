/**
 * What pages and metrics show of a client: its targets, and how it does itself.
 *
 * @module
 */

import type { BucketCounts } from "../measure/bucket_counts.ts";
import type { MonitorSummary } from "../monitor/events.ts";
import type { MonitorVitals } from "../monitor/vitals.ts";
import type { Endpoint } from "../wire/endpoint.ts";

/** A target that is watched. */
export interface WatchedTarget {
  /** What it is called; unless it was given, as it was written. */
  readonly name: string;
  /** `HOST:PORT` as it was listed. */
  readonly target: string;
  /** What its list says of it besides. */
  readonly labels: Readonly<Record<string, string>>;
  /** Where its heartbeats go; `undefined`: its name has no address. */
  readonly endpoint: Endpoint | undefined;
  /** Why its name has none; `undefined`: it has one. */
  readonly unresolved: string | undefined;
  /** Reads its figures. */
  vitals(): MonitorVitals;
  /** Reads all figures: that sorts, so it is for one target at a time. */
  summary(): MonitorSummary;
}

/** How the watcher itself does. */
export interface WatcherFigures {
  /** How often this machine stood still. */
  readonly stalls: number;
  /** The time that it missed, asleep or standing still, milliseconds. */
  readonly missedMs: number;
  /** How late heartbeats left by their schedule, milliseconds; `undefined`: it isn't counted. */
  readonly sendDelays: BucketCounts | undefined;
  /** Datagrams from endpoints that are no targets. */
  readonly strays: number;
  /** The parts of a fleet that can't be asked now: address families, or all. */
  readonly blind: readonly string[];
}

/** Whether the list of targets could be read when it was last asked for. */
export interface ListStatus {
  /** Whether the last reading changed the targets to what the file has. */
  readonly good: boolean;
  /** When it last did, Unix milliseconds. */
  readonly goodAtWallMs: number;
}

/** What is told of the program itself. */
export interface ProgramFigures {
  /** The version of this program. */
  readonly version: string;
  /** What sends and receives: `deno` or `native`. */
  readonly transport: string;
  /** When it was started, Unix milliseconds. */
  readonly startedAtWallMs: number;
  /** What it holds of the machine's memory, bytes. */
  readonly residentBytes: number;
}

/** What a client watches, and how it does, at a moment. */
export interface Watch {
  /** The targets, in the order of their list. */
  readonly targets: readonly WatchedTarget[];
  /** The watcher itself. */
  readonly watcher: WatcherFigures;
  /** The list's state; `undefined`: there is no file that could be read again. */
  readonly list: ListStatus | undefined;
  /** Losses in a row after which a server is assumed to have stopped; 0: never. */
  readonly maxLosses: number | "auto";
  /** One false alarm in this many heartbeats is allowed; `undefined`: the rule isn't `auto`. */
  readonly falseAlarmEvery: number | undefined;
  /** From one heartbeat to the next of a target, milliseconds. */
  readonly intervalMs: number;
  /** How long a heartbeat waits for its reply, milliseconds. */
  readonly timeoutMs: number;
  /** Now by this machine's wall clock, Unix milliseconds. */
  readonly wallMs: number;
  /** The program. */
  readonly program: ProgramFigures;
}

/** A target with the figures that were read of it. */
export interface TargetRow {
  /** The target. */
  readonly target: WatchedTarget;
  /** Its figures, all of one moment. */
  readonly of: MonitorVitals;
}

/** So many targets are read at once: that takes a fifth of a millisecond. */
const READ_AT_ONCE = 64;

/** Reads the figures of all targets, some at a time, with an empty text in between. */
export function* readRows(targets: readonly WatchedTarget[]): Generator<string, TargetRow[]> {
  const rows: TargetRow[] = [];
  for (const target of targets) {
    rows.push({ target, of: target.vitals() });
    if (rows.length % READ_AT_ONCE === 0) yield "";
  }
  return rows;
}
