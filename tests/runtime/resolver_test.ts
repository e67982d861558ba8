import { assertEquals } from "@std/assert";
import { Resolver } from "../../lib/runtime/resolver.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";

const TIMES = { usualMs: 300, soonMs: 30, soonestMs: 5 };

/** A resolver whose clock and name server a test moves. */
class Trial {
  nowMs = 0;
  readonly asked: string[] = [];
  readonly told: string[] = [];
  readonly down = new Set<string>();
  readonly resolver: Resolver;
  #answers = new Map<string, (addresses: string[]) => void>();

  constructor({ answersAtOnce = true } = {}) {
    this.resolver = new Resolver({
      times: TIMES,
      nowMs: () => this.nowMs,
      isUp: (key) => !this.down.has(key),
      onAddresses: (key, addresses) => this.told.push(`${key} ${addresses}`),
      onFailure: (key, reason) => this.told.push(`${key}: ${reason}`),
      lookUp: (host) => {
        this.asked.push(`${this.nowMs} ${host}`);
        if (host === "gone") return Promise.reject(new OperatorError("no such name"));
        if (answersAtOnce) return Promise.resolve([`address of ${host}`]);
        return new Promise((resolve) => this.#answers.set(host, resolve));
      },
    });
  }

  watch(names: string[], known: string[] = []): void {
    this.resolver.watch(names.map((host) => ({ key: host, host })), new Set(known));
  }

  /** Lets time pass, a millisecond at a time. */
  async pass(ms: number): Promise<void> {
    for (let i = 0; i < ms; i++) {
      this.nowMs++;
      this.resolver.tick();
      await settled();
    }
  }

  async answer(host: string): Promise<void> {
    this.#answers.get(host)!([`address of ${host}`]);
    await settled();
  }
}

/** Lets promises settle that wait for each other. */
async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

Deno.test("a name is looked up at once, and again at its pace", async () => {
  const trial = new Trial();
  trial.watch(["a"]);
  await trial.pass(310);
  assertEquals(trial.asked, ["1 a", "301 a"]);
  assertEquals(trial.told, ["a address of a", "a address of a"]);
});

Deno.test("a name that was just looked up, by whoever, waits for its turn", async () => {
  const trial = new Trial();
  trial.watch(["a"], ["a"]);
  await trial.pass(301);
  assertEquals(trial.asked, ["300 a"]);
});

Deno.test("a name without an address, or whose server isn't up, is looked up sooner", async () => {
  const trial = new Trial();
  trial.down.add("a");
  trial.watch(["a", "gone"]);
  await trial.pass(65);
  assertEquals(trial.asked, ["1 a", "1 gone", "31 a", "31 gone", "61 a", "61 gone"]);
  assertEquals(trial.told.slice(0, 2), ["a address of a", "gone: no such name"]);
});

Deno.test("a server that goes down has its name looked up at once, unless it just was", async () => {
  const trial = new Trial();
  trial.watch(["a"]);
  await trial.pass(3);
  trial.resolver.hurry("a");
  await trial.pass(5);
  assertEquals(trial.asked, ["1 a", "6 a"]);
  await trial.pass(100);
  trial.resolver.hurry("a");
  trial.resolver.hurry("nobody");
  await trial.pass(1);
  assertEquals(trial.asked.at(-1), "109 a");
});

Deno.test("a name server that doesn't answer holds up eight look-ups, and no more", async () => {
  const trial = new Trial({ answersAtOnce: false });
  const names = Array.from({ length: 10 }, (_, i) => `n${i}`);
  trial.watch(names);
  await trial.pass(3);
  assertEquals(trial.asked.length, 8);
  await trial.answer("n3");
  assertEquals([trial.asked.length, trial.told], [9, ["n3 address of n3"]]);
});

Deno.test("a name that is off the list is told of no more", async () => {
  const trial = new Trial({ answersAtOnce: false });
  trial.watch(["a", "b"]);
  await trial.pass(1);
  trial.watch(["b"]);
  await trial.answer("a");
  await trial.answer("b");
  assertEquals([trial.told, trial.resolver.hasNames], [["b address of b"], true]);
  await trial.pass(400);
  assertEquals(trial.asked.filter((line) => line.endsWith(" a")), ["1 a"]);
});
