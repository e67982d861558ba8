/**
 * The metrics of the program itself, the same for client and server.
 *
 * @module
 */

import { type Family, labelText } from "./exposition.ts";
import type { ProgramFigures } from "./watch.ts";

/** What is running, since when, and how large it is. */
export const PROGRAM_FAMILIES: readonly Family<ProgramFigures>[] = [
  {
    name: "heartbeat_build_info",
    type: "gauge",
    help: "1, with the version of this program and what sends and receives for it.",
    write: ({ version, transport }, sample) =>
      sample(1, labelText("version", version) + labelText("transport", transport)),
  },
  {
    name: "process_start_time_seconds",
    type: "gauge",
    help: "When this program was started, as Unix time.",
    write: ({ startedAtWallMs }, sample) => sample(startedAtWallMs / 1000),
  },
  {
    name: "process_resident_memory_bytes",
    type: "gauge",
    help: "What this program holds of the machine's memory.",
    write: ({ residentBytes }, sample) => sample(residentBytes),
  },
];
