/** The flags that both scripts have. */

import config from "../../deno.json" with { type: "json" };
import type { Switch, ValueFlag } from "./flags.ts";

/** The key, how much is printed, and in which form. */
export const COMMON_FLAGS: {
  readonly "key-file": ValueFlag<string>;
  readonly quiet: Switch;
  readonly json: Switch;
  readonly help: Switch;
  readonly version: Switch;
} = {
  "key-file": {
    metavar: "FILE",
    quantity: { accepts: "the name of a file", read: (text) => text },
    help: "secret key of both sides, 16 to 4096 bytes (needs --allow-read=FILE)",
  },
  quiet: { short: "q", help: "no line per heartbeat: only start, changes of state, summary" },
  json: { help: "one JSON object a line" },
  help: { short: "h", help: "print this help" },
  version: { short: "V", help: "print the version" },
};

/** The version of both scripts. */
export const VERSION: string = config.version;

/** The text that `--version` prints. */
export const VERSION_TEXT: string = `udp-heartbeat ${VERSION}`;
