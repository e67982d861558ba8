/**
 * Carries out a plan: starts the real programs, disturbs them, and writes down what happens.
 *
 * @module
 */

import { Child } from "./child.ts";
import type { FloodOrder, FloodReport } from "./flood.ts";
import type { Outage, StateEvent } from "./judge.ts";
import { addReading, type MemoryFigures, residentMb } from "./memory.ts";
import type { Kill, Phase, Plan } from "./plan.ts";
import {
  CLIENT_ARGS,
  DATAGRAMS_PER_SECOND,
  LEAD_MS,
  SERVER_ARGS,
  SERVER_DENO_ARGS,
} from "./setup.ts";

/** What happened in a soak. */
export interface SoakRecord {
  /** When the client was started, the server being up, Unix milliseconds. */
  readonly fromMs: number;
  /** When the soak ended, Unix milliseconds. */
  readonly untilMs: number;
  /** How long the client was watched, by a clock that never steps, milliseconds. */
  readonly durationMs: number;
  /** What the client said of the server. */
  readonly states: readonly StateEvent[];
  /** When the server was down. */
  readonly outages: readonly Outage[];
  /** Heartbeats that the client sent. */
  readonly sent: number;
  /** Those that were answered in time. */
  readonly answered: number;
  /** Those that were answered too late; they are lost. */
  readonly late: number;
  /** When those that were lost had left, Unix milliseconds. */
  readonly lostSentAtMs: readonly number[];
  /** How often the client found that this machine stood still. */
  readonly stalls: number;
  /** What the flooder sent. */
  readonly barrages: readonly FloodReport[];
  /** How often the server was killed by SIGKILL. */
  readonly killed: number;
  /** How often it was asked to end by SIGTERM. */
  readonly asked: number;
  /** The server's memory, over all its instances. */
  readonly serverMemory: MemoryFigures | undefined;
  /** The client's memory. */
  readonly clientMemory: MemoryFigures | undefined;
  /** What the programs did that they never should, in words. */
  readonly failures: readonly string[];
}

/** What a soak tells while it runs, once a second. */
export interface Progress {
  /** How much of the plan is done, milliseconds. */
  readonly elapsedMs: number;
  /** What is being sent. */
  readonly phase: Phase["kind"];
  /** Whether the server is really up. */
  readonly serverUp: boolean;
  /** What the client takes it for. */
  readonly state: string;
}

const NETWORK = ["--allow-net"];
const FLOOD_NETWORK = ["--allow-net=127.0.0.0/8"];

/** A server that doesn't listen after so long never will. */
const START_PATIENCE_MS = 20_000;

/** Ctrl-C at a terminal ends the programs as well, and may be heard of a little later than their end. */
const CTRL_C_MS = 500;

const SAMPLE_EVERY_MS = 1000;

/** Memory is read of programs that have loaded all their code, and that nobody has disturbed yet. */
const FIRST_READING_MS = LEAD_MS - SAMPLE_EVERY_MS;

/** Ports below those that systems give away by themselves: nobody else gets it while the server is down. */
const [FIRST_PORT, LAST_PORT] = [20_000, 29_999];

