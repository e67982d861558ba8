/**
 * What a server knows of its clients as JSON.
 *
 * @module
 */

import { jsonText } from "../report/json_line.ts";
import { clientFiguresJson } from "../report/server_json.ts";
import type { ServerView } from "./server_view.ts";

/** Writes an array with an object a line for each client, the busiest first, in pieces. */
export function* clientsJson({ clients }: ServerView): Generator<string, void> {
  let before = "[\n";
  for (const client of yield* clients()) {
    yield before + jsonText(clientFiguresJson(client));
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}
