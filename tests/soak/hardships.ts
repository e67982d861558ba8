/**
 * What stands in the way of programs that run beside the others through a soak: outputs that nobody
 * reads, a full disk, and a hook that hangs. None of it may stop them, nor keep them from ending.
 *
 * @module
 */

import { denoCommand, freePort, Program, type ProgramOptions } from "../support/process.ts";
import { INTERVAL_MS, TIMEOUT_MS } from "./setup.ts";

/** What became of these programs. */
export interface HardshipFigures {
  /** Heartbeats that came from the client whose outputs nobody reads. */
  readonly heard_of_blocked_client: number;
  /** Heartbeats that the server on a full disk answered, of those that a client asked it. */
  readonly answered_on_full_disk: number;
  readonly asked_on_full_disk: number;
}

/** A program must end so soon after SIGTERM: outputs get two seconds, hooks one. */
const END_WITHIN_MS = 5000;

/** This share of the heartbeats must come and be answered, while a flood takes the processor. */
const LEAST_SHARE = 0.8;

/** It runs for longer than a hook may, and not for ever: nobody ends it with its client. */
const HANGING_HOOK = ["--on-down", "sleep 90"];

/** Programs take their time to start: heartbeats that this may cost. */
const STARTING = 50;

const PACE = ["-c", "0", "-i", `${INTERVAL_MS}ms`, "-t", `${TIMEOUT_MS}ms`];

/** The programs, from their start to their end. */
export class Hardships {
  readonly #echo = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  readonly #programs: Program[] = [];
  readonly #startMs = performance.now();
  #heard = 0;
  #asked = 0;
  #answered = 0;
  readonly #blocked: Program;
  readonly #hooked: Program;
  readonly #onFullDisk: Program;
  readonly #asker: Program;

  /** @param port the server's that is killed again and again, on 127.0.0.1 */
  constructor(port: number) {
    this.#answerAll();
    const { port: echoPort } = this.#echo.addr as Deno.NetAddr;
    this.#blocked = this.#start([`127.0.0.1:${echoPort}`, ...PACE]);
    // The hook outlives it, and would keep its pipes open.
    this.#hooked = this.#start([`127.0.0.1:${port}`, ...PACE, "-w", ...HANGING_HOOK], {
      mute: true,
    });
    const fullPort = freePort();
    this.#onFullDisk = this.#startOnFullDisk(fullPort);
    this.#asker = this.#start([`127.0.0.1:${fullPort}`, ...PACE, "-w", "--json"], {
      onLine: (line) => this.#count(line),
    });
  }

  /** Asks all programs to end, and returns what became of them, and what should not have. */
  async end(): Promise<{ figures: HardshipFigures; failures: string[] }> {
    const failures: string[] = [];
    const fail = (what: string) => failures.push(what);
    const beats = (performance.now() - this.#startMs) / INTERVAL_MS;
    const heard = this.#heard;
    if (heard < LEAST_SHARE * beats - STARTING) {
      fail(`${heard} heartbeats came from a client whose output nobody reads`);
    }
    if (!this.#onFullDisk.running) fail("the server on a full disk ended by itself");
    const [asked, answered] = [this.#asked, this.#answered];
    if (answered < LEAST_SHARE * beats - STARTING) {
      fail(`the server on a full disk answered ${answered} of ${asked} heartbeats`);
    }
    await this.#mustEnd(this.#asker, "a client of that server", [0, 1], fail);
    await this.#mustEnd(this.#blocked, "a client whose output nobody reads", [0, 1], fail);
    await this.#mustEnd(this.#hooked, "a client with a hook that hangs", [0, 1], fail);
    await this.#mustEnd(this.#onFullDisk, "the server on a full disk", [2], fail);
    this.#echo.close();
    return {
      figures: {
        heard_of_blocked_client: heard,
        answered_on_full_disk: answered,
        asked_on_full_disk: asked,
      },
      failures,
    };
  }

  /** Kills what still runs. */
  async killAll(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop("SIGKILL")));
  }

  #start(args: readonly string[], options: ProgramOptions = {}): Program {
    const flags = ["--allow-net", "--allow-run=sleep"];
    const program = Program.deno(flags, "client.ts", args, { ...options, deadlineMs: 0 });
    this.#programs.push(program);
    return program;
  }

  /** A server all of whose lines are lost, and there is one for each heartbeat. */
  #startOnFullDisk(port: number): Program {
    const args = ["--host=127.0.0.1", `--port=${port}`, "--loss=0"];
    const server = denoCommand(["--allow-net"], "server.ts", args);
    const script = 'exec "$@" >/dev/full';
    const program = new Program("sh", ["-c", script, "sh", ...server], { deadlineMs: 0 });
    this.#programs.push(program);
    return program;
  }

  /** Sends each heartbeat back: an echo is an answer. */
  async #answerAll(): Promise<void> {
    for await (const [bytes, from] of this.#echo) {
      this.#heard++;
      await this.#echo.send(bytes, from).catch(() => {});
    }
  }

  #count(line: string): void {
    const { type } = JSON.parse(line);
    if (type === "sent") this.#asked++;
    else if (type === "reply") this.#answered++;
  }

  async #mustEnd(
    program: Program,
    name: string,
    codes: readonly number[],
    fail: (what: string) => void,
  ): Promise<void> {
    const startMs = performance.now();
    program.signal("SIGTERM");
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, END_WITHIN_MS);
    // Its output is read only after that: reading would set it free.
    await Promise.race([program.ended, late.promise]);
    clearTimeout(timer);
    const tookMs = performance.now() - startMs;
    const { code } = await program.stop("SIGKILL");
    if (tookMs >= END_WITHIN_MS) fail(`${name} did not end within ${END_WITHIN_MS / 1000} s`);
    else if (!codes.includes(code)) fail(`${name} ended with exit code ${code}`);
  }
}
