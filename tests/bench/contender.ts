/**
 * The servers that are measured side by side, each a process of its own.
 *
 * @module
 */

import { OperatorError } from "../../lib/text/operator_error.ts";
import { processCost } from "./process_cost.ts";
import { projectPath } from "./project_path.ts";

/** How a server is started. */
export interface Contender {
  /** What it is called in the tables. */
  readonly name: string;
  /** The program and its arguments. */
  readonly command: (port: number) => readonly string[];
  /** The file that its lines go to; left out: nobody reads them. */
  readonly output?: string;
  /** What its heartbeats have after their three fields. */
  readonly extension?: string;
}

const deno = (script: string, ...args: string[]) => [
  ...[Deno.execPath(), "run", "--allow-net", "--unstable-net", projectPath(script)],
  ...args,
];
// The limits are switched on, and above any load.
const server = (port: number, ...args: string[]) =>
  deno(
    "server.ts",
    ...["--host=127.0.0.1", `--port=${port}`, "--loss=0"],
    ...["--rate=1000000000", "--total-rate=1000000000"],
    ...args,
  );

/** What those are called that the closing ratios are of. */
export const NAMES = {
  quiet: "server.ts --quiet --loss 0",
  lines: "server.ts, lines to a file",
  python: "plain Python server, silent",
  node: "plain server on Node's dgram",
} as const;

/** The platform's limit: what all others are measured by. */
const BARE_ECHO: Contender = {
  name: "bare echo on Deno",
  command: (port) => deno("tests/bench/echo.ts", `${port}`),
};

/** Our server, silent. */
export const QUIET_SERVER: Contender = {
  name: NAMES.quiet,
  command: (port) => server(port, "--quiet"),
};

/** All that are measured, the one first that the others are measured by; lines go to files in a folder. */
export function contenders(folder: string): readonly Contender[] {
  const python = projectPath("tests/bench/plain_server.py");
  return [
    BARE_ECHO,
    QUIET_SERVER,
    { ...QUIET_SERVER, name: "  the same, for our own client", extension: " run=0123abcd" },
    {
      name: NAMES.lines,
      command: (port) => server(port),
      output: `${folder}/server.txt`,
    },
    { name: NAMES.python, command: (port) => ["python3", python, `${port}`] },
    {
      name: "  the same, lines to a file",
      command: (port) => ["python3", python, `${port}`, "print"],
      output: `${folder}/python.txt`,
    },
    {
      name: NAMES.node,
      command: (port) => ["node", projectPath("tests/bench/plain_server.mjs"), `${port}`],
    },
  ];
}

/** A contender that runs. */
export interface RunningContender extends Contender {
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** The processor time that it has used, milliseconds, and the memory that it holds, MB. */
  cost(): Promise<{ cpuMs: number; residentMb: number }>;
  /** Ends it. */
  stop(): Promise<void>;
}

/**
 * Starts a contender, and waits until it answers.
 *
 * @throws {OperatorError} when it doesn't
 */
export async function startContender(contender: Contender): Promise<RunningContender> {
  const port = freePort();
  const command = contender.command(port);
  const [program, ...args] = contender.output === undefined
    ? command
    : ["sh", "-c", 'file=$1; shift; exec "$@" > "$file"', "sh", contender.output, ...command];
  const child = spawn(program!, args);
  const stop = async () => {
    try {
      child.kill("SIGTERM");
    } catch {
      // It has ended by itself: Ctrl-C at a terminal reaches it, too.
    }
    await child.status;
  };
  if (!await answers(port)) {
    await stop();
    throw new OperatorError(`${contender.name.trim()} doesn't answer; is ${command[0]} installed?`);
  }
  return { ...contender, port, cost: () => processCost(child.pid), stop };
}

function spawn(program: string, args: string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
      env: { DENO_NO_UPDATE_CHECK: "1" },
    }).spawn();
  } catch {
    throw new OperatorError(`${program} can't be started; the benchmark needs it as a peer`);
  }
}

function freePort(): number {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const { port } = socket.addr as Deno.NetAddr;
  socket.close();
  return port;
}

const TRIES = 100;
const TRY_EVERY_MS = 50;

async function answers(port: number): Promise<boolean> {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const request = new TextEncoder().encode("Heartbeat 1 1763824000.123456");
  let answered = false;
  const receiving = socket.receive().then(() => answered = true, () => {});
  for (let tries = 0; !answered && tries < TRIES; tries++) {
    await socket.send(request, { transport: "udp", hostname: "127.0.0.1", port });
    await new Promise((resume) => setTimeout(resume, TRY_EVERY_MS));
  }
  socket.close();
  await receiving;
  return answered;
}
