/**
 * Carries out a plan: starts the real programs, disturbs them, and records what happens.
 *
 * @module
 */

import { freePort, Program } from "../support/process.ts";
import type { FloodOrder, FloodReport } from "./flood.ts";
import { type HardshipFigures, Hardships } from "./hardships.ts";
import type { Outage, StateEvent } from "./judge.ts";
import { addReading, type MemoryFigures, residentMb } from "./memory.ts";
import type { Kill, Plan } from "./plan.ts";
import { CLIENT_ARGS, DATAGRAMS_PER_SECOND, LEAD_MS, SERVER_ARGS, SERVER_FLAGS } from "./setup.ts";

/** What happened in a soak. */
export interface SoakRecord {
  /** When the client was started, the server being up, Unix milliseconds. */
  fromMs: number;
  /** When the soak ended, Unix milliseconds. */
  untilMs: number;
  /** How long the client was watched, by a clock that never steps, milliseconds. */
  durationMs: number;
  /** What the client reported of the server. */
  readonly states: StateEvent[];
  /** When the server was down. */
  readonly outages: Outage[];
  /** Heartbeats sent by the client. */
  sent: number;
  /** Those answered in time. */
  answered: number;
  /** Those answered too late; they are lost. */
  late: number;
  /** When those that were lost had left, Unix milliseconds. */
  readonly lostSentAtMs: number[];
  /** How often the client found that this machine stood still. */
  stalls: number;
  /** What the flooder sent. */
  readonly barrages: FloodReport[];
  /** How often the server was ended by SIGKILL. */
  killed: number;
  /** How often it was asked to end by SIGTERM. */
  asked: number;
  /** The server's memory, over all its instances. */
  serverMemory: MemoryFigures | undefined;
  /** The client's memory. */
  clientMemory: MemoryFigures | undefined;
  /** What became of the programs that something stood in the way of. */
  hardships: HardshipFigures | undefined;
  /** What the programs did that they never should, in words. */
  readonly failures: string[];
}

/** A server that doesn't listen after this time, milliseconds, never will. */
const START_PATIENCE_MS = 20_000;

/** Ctrl-C at a terminal also ends the programs, and this process may hear of that first. */
const CTRL_C_MS = 500;

const SAMPLE_EVERY_MS = 1000;

/** Carries out a plan, or the part of it that there is time for until `stop` is aborted. */
export async function runSoak(
  plan: Plan,
  stop: AbortSignal,
  onProgress: (text: string) => void,
): Promise<SoakRecord> {
  const soak = new Soak(plan, stop, onProgress);
  try {
    return await soak.run();
  } finally {
    await soak.killAll();
  }
}

