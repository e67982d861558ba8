import { assertEquals, assertMatch } from "@std/assert";
import type { CommandLimits } from "../../lib/runtime/command_queues.ts";
import { hookEnvironment, openHooks } from "../../lib/runtime/hooks.ts";
import { overlappingTest } from "../support/overlapping.ts";
import { type StateEvent, stateEvent } from "../support/state_event.ts";

const deno = Deno.execPath();
const mayRun = Deno.permissions.querySync({ name: "run", command: deno }).state === "granted";

const TARGET = { hostname: "::1", port: 12000 };
const WALL_MS = Date.UTC(2026, 10, 25, 23, 58, 1, 123) + 0.456;
const DOWN = stateEvent({ from: "suspect", to: "down", consecutive: 3, lastedMs: 5 });
const UP = stateEvent({
  from: "down",
  to: "up",
  consecutive: 0,
  lastedMs: 5,
  outageMs: { low: 1234.5678, high: 2000 },
});

/** A command that ends with this exit code, after a while. */
function ending(code: string, afterMs = 0): string[] {
  return [deno, "eval", `setTimeout(() => Deno.exit(${code}), ${afterMs})`];
}

/** Runs hooks, and returns their complaints without the path of their program. */
async function complaints(
  commands: { onDown?: string[]; onUp?: string[]; onUnknown?: string[] },
  ...events: StateEvent[]
): Promise<string[]> {
  return await complaintsWithin(PATIENT, commands, ...events);
}

/** Hooks that may take their time, as on a busy machine. */
const PATIENT = { runMs: 20_000, killMs: 5000, lastMs: 20_000 };

async function complaintsWithin(
  limits: CommandLimits,
  commands: { onDown?: string[]; onUp?: string[]; onUnknown?: string[] },
  ...events: StateEvent[]
): Promise<string[]> {
  const complained: string[] = [];
  const hooks = await openHooks(
    { onDown: commands.onDown, onUp: commands.onUp, onUnknown: commands.onUnknown },
    (text) => complained.push(text.replace(deno, "deno")),
    limits,
  );
  for (const event of events) hooks.run(event, TARGET, WALL_MS);
  await hooks.finished();
  return complained;
}

Deno.test("a hook finds the facts in its environment, with the moment of the event", () => {
  assertEquals(hookEnvironment(DOWN, TARGET, WALL_MS), {
    HEARTBEAT_TARGET: "[::1]:12000",
    HEARTBEAT_FROM: "suspect",
    HEARTBEAT_TO: "down",
    HEARTBEAT_REASON: "unanswered",
    HEARTBEAT_TIME: "2026-11-25T23:58:01.123456Z",
    HEARTBEAT_CONSECUTIVE: "3",
    HEARTBEAT_OUTAGE_LOW_S: "",
    HEARTBEAT_OUTAGE_HIGH_S: "",
  });
  const { HEARTBEAT_OUTAGE_LOW_S, HEARTBEAT_OUTAGE_HIGH_S } = hookEnvironment(UP, TARGET, WALL_MS);
  assertEquals([HEARTBEAT_OUTAGE_LOW_S, HEARTBEAT_OUTAGE_HIGH_S], ["1.235", "2.000"]);
});

Deno.test("without commands, a change of state runs nothing and needs no permission", async () => {
  assertEquals(await complaints({}, DOWN, UP), []);
});

overlappingTest({
  name: "hooks run on down and on recovery only, one after the other, with their environment",
  ignore: !mayRun,
  async fn() {
    const suspect = { ...DOWN, from: "up", to: "suspect" } as const;
    const first = { ...UP, from: "unknown", lastKnown: undefined, outageMs: undefined } as const;
    // The first is slower, and yet ends first. Exit codes show which variables each found.
    const code = 'Deno.env.get("HEARTBEAT_TO") === "down" ? 3 : 4';
    const commands = { onDown: ending(code, 100), onUp: ending(code) };
    assertEquals(await complaints(commands, first, suspect, DOWN, UP), [
      "deno ended with exit code 3",
      "deno ended with exit code 4",
    ]);
  },
});

