/** The flags that both scripts have. */

import config from "../../deno.json" with { type: "json" };
import type { Switch } from "./flags.ts";

/** How much is printed, and in which form. */
export const COMMON_FLAGS: {
  readonly quiet: Switch;
  readonly json: Switch;
  readonly help: Switch;
  readonly version: Switch;
} = {
  quiet: { short: "q", help: "no line per heartbeat: only start, changes of state, summary" },
  json: { help: "one JSON object a line" },
  help: { short: "h", help: "print this help" },
  version: { short: "V", help: "print the version" },
};

/** The text that `--version` prints. */
export const VERSION: string = `udp-heartbeat ${config.version}`;
