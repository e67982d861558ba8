/**
 * What is told of this program.
 *
 * @module
 */

import type { Transport } from "../report/transport.ts";
import type { ProgramFigures } from "../views/watch.ts";

/** Makes what reads the figures of this program. */
export function openProgramFigures(version: string, transport: Transport): () => ProgramFigures {
  const startedAtWallMs = performance.timeOrigin;
  return () => {
    const { rss: residentBytes } = Deno.memoryUsage();
    return { version, transport, startedAtWallMs, residentBytes };
  };
}