/** Carries out a plan, or as much of it as there is time for until `stop` is aborted. */
export async function runSoak(
  plan: Plan,
  stop: AbortSignal,
  onProgress: (progress: Progress) => void,
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
  readonly #onProgress: (progress: Progress) => void;
  readonly #userStop: AbortSignal;
  readonly #lost = new AbortController();
  readonly #stop: AbortSignal;
  readonly #port = freePort();
  readonly #children = new Set<Child>();
  readonly #sentAtMs = new Map<number, number>();
  readonly #states: StateEvent[] = [];
  readonly #outages: Outage[] = [];
  readonly #lostSentAtMs: number[] = [];
  readonly #barrages: FloodReport[] = [];
  readonly #failures: string[] = [];
  #startMs = 0;
  #server: Child | undefined;
  #downSinceMs: number | undefined;
  #sent = 0;
  #answered = 0;
  #late = 0;
  #stalls = 0;
  #killed = 0;
  #asked = 0;
  #serverMemory: MemoryFigures | undefined;
  #clientMemory: MemoryFigures | undefined;

  constructor(plan: Plan, stop: AbortSignal, onProgress: (progress: Progress) => void) {
    this.#plan = plan;
    this.#userStop = stop;
    this.#stop = AbortSignal.any([stop, this.#lost.signal]);
    this.#onProgress = onProgress;
  }

  async run(): Promise<SoakRecord> {
    await this.#startServer();
    const flooder = this.#startFlooder();
    const client = this.#startClient();
    const fromMs = Date.now();
    this.#startMs = performance.now();
    await Promise.all([this.#disturb(flooder), this.#killOften(), this.#watch(client)]);
    const untilMs = Date.now();
    const durationMs = performance.now() - this.#startMs;
    if (this.#downSinceMs !== undefined) {
      this.#outages.push({ fromMs: this.#downSinceMs, toMs: untilMs });
    }
    await this.#endAll(client, flooder);
    return {
      ...{ fromMs, untilMs, durationMs, states: this.#states, outages: this.#outages },
      ...{ sent: this.#sent, answered: this.#answered, late: this.#late, stalls: this.#stalls },
      ...{ lostSentAtMs: this.#lostSentAtMs, barrages: this.#barrages },
      ...{ killed: this.#killed, asked: this.#asked, failures: this.#failures },
      ...{ serverMemory: this.#serverMemory, clientMemory: this.#clientMemory },
    };
  }

  /** Ends what still runs when something went wrong. */
  async killAll(): Promise<void> {
    // What waits for its time in the plan must not start anything any more.
    this.#lost.abort();
    await Promise.all([...this.#children].map((child) => child.end("SIGKILL")));
  }

  /** The client first, so that it doesn't see the end of the server. */
  async #endAll(client: Child, flooder: Child): Promise<void> {
    await this.#endWell(client, "SIGTERM", [0, 1]);
    const wasLost = !flooder.running;
    const { code } = await flooder.endInput();
    if (code !== 0 && !wasLost) this.#fail(flooder, `ended with exit code ${code}`);
    if (this.#server !== undefined) await this.#endWell(this.#server, "SIGTERM", [0]);
  }

  /** Sends the phases' orders to the flooder, which carries out one after the other. */
  async #disturb(flooder: Child): Promise<void> {
    for (const { kind, atMs, forMs, seed } of this.#plan.phases) {
      await this.#until(atMs);
      if (this.#stop.aborted) return;
      if (kind === "quiet") continue;
      const order: FloodOrder = {
        ...{ kind, forMs, seed, port: this.#port, perSecond: DATAGRAMS_PER_SECOND },
      };
      await flooder.tell(JSON.stringify(order));
    }
  }

  async #killOften(): Promise<void> {
    for (const kill of this.#plan.kills) {
      await this.#until(kill.atMs);
      if (this.#stop.aborted) return;
      await this.#kill(kill);
      await this.#until(this.#elapsedMs() + kill.downMs);
      if (this.#stop.aborted) return;
      await this.#startServer();
    }
  }

  async #kill({ signal }: Kill): Promise<void> {
    const server = this.#server!;
    this.#server = undefined;
    this.#downSinceMs = Date.now();
    if (signal === "SIGKILL") {
      this.#killed++;
      await server.end(signal);
    } else {
      this.#asked++;
      await this.#endWell(server, signal, [0]);
    }
  }

  /** Asks a program to end, as it must be able to in any state, and with a right exit code. */
  async #endWell(child: Child, signal: Deno.Signal, codes: readonly number[]): Promise<void> {
    // One that was lost is a failure already.
    if (!child.running) return;
    const status = await child.end(signal);
    // Ctrl-C may have reached it a moment before.
    if (this.#userStop.aborted) return;
    if (status.signal === "SIGKILL") {
      this.#fail(child, `did not end after ${signal}, and was killed`);
    } else if (!codes.includes(status.code)) {
      this.#fail(child, `ended with exit code ${status.code}`);
    } else if (child.complaint !== "") this.#fail(child, "ended well, but complained");
  }

  /** Reads the memory of both programs once a second, and tells how far the soak is. */
  async #watch(client: Child): Promise<void> {
    for (let atMs = 0; atMs < this.#plan.durationMs; atMs += SAMPLE_EVERY_MS) {
      await this.#until(atMs);
      if (this.#stop.aborted) return;
      if (atMs >= FIRST_READING_MS) await this.#readMemory(client);
      this.#onProgress({
        elapsedMs: this.#elapsedMs(),
        phase: this.#plan.phases.findLast((phase) => phase.atMs <= this.#elapsedMs())!.kind,
        serverUp: this.#downSinceMs === undefined,
        state: this.#states.at(-1)?.to ?? "unknown",
      });
    }
    await this.#until(this.#plan.durationMs);
  }

  async #readMemory(client: Child): Promise<void> {
    const server = this.#server;
    const read = await residentMb([client, server].flatMap((child) => child?.pid ?? []));
    this.#clientMemory = addReading(this.#clientMemory, read.get(client.pid));
    this.#serverMemory = addReading(this.#serverMemory, server && read.get(server.pid));
  }

  /** Starts the server, and waits until it listens. */
  async #startServer(): Promise<void> {
    const listening = Promise.withResolvers<void>();
    const args = ["--host", "127.0.0.1", "--port", `${this.#port}`, ...SERVER_ARGS];
    const server = this.#start("server.ts", [...SERVER_DENO_ARGS, ...NETWORK], args, (line) => {
      const { type, time } = JSON.parse(line);
      if (type !== "listening") return;
      // The server's own word is from the moment at which its socket was open; this process hears of it later.
      if (this.#downSinceMs !== undefined) {
        this.#outages.push({ fromMs: this.#downSinceMs, toMs: Date.parse(time) });
      }
      this.#downSinceMs = undefined;
      listening.resolve();
    });
    const patience = setTimeout(() => {
      this.#fail(server, `did not listen within ${START_PATIENCE_MS / 1000} s`);
      this.#lost.abort();
      listening.resolve();
    }, START_PATIENCE_MS);
    await Promise.race([listening.promise, server.finished]);
    clearTimeout(patience);
    this.#server = server;
  }

  #startClient(): Child {
    const args = [`127.0.0.1:${this.#port}`, ...CLIENT_ARGS];
    return this.#start("client.ts", NETWORK, args, (line) => this.#readClient(line));
  }

  #startFlooder(): Child {
    const script = "tests/soak/flood.ts";
    return this.#start(script, FLOOD_NETWORK, [], (line) => {
      this.#barrages.push(JSON.parse(line));
    });
  }

  #readClient(line: string): void {
    const { type, time, seq, from, to } = JSON.parse(line);
    switch (type) {
      case "sent":
        this.#sent++;
        this.#sentAtMs.set(seq, Date.parse(time));
        break;
      case "reply":
        this.#answered++;
        this.#sentAtMs.delete(seq);
        break;
      case "timeout":
        this.#lostSentAtMs.push(this.#sentAtMs.get(seq)!);
        this.#sentAtMs.delete(seq);
        break;
      case "late":
        this.#late++;
        break;
      case "state":
        this.#states.push({ atMs: Date.parse(time), from, to });
        break;
      case "stall":
        this.#stalls++;
        break;
    }
  }

  #start(
    script: string,
    denoArgs: readonly string[],
    args: readonly string[],
    onLine: (line: string) => void,
  ): Child {
    const onLost = async ({ code, signal }: Deno.CommandStatus) => {
      await new Promise((resume) => setTimeout(resume, CTRL_C_MS));
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      if (!this.#userStop.aborted) this.#fail(child, `ended by itself, ${how}`);
      this.#lost.abort();
    };
    const child = new Child({ script, denoArgs, args, onLine, onLost });
    this.#children.add(child);
    child.finished.then(() => this.#children.delete(child));
    return child;
  }

  #fail({ script, complaint }: Child, what: string): void {
    this.#failures.push(`${script} ${what}${complaint === "" ? "" : `: ${complaint}`}`);
  }

  #elapsedMs(): number {
    return performance.now() - this.#startMs;
  }

  /** Waits until so much of the plan is over, or the soak is to stop. */
  async #until(atMs: number): Promise<void> {
    const stop = this.#stop;
    if (stop.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.max(0, atMs - this.#elapsedMs()));
    const onAbort = () => resolve();
    stop.addEventListener("abort", onAbort);
    await promise;
    clearTimeout(timer);
    stop.removeEventListener("abort", onAbort);
  }
}

function freePort(): number {
  const ports = LAST_PORT - FIRST_PORT + 1;
  // Another soak at the same time begins its search elsewhere.
  const first = Math.floor(Math.random() * ports);
  for (let i = 0;; i++) {
    const port = FIRST_PORT + (first + i) % ports;
    try {
      Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse) || i === ports - 1) throw error;
    }
  }
}
