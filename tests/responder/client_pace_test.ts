import { assertEquals } from "@std/assert";
import { ClientPace, SHORTEST_SILENCE_MS } from "../../lib/responder/client_pace.ts";

Deno.test("a pace is the median interval, whatever was lost between", () => {
  const pace = new ClientPace();
  assertEquals([pace.intervalMs, pace.patienceMs], [undefined, undefined]);
  pace.add(1, 0);
  assertEquals(pace.intervalMs, undefined);
  for (
    const [seq, atMs] of [[2, 2000], [5, 8000], [6, 10_500], [7, 60_000], [8, 62_000]] as const
  ) {
    pace.add(seq, atMs);
  }
  assertEquals([pace.intervalMs, pace.patienceMs], [2000, 6000]);
});

Deno.test("stragglers and copies don't disturb the pace", () => {
  const pace = new ClientPace();
  for (const [seq, atMs] of [[1, 0], [3, 4000], [2, 4001], [3, 4002], [4, 6000]] as const) {
    pace.add(seq, atMs);
  }
  assertEquals(pace.intervalMs, 2000);
});

Deno.test("a fast client's pauses are short, but never count below a floor", () => {
  const pace = new ClientPace();
  for (let seq = 1; seq < 50; seq++) pace.add(seq, seq);
  assertEquals(pace.patienceMs, SHORTEST_SILENCE_MS);
});

Deno.test("a client that restarts keeps its pace until it shows another", () => {
  const pace = new ClientPace();
  pace.add(1, 0);
  pace.add(2, 3000);
  pace.restart();
  pace.add(1, 500_000);
  assertEquals(pace.intervalMs, 3000);
});
