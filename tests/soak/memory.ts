/**
 * The memory of programs that run.
 *
 * @module
 */

import { OperatorError } from "../../lib/text/operator_error.ts";
import { reasonOf } from "../../lib/runtime/reason.ts";

/** A program's resident memory in the course of time, MB. */
export interface MemoryFigures {
  /** When it was read first. */
  readonly firstMb: number;
  /** When it was read last. */
  readonly lastMb: number;
  /** The most that was read. */
  readonly peakMb: number;
}

/** Adds a reading to what was read before; `undefined`: nothing was, or the program doesn't run. */
export function addReading(
  figures: MemoryFigures | undefined,
  mb: number | undefined,
): MemoryFigures | undefined {
  if (mb === undefined) return figures;
  const { firstMb, peakMb } = figures ?? { firstMb: mb, peakMb: mb };
  return { firstMb, lastMb: mb, peakMb: Math.max(peakMb, mb) };
}

/**
 * Asks the system for the resident memory of processes, MB, by their ids; those that don't run are left out.
 *
 * @throws {OperatorError} where there is no `ps`
 */
export async function residentMb(pids: readonly number[]): Promise<Map<number, number>> {
  const args = ["-o", "pid=,rss=", "-p", pids.join(",")];
  try {
    const { stdout } = await new Deno.Command("ps", { args, stderr: "null" }).output();
    return readPs(new TextDecoder().decode(stdout));
  } catch (error) {
    throw new OperatorError(`can't read the memory of programs with ps: ${reasonOf(error)}`);
  }
}

/** Reads lines of `ps -o pid=,rss=`, which tells KiB. */
export function readPs(text: string): Map<number, number> {
  const rows = text.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  // A process that has ended and isn't forgotten yet has 0.
  return new Map(
    rows.filter(([, kib]) => kib! > 0).map(([pid, kib]) => [pid!, kib! / 1024]),
  );
}
