/**
 * The servers that are measured side by side, each a process of its own.
 *
 * @module
 */

import { OperatorError } from "../../lib/text/operator_error.ts";
import { freePort, Program } from "../support/process.ts";
import { firstDatagrams } from "./capture.ts";
import type { ForeignDatagrams } from "./load.ts";
import { irttServer, type RoundTripTools } from "./round_trip.ts";
import { processCost } from "./process_cost.ts";

/** How a server is started. */
export interface Contender {
  /** Its name in the tables. */
  readonly name: string;
  /** The program and its arguments. */
  readonly command: (port: number) => readonly string[];
  /** The file that its lines go to; without one, they are thrown away. */
  readonly output?: string;
  /** What it is asked, where that is no heartbeat: captured from its own client. */
  readonly capture?: (port: number) => Promise<ForeignDatagrams>;
  /** Whether heartbeats have the check digits of our own client; left out: they have not. */
  readonly checked?: boolean;
}

function deno(script: string, ...args: string[]): string[] {
  return [Deno.execPath(), "run", "--allow-net", "--unstable-net", script, ...args];
}

function server(port: number, ...args: string[]): string[] {
  // The limits are on, and above any load.
  const limits = ["--rate=1000000000", "--total-rate=1000000000"];
  return deno("server.ts", "--host=127.0.0.1", `--port=${port}`, "--loss=0", ...limits, ...args);
}

/** Names of the contenders that the closing ratios compare. */
export const NAMES = {
  quiet: "server.ts --quiet --loss 0",
  lines: "server.ts, lines to a file",
  python: "plain Python server, silent",
  node: "plain server on Node's dgram",
  native: "server.ts --allow-ffi, silent",
  c: "C, recvfrom and sendto",
  irtt: "irtt server",
  sockperf: "sockperf server",
} as const;

/** The platform's limit, which all others are compared with. */
const BARE_ECHO: Contender = {
  name: "bare echo on Deno",
  command: (port) => deno("tests/bench/echo.ts", `${port}`),
};

/** Our server, silent. */
export const QUIET_SERVER: Contender = {
  name: NAMES.quiet,
  command: (port) => server(port, "--quiet"),
};

/** The same on the native transport. */
const NATIVE_SERVER: Contender = {
  name: NAMES.native,
  command(port) {
    const [file, run, ...rest] = server(port, "--quiet");
    return [file!, run!, "--allow-ffi", ...rest];
  },
};

/**
 * All contenders, first the one that the others are compared with; lines go to files in a folder.
 */
export function contenders(folder: string): readonly Contender[] {
  const python = "tests/bench/plain_server.py";
  return [
    BARE_ECHO,
    QUIET_SERVER,
    { ...QUIET_SERVER, name: "  the same, for our own client", checked: true },
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
      command: (port) => ["node", "tests/bench/plain_server.mjs", `${port}`],
    },
    NATIVE_SERVER,
    { ...NATIVE_SERVER, name: "  the same, for our own client", checked: true },
  ];
}

/** The peers of a native server, those that are installed here: gcc's, irtt and sockperf. */
export async function nativePeers(folder: string): Promise<readonly Contender[]> {
  const peers: Contender[] = [];
  const echo = await compiled("echo", folder);
  if (echo !== undefined) peers.push({ name: NAMES.c, command: (port) => [echo, `${port}`] });
  if (await succeeds("irtt", "version")) {
    peers.push({
      name: NAMES.irtt,
      command: irttServer,
      async capture(port) {
        const client = (relay: number) => ["irtt", "client", "-d", "1h", `127.0.0.1:${relay}`];
        const [handshake, datagram] = await firstDatagrams(client, port, 2);
        const token = { from: 4, to: 12 };
        return { handshake: handshake!.toHex(), datagram: datagram!.toHex(), token };
      },
    });
  }
  if (await succeeds("sockperf", "--version")) {
    peers.push({
      name: NAMES.sockperf,
      command: (port) => ["sockperf", "server", "-i", "127.0.0.1", "-p", `${port}`],
      async capture(port) {
        const client = (relay: number) => {
          const size = ["--msg-size", "40"];
          return ["sockperf", "ping-pong", "-i", "127.0.0.1", "-p", `${relay}`, "-t", "1", ...size];
        };
        const [datagram] = await firstDatagrams(client, port, 1);
        return { datagram: datagram!.toHex() };
      },
    });
  }
  return peers;
}

/** The tools that round trips are measured with; `undefined` without gcc. */
export async function roundTripTools(folder: string): Promise<RoundTripTools | undefined> {
  const [echo, wire] = [await compiled("echo", folder), await compiled("wire", folder)];
  if (echo === undefined || wire === undefined) return undefined;
  const irtt = await succeeds("irtt", "version");
  return { echo, wire, irtt, fping: await succeeds("fping", "-q", "-C", "1", "127.0.0.1") };
}

/** Compiles a program of this folder; `undefined` without gcc. */
export async function compiled(name: string, folder: string): Promise<string | undefined> {
  const binary = `${folder}/${name}`;
  const args = ["-O2", "-o", binary, `tests/bench/${name}.c`];
  return await succeeds("gcc", ...args) ? binary : undefined;
}

async function succeeds(file: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Program(file, args, { mute: true }).end()).code === 0;
  } catch {
    return false;
  }
}

/** A contender that runs. */
export interface RunningContender extends Contender {
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** What it is asked instead of heartbeats. */
  readonly foreign: ForeignDatagrams | undefined;
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
  const [file, ...args] = contender.output === undefined
    ? command
    : ["sh", "-c", 'file=$1; shift; exec "$@" > "$file"', "sh", contender.output, ...command];
  const program = start(file!, args);
  const stop = async () => {
    await program.stop("SIGKILL");
  };
  // Its own client may try only once, and the server takes its time to start.
  if (contender.capture) await new Promise((resume) => setTimeout(resume, 10 * TRY_EVERY_MS));
  const foreign = await contender.capture?.(port);
  if (foreign === undefined && !await answers(port)) {
    await stop();
    throw new OperatorError(`${contender.name.trim()} doesn't answer; is ${command[0]} installed?`);
  }
  return { ...contender, port, foreign, cost: () => processCost(program.pid), stop };
}

function start(file: string, args: readonly string[]): Program {
  try {
    return new Program(file, args, { mute: true, deadlineMs: 0 });
  } catch {
    throw new OperatorError(`${file} can't be started; the benchmark needs it as a peer`);
  }
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
