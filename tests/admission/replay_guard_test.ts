import { assertEquals } from "@std/assert";
import { MAX_RUNS, ReplayGuard } from "../../lib/admission/replay_guard.ts";
import { REPLAY_WINDOW_S } from "../../lib/wire/seal.ts";

const NOW_S = 1763824000;
const HOME = { hostname: "192.0.2.1", port: 50000 };
const THIEF = { hostname: "192.0.2.66", port: 6666 };
const heartbeat = (seq: number, timeS = NOW_S) => ({ seq, timeS });

Deno.test("a heartbeat is taken once, in any order", () => {
  const guard = new ReplayGuard();
  const fates = [3, 1, 2, 3, 1, 4].map((seq) => guard.refuse(heartbeat(seq), "a", HOME, NOW_S));
  assertEquals(fates, [undefined, undefined, undefined, "replayed", "replayed", undefined]);
  assertEquals(guard.refuse(heartbeat(3), "b", HOME, NOW_S), undefined);
});

Deno.test("a heartbeat whose time is too far off is stale, either way", () => {
  const guard = new ReplayGuard();
  const at = (offS: number) =>
    guard.refuse(heartbeat(Math.abs(offS), NOW_S + offS), "a", HOME, NOW_S);
  assertEquals([-REPLAY_WINDOW_S, -REPLAY_WINDOW_S - 1].map(at), [undefined, "stale"]);
  assertEquals([REPLAY_WINDOW_S - 1, REPLAY_WINDOW_S + 1].map(at), [undefined, "stale"]);
});

Deno.test("a heartbeat older than the window of numbers is refused as a replay", () => {
  const guard = new ReplayGuard();
  guard.refuse(heartbeat(5000), "a", HOME, NOW_S);
  assertEquals(guard.refuse(heartbeat(1), "a", HOME, NOW_S), "replayed");
});

Deno.test("runs are bounded, and what was seen of a forgotten run is refused for ever", () => {
  const guard = new ReplayGuard();
  for (let run = 0; run < MAX_RUNS + 10; run++) {
    assertEquals(
      guard.refuse(heartbeat(1, NOW_S + run / 1000), `run ${run}`, HOME, NOW_S),
      undefined,
    );
  }
  // The first ten runs had to make room.
  for (let run = 0; run < 20; run++) {
    assertEquals(
      guard.refuse(heartbeat(1, NOW_S + run / 1000), `run ${run}`, HOME, NOW_S),
      "replayed",
    );
  }
  // What else they had sent before is not known any more.
  assertEquals(guard.refuse(heartbeat(2, NOW_S), "run 0", HOME, NOW_S), "replayed");
  assertEquals(guard.refuse(heartbeat(1, NOW_S + 20), "new run", HOME, NOW_S), undefined);
});

Deno.test("a run with a clock ahead, pushed out or not, makes no new run wait", () => {
  const guard = new ReplayGuard();
  const ahead = NOW_S + REPLAY_WINDOW_S - 1;
  guard.refuse(heartbeat(1, ahead), "ahead", HOME, NOW_S);
  for (let run = 0; run < MAX_RUNS + 100; run++) {
    const timeS = NOW_S + run / 1000;
    assertEquals(guard.refuse(heartbeat(1, timeS), `run ${run}`, HOME, timeS), undefined);
  }
  // It is still known, and what it sent can't be sent again.
  assertEquals(guard.refuse(heartbeat(1, ahead), "ahead", HOME, NOW_S), "replayed");
});

Deno.test("of full places, the run goes whose latest time is the earliest, not its first", () => {
  const guard = new ReplayGuard();
  for (let run = 0; run < MAX_RUNS; run++) {
    guard.refuse(heartbeat(1, NOW_S + run / 1000), `run ${run}`, HOME, NOW_S);
  }
  // The earliest goes on; so the second has to go.
  guard.refuse(heartbeat(2, NOW_S + 20), "run 0", HOME, NOW_S);
  assertEquals(guard.refuse(heartbeat(1, NOW_S + 30), "new", HOME, NOW_S), undefined);
  assertEquals(guard.refuse(heartbeat(3, NOW_S + 20.001), "run 0", HOME, NOW_S), undefined);
  assertEquals(guard.refuse(heartbeat(2, NOW_S + 20), "run 0", HOME, NOW_S), "replayed");
  assertEquals(guard.refuse(heartbeat(1, NOW_S + 0.002), "run 2", HOME, NOW_S), "replayed");
  assertEquals(guard.refuse(heartbeat(2, NOW_S + 0.003), "run 2", HOME, NOW_S), undefined);
});

Deno.test("a run is forgotten with its latest time, also when an older heartbeat came last", () => {
  const guard = new ReplayGuard();
  guard.refuse(heartbeat(2, NOW_S + 10), "first", HOME, NOW_S);
  guard.refuse(heartbeat(1, NOW_S - 10), "first", HOME, NOW_S);
  for (let run = 0; run < MAX_RUNS; run++) {
    guard.refuse(heartbeat(1, NOW_S + 20), `${run}`, HOME, NOW_S);
  }
  assertEquals(guard.refuse(heartbeat(2, NOW_S + 10), "first", HOME, NOW_S), "replayed");
});

Deno.test("a copy that comes first from elsewhere doesn't cost the original its answer, once", () => {
  const guard = new ReplayGuard();
  const hear = (seq: number, from = HOME) => guard.refuse(heartbeat(seq), "a", from, NOW_S);
  assertEquals(hear(1), undefined);
  assertEquals([hear(2, THIEF), hear(2), hear(2), hear(2, THIEF)], [
    undefined,
    undefined,
    "replayed",
    "replayed",
  ]);
  // Whoever steals them all keeps none from being answered, however long that goes on.
  for (let seq = 3; seq < 200; seq++) {
    assertEquals([hear(seq, THIEF), hear(seq), hear(seq)], [undefined, undefined, "replayed"]);
  }
  // The thief's own copies are no originals.
  assertEquals([hear(200), hear(200, THIEF)], [undefined, "replayed"]);
});

Deno.test("a run that has moved is answered once where it is now", () => {
  const guard = new ReplayGuard();
  const hear = (seq: number, from = HOME) => guard.refuse(heartbeat(seq), "a", from, NOW_S);
  hear(1);
  const moved = { ...HOME, port: 50001 };
  for (let seq = 2; seq < 20; seq++) {
    assertEquals([hear(seq, moved), hear(seq, moved)], [undefined, "replayed"]);
  }
  assertEquals([hear(20, THIEF), hear(20, moved)], [undefined, undefined]);
});