class Soak {
  readonly #plan: Plan;
  readonly #onProgress: (text: string) => void;
  readonly #userStop: AbortSignal;
  readonly #lost = new AbortController();
  readonly #stop: AbortSignal;
  readonly #port = freePort();
  /** The programs that should be running, and their names. */
  readonly #programs = new Map<Program, string>();
  readonly #sentAtMs = new Map<number, number>();
  readonly #record: SoakRecord = {
    fromMs: 0,
    untilMs: 0,
    durationMs: 0,
    states: [],
    outages: [],
    sent: 0,
    answered: 0,
    late: 0,
    lostSentAtMs: [],
    stalls: 0,
    barrages: [],
    killed: 0,
    asked: 0,
    serverMemory: undefined,
    clientMemory: undefined,
    hardships: undefined,
    failures: [],
  };
  #startMs = 0;
  #hardships: Hardships | undefined;
  #server: Program | undefined;
  #downSinceMs: number | undefined;

  constructor(plan: Plan, stop: AbortSignal, onProgress: (text: string) => void) {
    this.#plan = plan;
    this.#userStop = stop;
    this.#stop = AbortSignal.any([stop, this.#lost.signal]);
    this.#onProgress = onProgress;
  }

  async run(): Promise<SoakRecord> {
    const record = this.#record;
    await this.#startServer();
    const flooder = this.#start(
      "tests/soak/flood.ts",
      ["--allow-net=127.0.0.0/8"],
      [],
      (line) => record.barrages.push(JSON.parse(line)),
    );
    const target = `127.0.0.1:${this.#port}`;
    const client = this.#start(
      "client.ts",
      ["--allow-net"],
      [target, ...CLIENT_ARGS],
      (line) => this.#readClient(line),
    );
    this.#hardships = new Hardships(this.#port);
    record.fromMs = Date.now();
    this.#startMs = performance.now();
    await Promise.all([this.#disturb(flooder), this.#killOften(), this.#watch(client)]);
    record.untilMs = Date.now();
    record.durationMs = this.#elapsedMs();
    this.#endOutage(record.untilMs);
    if (!this.#userStop.aborted) {
      const { figures, failures } = await this.#hardships.end();
      record.hardships = figures;
      record.failures.push(...failures);
    }
    // The client first, so that it doesn't see the end of the server.
    await this.#end(client, "SIGTERM", [0, 1]);
    await this.#end(flooder, undefined, [0]);
    if (this.#server !== undefined) await this.#end(this.#server, "SIGTERM", [0]);
    return record;
  }

  /** Ends what still runs when something went wrong. */
  async killAll(): Promise<void> {
    // Then what waits for its time in the plan starts nothing any more.
    this.#lost.abort();
    const running = [...this.#programs.keys()];
    this.#programs.clear();
    await Promise.all([
      this.#hardships?.killAll(),
      ...running.map((program) => program.stop("SIGKILL")),
    ]);
  }

  /** Sends the phases' orders to the flooder, which carries them out one after the other. */
  async #disturb(flooder: Program): Promise<void> {
    for (const { kind, atMs, forMs, seed } of this.#plan.phases) {
      if (!await this.#until(atMs)) return;
      if (kind === "quiet") continue;
      const perSecond = DATAGRAMS_PER_SECOND;
      const order: FloodOrder = { kind, forMs, seed, port: this.#port, perSecond };
      await flooder.write(JSON.stringify(order));
    }
  }

  async #killOften(): Promise<void> {
    for (const { atMs, downMs, signal } of this.#plan.kills) {
      if (!await this.#until(atMs)) return;
      await this.#kill(signal);
      if (!await this.#until(this.#elapsedMs() + downMs)) return;
      await this.#startServer();
    }
  }

  async #kill(signal: Kill["signal"]): Promise<void> {
    const server = this.#server!;
    this.#server = undefined;
    this.#downSinceMs = Date.now();
    if (signal === "SIGKILL") {
      this.#record.killed++;
      this.#programs.delete(server);
      await server.stop(signal);
    } else {
      this.#record.asked++;
      await this.#end(server, signal, [0]);
    }
  }

  /**
   * Asks a program to end, which it must do in any state, with a right exit code and without a
   * complaint.
   */
  async #end(program: Program, signal: Deno.Signal | undefined, codes: number[]): Promise<void> {
    const name = this.#programs.get(program);
    // One that ended by itself is a failure already.
    if (name === undefined || !program.running) return;
    this.#programs.delete(program);
    const { code, stderr } = await program.stop(signal);
    // Ctrl-C may have reached it a moment before.
    if (this.#userStop.aborted) return;
    if (!codes.includes(code)) this.#fail(name, `ended with exit code ${code}`, stderr);
    else if (stderr !== "") this.#fail(name, "ended well, but complained", stderr);
  }

  /** Reads the memory of both programs once a second, and reports the progress. */
  async #watch(client: Program): Promise<void> {
    const { durationMs, phases } = this.#plan;
    for (let atMs = 0; atMs < durationMs; atMs += SAMPLE_EVERY_MS) {
      if (!await this.#until(atMs)) return;
      // Memory is read of programs that have loaded all their code, and that nobody has disturbed
      // yet.
      if (atMs >= LEAD_MS - SAMPLE_EVERY_MS) await this.#readMemory(client);
      const { kind } = phases.findLast((phase) => phase.atMs <= this.#elapsedMs())!;
      const [done, all] = [this.#elapsedMs(), durationMs].map((ms) => Math.round(ms / 1000));
      const truth = this.#downSinceMs === undefined ? "up" : "down";
      const state = this.#record.states.at(-1)?.to ?? "unknown";
      this.#onProgress(`${done} of ${all} s: ${kind}, server ${truth}, client reports ${state}`);
    }
    await this.#until(durationMs);
  }

  async #readMemory(client: Program): Promise<void> {
    const [record, server] = [this.#record, this.#server];
    const read = await residentMb([client, server].flatMap((program) => program?.pid ?? []));
    record.clientMemory = addReading(record.clientMemory, read.get(client.pid));
    record.serverMemory = addReading(record.serverMemory, server && read.get(server.pid));
  }

  /** Starts the server, and waits until it listens. */
  async #startServer(): Promise<void> {
    const listening = Promise.withResolvers<void>();
    const args = [`--port=${this.#port}`, ...SERVER_ARGS];
    const server = this.#start("server.ts", SERVER_FLAGS, args, (line) => {
      const { type, time } = JSON.parse(line);
      if (type !== "listening") return;
      // The server's own time is that of its open socket; this process hears of it later.
      this.#endOutage(Date.parse(time));
      listening.resolve();
    });
    const patience = setTimeout(() => {
      this.#fail("server.ts", `did not listen within ${START_PATIENCE_MS / 1000} s`, server.stderr);
      this.#lost.abort();
      listening.resolve();
    }, START_PATIENCE_MS);
    await Promise.race([listening.promise, server.ended]);
    clearTimeout(patience);
    this.#server = server;
  }

  #endOutage(atMs: number): void {
    if (this.#downSinceMs === undefined) return;
    this.#record.outages.push({ fromMs: this.#downSinceMs, toMs: atMs });
    this.#downSinceMs = undefined;
  }

  #readClient(line: string): void {
    const record = this.#record;
    const { type, time, seq, from, to } = JSON.parse(line);
    if (type === "sent") {
      record.sent++;
      this.#sentAtMs.set(seq, Date.parse(time));
    } else if (type === "reply") {
      record.answered++;
      this.#sentAtMs.delete(seq);
    } else if (type === "timeout") {
      record.lostSentAtMs.push(this.#sentAtMs.get(seq)!);
      this.#sentAtMs.delete(seq);
    } else if (type === "late") record.late++;
    else if (type === "state") record.states.push({ atMs: Date.parse(time), from, to });
    else if (type === "stall") record.stalls++;
  }

  #start(
    script: string,
    flags: readonly string[],
    args: readonly string[],
    onLine: (line: string) => void,
  ): Program {
    const program = Program.deno(flags, script, args, { input: true, deadlineMs: 0, onLine });
    this.#programs.set(program, script);
    program.ended.then(async ({ code }) => {
      if (!this.#programs.delete(program)) return;
      await new Promise((resume) => setTimeout(resume, CTRL_C_MS));
      const what = `ended by itself with exit code ${code}`;
      if (!this.#userStop.aborted) this.#fail(script, what, program.stderr);
      this.#lost.abort();
    });
    return program;
  }

  #fail(script: string, what: string, stderr: string): void {
    this.#record.failures.push(`${script} ${what}${stderr === "" ? "" : `: ${stderr.trim()}`}`);
  }

  #elapsedMs(): number {
    return performance.now() - this.#startMs;
  }

  /** Waits until a moment of the plan; false: the soak is to stop. */
  async #until(atMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const onAbort = () => resolve();
    this.#stop.addEventListener("abort", onAbort);
    const timer = setTimeout(resolve, Math.max(0, atMs - this.#elapsedMs()));
    if (!this.#stop.aborted) await promise;
    clearTimeout(timer);
    this.#stop.removeEventListener("abort", onAbort);
    return !this.#stop.aborted;
  }
}
