import { assertEquals } from "@std/assert";
import { CLIENTS_LISTED } from "../../lib/report/server_events.ts";
import { serverJson } from "../../lib/report/server_json.ts";
import { LISTENING, SERVER_TABLE, SUMMARY, WALL_MS } from "./server_samples.ts";

Deno.test("server events have the JSON of the contract", () => {
  for (const [event, , json] of SERVER_TABLE) {
    assertEquals(JSON.parse(serverJson(event, WALL_MS)), json);
  }
});

Deno.test("a limit that was lifted is null in JSON", () => {
  const { rate, total_rate } = JSON.parse(
    serverJson({ ...LISTENING, limits: { totalRate: 7 } }, 0),
  );
  assertEquals([rate, total_rate], [null, 7]);
});

Deno.test("the summary's JSON lists the busiest clients", () => {
  const clients = new Array(CLIENTS_LISTED + 3).fill(SUMMARY.clients[0]);
  const json = JSON.parse(serverJson({ ...SUMMARY, clients }, 0));
  assertEquals(json.busiest.length, CLIENTS_LISTED);
});
