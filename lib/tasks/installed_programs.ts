/**
 * The programs that `deno task install` puts on the PATH.
 *
 * @module
 */

/** An installed program. */
export interface InstalledProgram {
  /** Its name, and that of its folder. */
  readonly name: string;
  /** The script that it is made of, in the project's folder. */
  readonly source: string;
  /** The file in its folder that it runs. */
  readonly main: string;
  /** What Deno needs for it. */
  readonly flags: readonly string[];
}

// Deno keeps what V8 has compiled before the program runs. By itself that is little more than the
// top level, and each start compiles all else again; by this flag it is everything.
const COMPILE_ONCE = "--no-lazy";

/** What both may do: the network, and to see whether the terminal can only type. */
const PERMISSIONS = ["--allow-net", "--allow-env=TERM", "--unstable-net"];

/** The client. */
export const HEARTBEAT: InstalledProgram = {
  name: "heartbeat",
  source: "client.ts",
  main: "client.js",
  flags: [`--v8-flags=${COMPILE_ONCE}`, ...PERMISSIONS],
};

/** The server. */
export const HEARTBEAT_SERVER: InstalledProgram = {
  name: "heartbeat-server",
  source: "server.ts",
  main: "server.js",
  flags: [`--v8-flags=${COMPILE_ONCE},--max-semi-space-size=8`, ...PERMISSIONS],
};
