/** The memory of running programs. */

import { reasonOf } from "../../lib/runtime/reason.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { Program } from "../support/process.ts";

/** A program's resident memory over time, MB. */
export interface MemoryFigures {
  /** The first reading. */
  readonly first: number;
  /** The last reading. */
  readonly last: number;
  /** The largest reading. */
  readonly peak: number;
}

/** Adds a reading to the earlier ones; a program that doesn't run has none. */
export function addReading(
  figures: MemoryFigures | undefined,
  mb: number | undefined,
): MemoryFigures | undefined {
  if (mb === undefined) return figures;
  const { first, peak } = figures ?? { first: mb, peak: mb };
  return { first, last: mb, peak: Math.max(peak, mb) };
}

/**
 * Reads the resident memory of processes, MB, by their ids; those that don't run are left out.
 *
 * @throws {OperatorError} where there is no `ps`
 */
export async function residentMb(pids: readonly number[]): Promise<Map<number, number>> {
  try {
    return readPs((await new Program("ps", ["-o", "pid=,rss=", "-p", pids.join()]).end()).lines);
  } catch (error) {
    throw new OperatorError(`can't read the memory of programs with ps: ${reasonOf(error)}`);
  }
}

/** Reads lines of `ps -o pid=,rss=`, which gives KiB. */
export function readPs(lines: readonly string[]): Map<number, number> {
  const rows = lines.map((line) => line.trim().split(/\s+/).map(Number));
  // A process that has ended and whose parent hasn't asked for its status has 0.
  return new Map(rows.filter(([, kib]) => kib! > 0).map(([pid, kib]) => [pid!, kib! / 1024]));
}