overlappingTest({
  name: "a hook that succeeds is silent; one that can't be started is complained about",
  ignore: !mayRun,
  async fn() {
    assertEquals(await complaints({ onDown: ending("0") }, DOWN, UP), []);
    const missing = await complaints({ onDown: [`${deno}-that-is-not-there`] }, DOWN);
    assertEquals(missing.length, 1);
    assertMatch(missing[0]!, /^can't run deno-that-is-not-there: /);
  },
});

overlappingTest({
  name: "what is unknown in between doesn't count for the other hooks, and has one of its own",
  ignore: !mayRun,
  async fn() {
    const code = '({ down: 3, up: 4, unknown: 5 })[Deno.env.get("HEARTBEAT_TO")]';
    const hook = ending(code);
    const commands = { onDown: hook, onUp: hook, onUnknown: hook };
    const calls = async (...events: StateEvent[]) =>
      (await complaints(commands, ...events)).map((text) => text.at(-1)).join("");
    const unknown = { ...DOWN, to: "unknown", reason: "unsent" } as const;
    const fromUnknown = { from: "unknown", reasonBefore: "unsent" } as const;
    // Down, unknown, down, unknown, up.
    assertEquals(
      await calls(
        DOWN,
        { ...unknown, lastKnown: "down" },
        { ...DOWN, ...fromUnknown, lastKnown: "down" },
        { ...unknown, lastKnown: "down" },
        { ...UP, ...fromUnknown, lastKnown: "down" },
      ),
      "3554",
    );
    // Up, unknown, up; and a server that can be asked again, but was never heard.
    const up = { ...UP, ...fromUnknown, lastKnown: "up" } as const;
    const unheard = {
      ...unknown,
      ...fromUnknown,
      reason: "not_heard",
      lastKnown: undefined,
    } as const;
    assertEquals(await calls({ ...unknown, lastKnown: "up" }, up, unheard), "5");
  },
});

/** A command that ignores the wish to end. */
const STUBBORN = [
  deno,
  "eval",
  `Deno.addSignalListener("SIGTERM", () => {}); setTimeout(() => {}, 30_000)`,
];

overlappingTest({
  name: "a hook that takes too long is told to end, then killed, and later ones run",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const limits = { runMs: 300, killMs: 300, lastMs: 20_000 };
    assertEquals(
      await complaintsWithin(limits, { onDown: ending("0", 30_000), onUp: ending("3") }, DOWN, UP),
      [
        "deno still ran after 0.3 s, and was told to end",
        "deno was ended by SIGTERM",
        "deno ended with exit code 3",
      ],
    );
    assertEquals(await complaintsWithin({ ...limits, runMs: 1500 }, { onDown: STUBBORN }, DOWN), [
      "deno still ran after 1.5 s, and was told to end",
      "deno was ended by SIGKILL",
    ]);
  },
});

overlappingTest({
  name: "at the end a hook that still runs is left to itself after a moment",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const limits = { runMs: 1000, killMs: 100, lastMs: 100 };
    const startedMs = performance.now();
    const complained = await complaintsWithin(limits, { onDown: ending("0", 3000) }, DOWN);
    assertEquals(complained, ["deno still runs, and is left to itself"]);
    assertEquals(performance.now() - startedMs < 900, true);
    await new Promise((resume) => setTimeout(resume, 1300));
  },
});

overlappingTest({
  name: "hooks that wait for one that hangs are bounded, and told",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const events = Array.from({ length: 20 }, (_, i) => i % 2 === 0 ? DOWN : UP);
    const limits = { runMs: 200, killMs: 100, lastMs: 20_000 };
    const complained = await complaintsWithin(limits, { onDown: ending("0", 30_000) }, ...events);
    assertEquals(
      complained.filter((text) => text.includes("is left out: 8 commands wait")).length,
      2,
    );
    assertEquals(complained.filter((text) => text.includes("was told to end")).length, 8);
  },
});

overlappingTest({
  name:
    "a hook is repeated while the server is down, with the number of the reminder, and not after",
  ignore: !mayRun,
  async fn() {
    const complained: string[] = [];
    // Exit codes show which variables each found.
    const code = 'Number(Deno.env.get("HEARTBEAT_REMINDER") ?? 0) + 3';
    const options = { onDown: ending(code), onUp: undefined, onUnknown: undefined };
    let onComplaint = () => {};
    const hooks = await openHooks({ ...options, remindEveryMs: 20 }, (text) => {
      if (text.includes("waits for") || text.includes("left out")) return;
      complained.push(text.replace(deno, "deno"));
      onComplaint();
    }, PATIENT);
    hooks.run(DOWN, TARGET, WALL_MS);
    await new Promise<void>((resume) => {
      onComplaint = () => complained.length >= 3 && resume();
    });
    hooks.run(UP, TARGET, WALL_MS);
    await hooks.finished();
    assertEquals(complained.slice(0, 3), [3, 4, 5].map((n) => `deno ended with exit code ${n}`));
  },
});
