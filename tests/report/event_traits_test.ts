import { assertEquals } from "@std/assert";
import { CLIENT_TRAITS } from "../../lib/report/client_events.ts";
import type { EventTraits } from "../../lib/report/reporter.ts";
import { SERVER_TRAITS } from "../../lib/report/server_events.ts";

function typesWith(trait: keyof EventTraits, traits: Readonly<Record<string, EventTraits>>) {
  return Object.keys(traits).filter((type) => traits[type]![trait]).sort();
}

Deno.test("all that strangers can cause is limited: of client and server alike", () => {
  assertEquals(typesWith("limited", CLIENT_TRAITS), [
    "clock_step",
    "duplicate",
    "receive_failed",
    "unexpected",
  ]);
  assertEquals(typesWith("limited", SERVER_TRAITS), [
    "client_moved",
    "client_state",
    "malformed",
    "receive_failed",
    "send_failed",
  ]);
});

Deno.test("a quiet server prints the start, clients' changes of state and the summary", () => {
  assertEquals(typesWith("detail", SERVER_TRAITS), [
    "dropped",
    "malformed",
    "receive_failed",
    "refused",
    "replied",
    "send_failed",
  ]);
});

Deno.test("a quiet client leaves out single heartbeats and datagrams", () => {
  assertEquals(typesWith("detail", CLIENT_TRAITS), [
    "duplicate",
    "late",
    "receive_failed",
    "reply",
    "send_failed",
    "sent",
    "timeout",
    "unexpected",
  ]);
});

Deno.test("the lines that all others lead up to are never dropped", () => {
  assertEquals(typesWith("kept", CLIENT_TRAITS), [
    "address",
    "figures_so_far",
    "serving",
    "state",
    "summary",
  ]);
  assertEquals(typesWith("kept", SERVER_TRAITS), [
    "figures_so_far",
    "listening",
    "serving",
    "summary",
  ]);
});
