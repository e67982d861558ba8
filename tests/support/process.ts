/**
 * Programs that tests and measurements start: read by lines, ended or killed, never left behind.
 *
 * @module
 */

import { linesOf } from "./lines.ts";

/** The project's folder. Programs start in it, so that they find its files by their names there. */
export const PROJECT = new URL("../../", import.meta.url);

/**
 * Under `deno task test:native`, which grants tests to call libc, the programs that they start may,
 * too; under `deno test -A`, which grants all there is, they have Deno's own transport.
 */
const TRANSPORT: readonly string[] = isGranted({ name: "ffi" }) && !isGranted({ name: "sys" })
  ? ["--allow-ffi"]
  : [];

/** Whether this process has a permission. */
export function isGranted(descriptor: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(descriptor).state === "granted";
}

/** The command that runs a script of the project on Deno, with the flags that `deno run` takes. */
export function denoCommand(
  flags: readonly string[],
  script: string,
  args: readonly string[],
): string[] {
  const own = ["run", "--no-prompt", "--unstable-net", ...TRANSPORT];
  return [Deno.execPath(), ...own, ...flags, script, ...args];
}

/** How a program is started. */
export interface ProgramOptions {
  /** Keeps a pipe to its standard input, for {@linkcode Program.write}; otherwise there is none. */
  readonly input?: boolean;
  /** Takes each line that it prints; without it, lines wait for {@linkcode Program.nextLine}. */
  readonly onLine?: (line: string) => void;
  /** Throws away what it prints and complains, for programs whose time is measured. */
  readonly mute?: boolean;
  /** Kills it after this time, milliseconds, so that a test fails instead of hanging; 0: never. */
  readonly deadlineMs?: number;
  /** Environment variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a program ended. */
export interface Ending {
  /** Its exit code; 128 more than its number after a signal that ended it. */
  readonly code: number;
  /** The lines of its standard output that nobody had read yet. */
  readonly lines: string[];
  /** What it wrote to standard error, or the end of it. */
  readonly stderr: string;
}

const DEFAULT_DEADLINE_MS = 60_000;

/** Grace period after a request to end, milliseconds; then SIGKILL. */
const GRACE_MS = 5000;

/** Only the last characters of standard error are kept: a soak lasts for days. */
const STDERR_CHARACTERS = 20_000;

const running = new Set<Program>();

// A test that fails may leave its programs running.
globalThis.addEventListener("unload", () => {
  for (const program of running) program.signal("SIGKILL");
});

/** A running program. */
export class Program {
  /** Its process id. */
  readonly pid: number;
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string> | undefined;
  readonly #input: WritableStreamDefaultWriter<Uint8Array> | undefined;
  readonly #ended: Promise<Deno.CommandStatus>;
  readonly #stderrRead: Promise<void> | undefined;
  readonly #allRead: Promise<void> | undefined;
  #stderr = "";

  /** Starts a command in the project's folder. */
  constructor(command: string, args: readonly string[], options: ProgramOptions = {}) {
    const { input, onLine, mute, deadlineMs = DEFAULT_DEADLINE_MS, env } = options;
    const output = mute ? "null" : "piped";
    this.#child = new Deno.Command(command, {
      args: [...args],
      cwd: PROJECT,
      stdin: input ? "piped" : "null",
      stdout: output,
      stderr: output,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    }).spawn();
    this.pid = this.#child.pid;
    if (input) this.#input = this.#child.stdin.getWriter();
    if (!mute) {
      this.#lines = linesOf(this.#child.stdout)[Symbol.asyncIterator]();
      this.#stderrRead = this.#readStderr();
      if (onLine !== undefined) this.#allRead = this.#readLines(onLine);
    }
    const kill = () => this.signal("SIGKILL");
    const deadline = deadlineMs === 0 ? undefined : setTimeout(kill, deadlineMs);
    running.add(this);
    this.#ended = this.#child.status.then((status) => {
      clearTimeout(deadline);
      running.delete(this);
      return status;
    });
  }

  /** Starts a script of the project on Deno, with the flags that `deno run` takes. */
  static deno(
    flags: readonly string[],
    script: string,
    args: readonly string[],
    options: ProgramOptions = {},
  ): Program {
    const [deno, ...denoArgs] = denoCommand(flags, script, args);
    return new Program(deno!, denoArgs, options);
  }

  /** Whether it has not ended yet. */
  get running(): boolean {
    return running.has(this);
  }

  /** What it has written to standard error so far, or the end of it. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Settles when it has ended. */
  get ended(): Promise<Deno.CommandStatus> {
    return this.#ended;
  }

  /** Reads the next line; `undefined` when there are no more. */
  async nextLine(): Promise<string | undefined> {
    const { value, done } = await this.#lines!.next();
    return done ? undefined : value;
  }

  /** Reads up to the next line that contains a text, and returns that line. */
  async lineWith(text: string): Promise<string> {
    for (;;) {
      const line = await this.nextLine();
      if (line === undefined) {
        throw new Error(`no line with "${text}"; ${(await this.end()).stderr}`);
      }
      if (line.includes(text)) return line;
    }
  }

  /** Writes a line to its standard input; a program that has ended doesn't read it. */
  async write(line: string): Promise<void> {
    await this.#input!.write(new TextEncoder().encode(`${line}\n`)).catch(() => {});
  }

  /** Sends it a signal. */
  signal(signal: Deno.Signal): void {
    // The process id of a program that has ended may be another's by now.
    if (!this.running) return;
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended, and this process hasn't been informed yet.
    }
  }

  /** Closes the pipe that it prints to. */
  async stopReading(): Promise<void> {
    await this.#lines!.return!();
  }

  /** Closes its standard input, reads the rest of its lines, and waits for its end. */
  async end(): Promise<Ending> {
    await this.#input?.close().catch(() => {});
    const lines: string[] = [];
    if (this.#lines !== undefined) {
      await (this.#allRead ?? this.#readLines((line) => lines.push(line)));
    }
    const { code } = await this.#ended;
    await this.#stderrRead;
    return { code, lines, stderr: this.#stderr };
  }

  /**
   * Asks it to end, by a signal or by closing its standard input, and waits for that; a program
   * that doesn't end within {@linkcode GRACE_MS} is killed.
   */
  async stop(signal?: Deno.Signal): Promise<Ending> {
    if (signal !== undefined) this.signal(signal);
    const grace = setTimeout(() => this.signal("SIGKILL"), GRACE_MS);
    const ending = await this.end();
    clearTimeout(grace);
    return ending;
  }

  async #readLines(onLine: (line: string) => void): Promise<void> {
    for (let line = await this.nextLine(); line !== undefined; line = await this.nextLine()) {
      onLine(line);
    }
  }

  async #readStderr(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARACTERS);
    }
  }
}

/**
 * Ports below those that systems give away by themselves: while a server is down for a moment, no
 * other program is given its port.
 */
const [FIRST_PORT, LAST_PORT] = [20_000, 29_999];

/** Finds a UDP port on 127.0.0.1 that nobody uses. */
export function freePort(): number {
  const ports = LAST_PORT - FIRST_PORT + 1;
  // A random start keeps apart those who look for a port at the same time.
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
