import { assertEquals } from "@std/assert";
import { KNOWN_AFTER_MS, KnownEndpoints, MOST_KNOWN } from "../../lib/admission/known_endpoints.ts";

const at = (port: number) => ({ hostname: "192.0.2.7", port });
const endpoints = () => new KnownEndpoints("192.0.2.7", 1, -KNOWN_AFTER_MS, 0);

Deno.test("an endpoint is known a minute after it was first heard", () => {
  const known = endpoints();
  assertEquals([known.hear(at(1), 0), known.hear(at(2), 0)], [true, false]);
  assertEquals(known.hear({ hostname: "192.0.2.8", port: 1 }, 0), false);
  assertEquals(known.hear(at(2), KNOWN_AFTER_MS - 1), false);
  assertEquals(known.hear(at(2), KNOWN_AFTER_MS), true);
});

Deno.test("a flood of ports pushes out no known endpoint, only those on their way", () => {
  const known = endpoints();
  known.hear(at(2), 0);
  for (let port = 1000; port < 1000 + 10 * MOST_KNOWN; port++) known.hear(at(port), 1);
  assertEquals(known.hear(at(1), 2), true);
  assertEquals(known.hear(at(2), KNOWN_AFTER_MS), false);
});

Deno.test("places of known endpoints are bounded, and kept while they are heard", () => {
  const known = endpoints();
  const hearAll = (count: number, nowMs: number) =>
    Array.from({ length: count }, (_, i) => known.hear(at(i + 1), nowMs)).filter(Boolean).length;
  hearAll(MOST_KNOWN, 0);
  assertEquals(hearAll(MOST_KNOWN, KNOWN_AFTER_MS), MOST_KNOWN);
  known.hear(at(99), KNOWN_AFTER_MS);
  // No place is free for one more, however long it waits, but one that is silent for ten minutes
  // gives its place away.
  assertEquals(known.hear(at(99), 3 * KNOWN_AFTER_MS), false);
  for (let ms = 4 * KNOWN_AFTER_MS; ms < 12 * KNOWN_AFTER_MS; ms += 10_000) {
    hearAll(MOST_KNOWN - 1, ms);
    known.hear(at(99), ms);
  }
  assertEquals(known.hear(at(99), 12 * KNOWN_AFTER_MS), true);
  assertEquals(known.hear(at(MOST_KNOWN), 12 * KNOWN_AFTER_MS), false);
});

Deno.test("whether any known endpoint is there is asked by when one was last heard", () => {
  const known = endpoints();
  assertEquals([known.anyAt(59_999), known.anyAt(60_000)], [true, false]);
  known.hear(at(2), 70_000);
  assertEquals(known.anyAt(70_000), false);
  known.hear(at(1), 70_000);
  assertEquals(known.anyAt(70_000), true);
});
