/**
 * A script of this project that runs as a process of its own.
 *
 * @module
 */

import { linesOf } from "../support/lines.ts";

/** How a script is started. */
export interface ChildOptions {
  /** The script's path in the project. */
  readonly script: string;
  /** What Deno is told about it: what it may do, and more. */
  readonly denoArgs: readonly string[];
  /** Its arguments. */
  readonly args: readonly string[];
  /** Takes each line that it prints. */
  readonly onLine: (line: string) => void;
  /** Is called when it ends though nobody told it to. */
  readonly onLost: (status: Deno.CommandStatus) => void;
}

const ROOT = new URL("../../", import.meta.url);

/** A program that was told to end has so long; then it is killed. */
const PATIENCE_MS = 5000;

/** Of what it complains, so much of the end is kept. */
const COMPLAINT_CHARACTERS = 2000;

/** A script that runs. */
export class Child {
  /** The script's path. */
  readonly script: string;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #finished: Promise<Deno.CommandStatus>;
  #complaint = "";
  #told = false;
  #running = true;

  /** Starts it. */
  constructor({ script, denoArgs, args, onLine, onLost }: ChildOptions) {
    this.script = script;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", ...denoArgs, "--unstable-net", new URL(script, ROOT).href, ...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#finished = this.#follow(onLine, onLost);
  }

  /** The process id. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Whether it has not ended yet. */
  get running(): boolean {
    return this.#running;
  }

  /** The end of what it wrote to standard error. */
  get complaint(): string {
    return this.#complaint.trim();
  }

  /** Settles when it has ended and all its lines are read. */
  get finished(): Promise<Deno.CommandStatus> {
    return this.#finished;
  }

  /** Writes a line to its standard input; one that has ended doesn't hear it. */
  async tell(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`)).catch(() => {});
  }

  /** Closes its standard input, and waits for its end; one that doesn't end is killed. */
  async endInput(): Promise<Deno.CommandStatus> {
    this.#told = true;
    await this.#input.close().catch(() => {});
    return await this.#waitOrKill();
  }

  /** Sends it a signal, and waits for its end; one that doesn't end is killed. */
  async end(signal: Deno.Signal): Promise<Deno.CommandStatus> {
    this.#told = true;
    this.#signal(signal);
    return await this.#waitOrKill();
  }

  async #waitOrKill(): Promise<Deno.CommandStatus> {
    const patience = setTimeout(() => this.#signal("SIGKILL"), PATIENCE_MS);
    const status = await this.#finished;
    clearTimeout(patience);
    return status;
  }

  #signal(signal: Deno.Signal): void {
    // The number of a process that has ended may be another's already.
    if (!this.#running) return;
    try {
      this.#process.kill(signal);
    } catch {
      // It has ended, and this process is about to hear of it.
    }
  }

  async #follow(
    onLine: (line: string) => void,
    onLost: (status: Deno.CommandStatus) => void,
  ): Promise<Deno.CommandStatus> {
    const reading = Promise.all([this.#readLines(onLine), this.#readComplaint()]);
    const status = await this.#process.status;
    this.#running = false;
    await reading;
    await this.#input.close().catch(() => {});
    if (!this.#told) onLost(status);
    return status;
  }

  async #readLines(onLine: (line: string) => void): Promise<void> {
    for await (const line of linesOf(this.#process.stdout)) onLine(line);
  }

  async #readComplaint(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.#process.stderr) {
      const text = this.#complaint + decoder.decode(chunk, { stream: true });
      this.#complaint = text.slice(-COMPLAINT_CHARACTERS);
    }
  }
}
