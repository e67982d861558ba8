/**
 * `deno task demo`: a lossy server and a client against it, on this machine, in one terminal.
 *
 * @module
 */

import { monitorServer } from "../../client.ts";
import { startServer } from "../../server.ts";
import { CLIENT_HELP, readClientOptions } from "../cli/client_options.ts";
import { VERSION_TEXT } from "../cli/common_flags.ts";
import { OperatorError } from "../text/operator_error.ts";
import { readServerOptions, SERVER_FLAGS } from "../cli/server_options.ts";
import { COLOURED, PLAIN } from "../report/palette.ts";
import { runProgram, type Terminal } from "../runtime/program.ts";
import { asksForHelp } from "./task_flags.ts";

/**
 * A seed with which all 100 heartbeats are sent. With 86% of all seeds, a loss of 30% hits three
 * heartbeats in a row somewhere among 100, and the client then stops, as its rule says. This seed
 * drops 30, and no three in a row.
 */
const SEED = 1;

const DEFAULT_TARGET = { host: "localhost", port: 12000 };

/** The flags that are the server's; all others are the client's. */
const SERVERS_FLAGS = [
  "loss",
  "burst",
  "seed",
  "delay",
  "jitter",
  "duplicate",
  "reorder",
  "client-timeout",
  "rate",
  "total-rate",
] as const;

const HELP = `Usage: deno task demo [flags]

Starts a server on a free port of this machine, and a client against it. The server's flags are
--loss, --burst, --seed (default ${SEED}), --delay, --jitter, --duplicate, --reorder,
--client-timeout, --rate and --total-rate; all others are the client's:

${CLIENT_HELP}`;

async function main(
  args: readonly string[],
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  if (asksForHelp(args)) {
    terminal.line(HELP);
    return 0;
  }
  const { serverArgs, clientArgs } = split(args);
  const client = readClientOptions(clientArgs);
  const server = readServerOptions([
    "--host=127.0.0.1",
    "--port=0",
    `--seed=${SEED}`,
    ...serverArgs,
  ]);
  if ("print" in client || "print" in server) {
    terminal.line("print" in client && client.print === VERSION_TEXT ? VERSION_TEXT : HELP);
    return 0;
  }
  if (client.target.host !== DEFAULT_TARGET.host || client.target.port !== DEFAULT_TARGET.port) {
    throw new OperatorError(
      "the demo has a server of its own; leave the host out, or use client.ts",
    );
  }
  return await runBoth(client, server, terminal, stop);
}

async function runBoth(
  client: Parameters<typeof monitorServer>[0],
  server: Parameters<typeof startServer>[0],
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const stopServer = new AbortController();
  const running = await startServer(
    { ...server, quiet: client.quiet, keyFile: client.keyFile },
    // JSON is for programs, which want the client's figures and can't tell whose line is whose.
    speakAs("server", terminal, client.json ? () => {} : terminal.line),
    stopServer.signal,
  );
  try {
    const target = { host: running.local.hostname, port: running.local.port };
    const speaker = client.json ? terminal : speakAs("client", terminal, terminal.line);
    return await monitorServer({ ...client, target }, speaker, stop);
  } finally {
    stopServer.abort();
    await running.finished;
  }
}

/** A terminal whose lines begin with the name of the one who speaks. */
function speakAs(name: string, terminal: Terminal, line: Terminal["line"]): Terminal {
  const { name: paint } = terminal.colour ? COLOURED : PLAIN;
  return {
    ...terminal,
    columns: terminal.columns - `${name} | `.length,
    line: (text, always) =>
      text.split("\n").forEach((part) => line(`${paint(name)} | ${part}`, always)),
  };
}

function split(args: readonly string[]): { serverArgs: string[]; clientArgs: string[] } {
  const serverArgs: string[] = [];
  const clientArgs: string[] = [];
  const spellings = SERVERS_FLAGS.flatMap((name) => {
    const { short } = SERVER_FLAGS[name];
    return short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
  });
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (spellings.includes(arg)) serverArgs.push(arg, ...args.slice(++i, i + 1));
    else if (spellings.some((spelling) => hasValue(arg, spelling))) serverArgs.push(arg);
    else clientArgs.push(arg);
  }
  return { serverArgs, clientArgs };
}

/** Whether an argument is this flag with its value: `--loss=0`, `-l=0`, `-l0`. */
function hasValue(arg: string, spelling: string): boolean {
  return arg.startsWith(spelling.startsWith("--") ? `${spelling}=` : spelling);
}

if (import.meta.main) await runProgram("demo", main);
