/** Runs the real scripts, as a user would, and reads what they print. */

const ROOT = new URL("../../", import.meta.url);

const granted = (descriptor: Deno.PermissionDescriptor) =>
  Deno.permissions.querySync(descriptor).state === "granted";

/** Whether tests may open sockets and start programs; those that need it are ignored where they may not. */
export const mayRun: boolean = granted({ name: "net", host: "127.0.0.1" }) &&
  granted({ name: "run" }) && granted({ name: "read", path: ROOT });

/** Whether Python is there to play the plain peer of the source document. */
export const hasPython: boolean = mayRun && canStart("python3");

/** Whether this machine has an IPv6 loopback address. */
export const hasIpv6: boolean = mayRun && canBind("::1");

function canStart(command: string): boolean {
  try {
    return new Deno.Command(command, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

function canBind(hostname: string): boolean {
  try {
    Deno.listenDatagram({ transport: "udp", hostname, port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

const DEADLINE_MS = 60_000;

/** How a program ended. */
export interface Ending {
  /** Its exit code. */
  readonly code: number;
  /** The lines that it printed and that nobody has read yet. */
  readonly lines: string[];
  /** What it complained. */
  readonly stderr: string;
}

/** A program that runs. */
export class Program {
  readonly #child: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #stderr: Promise<string>;
  // A program that doesn't end must fail its test, not hang it.
  readonly #deadline = setTimeout(() => this.signal("SIGKILL"), DEADLINE_MS);
  #pending: string[] = [];
  #rest = "";

  /** Starts a command in the project's folder. */
  constructor(command: string, args: readonly string[]) {
    this.#child = new Deno.Command(command, {
      args: [...args],
      cwd: ROOT,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    }).spawn();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#stderr = new Response(this.#child.stderr).text();
  }

  /** The process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** The next line; `undefined` when there are no more. */
  async nextLine(): Promise<string | undefined> {
    while (this.#pending.length === 0) {
      const { value, done } = await this.#reader.read();
      if (done) return undefined;
      const lines = (this.#rest + value).split("\n");
      this.#rest = lines.pop()!;
      this.#pending = lines;
    }
    return this.#pending.shift();
  }

  /** The next line that has this in it; what comes before is passed over. */
  async lineWith(text: string): Promise<string> {
    for (;;) {
      const line = await this.nextLine();
      if (line === undefined) throw new Error(`no line with "${text}"; ${await this.#stderr}`);
      if (line.includes(text)) return line;
    }
  }

  /** Sends a signal to this very process. */
  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Closes the pipe that the program prints to. */
  async stopReading(): Promise<void> {
    await this.#reader.cancel();
  }

  /** Waits for the end. */
  async end(): Promise<Ending> {
    const lines: string[] = [];
    for (let line = await this.nextLine(); line !== undefined; line = await this.nextLine()) {
      lines.push(line);
    }
    const { code } = await this.#child.status;
    clearTimeout(this.#deadline);
    return { code, lines, stderr: await this.#stderr };
  }
}

/** Starts one of the project's scripts with all of the network, and no other permission. */
export function startScript(script: string, ...args: string[]): Program {
  return new Program(Deno.execPath(), ["run", "--allow-net", "--unstable-net", script, ...args]);
}

/** A server that runs, and the port that it listens on. */
export interface ServerProgram {
  /** The program; its first line is read. */
  readonly program: Program;
  /** Its port. */
  readonly port: number;
}

/** Starts `server.ts` on a free loopback port. */
export async function startServer(...args: string[]): Promise<ServerProgram> {
  const program = startScript("server.ts", "--port", "0", "--host", "127.0.0.1", ...args);
  const line = await program.nextLine();
  const port = line === undefined ? undefined : /(?:127\.0\.0\.1:|"port":)(\d+)/.exec(line)?.[1];
  if (port === undefined) throw new Error(`server did not start: ${(await program.end()).stderr}`);
  return { program, port: Number(port) };
}

/** Stops a server as Ctrl-C does, and returns its last words. */
export async function stopServer({ program }: ServerProgram): Promise<Ending> {
  program.signal("SIGINT");
  return await program.end();
}

/** Runs `client.ts` to its end. */
export async function runClient(...args: string[]): Promise<Ending> {
  return await startScript("client.ts", ...args).end();
}

/** The JSON objects among lines, with the type that is wanted. */
// deno-lint-ignore no-explicit-any -- what a program printed is what the test is about
export function objects(lines: readonly string[], type: string): any[] {
  return lines.map((line) => JSON.parse(line)).filter((object) => object.type === type);
}
