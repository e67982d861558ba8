/**
 * `deno task demo`: a lossy server and a client against it, on this machine, in one terminal.
 *
 * @module
 */

import { monitorServer } from "../../client.ts";
import { startServer } from "../../server.ts";
import { CLIENT_FLAGS } from "../cli/client_flags.ts";
import { clientOptionsOf } from "../cli/client_options.ts";
import { VERSION_TEXT } from "../cli/common_flags.ts";
import { EXIT_CODES } from "../cli/exit_codes.ts";
import { type CommandLine, type FlagTable, readFlags } from "../cli/flags.ts";
import { SERVER_FLAGS, serverOptionsOf } from "../cli/server_options.ts";
import { paletteOf } from "../report/palette.ts";
import { runProgram, type Terminal } from "../runtime/program.ts";
import { OperatorError } from "../text/operator_error.ts";
import { closingLines, type DemoSettings, openingLines } from "./demo_texts.ts";
import { asksForHelp, taskHelp } from "./task_flags.ts";

/**
 * A seed with which all 100 heartbeats are sent. With 86% of all seeds, a loss of 30% hits three
 * heartbeats in a row somewhere among 100, and the client then stops, as its rule says. This seed
 * drops 30, and no three in a row.
 */
const SEED = 1;

/** The flags of the server that work here. */
const SERVERS = pick(SERVER_FLAGS, [
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
]);

/** The flags of the client that work here. */
const CLIENTS = pick(CLIENT_FLAGS, [
  "count",
  "interval",
  "timeout",
  "max-losses",
  "false-alarms",
  "probe-fast",
  "watch",
  "recover",
  "report",
  "stats",
  "quiet",
  "json",
  "help",
  "version",
]);

const FLAGS = {
  ...SERVERS,
  seed: { ...SERVERS.seed, help: `makes the drops repeatable (default ${SEED})` },
  ...CLIENTS,
};

const HELP = taskHelp(
  "demo",
  "Starts a server on a free port of this machine, and a client against it.",
  FLAGS,
  "TIME is a number with ms, s, m or h; a bare number is seconds. Exit codes are those of " +
    "client.ts; other flags of both programs don't work here, where they are on one machine.",
);

/** Flags that change nothing in what is sent, dropped and concluded. */
const HARMLESS: readonly string[] = ["quiet", "stats", "report"];

async function main(
  args: readonly string[],
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  if (asksForHelp(args)) {
    terminal.line(HELP);
    return 0;
  }
  const { flags } = readDemoFlags(args);
  if (flags.version) {
    terminal.line(VERSION_TEXT);
    return 0;
  }
  const given = (name: string, value: unknown) =>
    value !== undefined && value !== false &&
    !HARMLESS.includes(name);
  const client = clientOptionsOf({ ...readFlags(CLIENT_FLAGS, []).flags, ...flags });
  const server = serverOptionsOf({
    ...readFlags(SERVER_FLAGS, []).flags,
    ...flags,
    host: "127.0.0.1",
    port: 0,
  });
  const seed = server.seed ?? SEED;
  const settings: DemoSettings = {
    lossShare: server.lossShare,
    seed,
    count: client.count,
    maxLosses: client.maxLosses,
    plain: !Object.entries(flags).some(([name, value]) => given(name, value)),
  };
  const say = (lines: readonly string[]) => {
    if (!client.json) { for (const line of lines) terminal.line(line, true); }
  };
  say([...openingLines(settings), ""]);
  const code = await runBoth(client, { ...server, seed }, terminal, stop);
  say(["", ...closingLines(settings, code === EXIT_CODES.stopped && server.lossShare > 0)]);
  return code;
}

/**
 * Reads the flags.
 *
 * @throws {OperatorError} also for those of the programs that don't work here, and for arguments
 */
function readDemoFlags(args: readonly string[]): CommandLine<typeof FLAGS> {
  const elsewhere = Object.keys({ ...CLIENT_FLAGS, ...SERVER_FLAGS })
    .find((name) =>
      !(name in FLAGS) && args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`))
    );
  if (elsewhere !== undefined) {
    throw new OperatorError(
      `--${elsewhere} doesn't work in the demo; start server.ts and client.ts in two terminals`,
    );
  }
  const read = readFlags(FLAGS, args);
  if (read.positionals.length > 0) {
    throw new OperatorError(
      "the demo has a server of its own; leave the host out, or use client.ts",
    );
  }
  return read;
}

async function runBoth(
  client: Parameters<typeof monitorServer>[0],
  server: Parameters<typeof startServer>[0],
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  // A terminal shows what was answered as marks, and each drop as a line above them.
  const live = terminal.openPanel !== undefined && !client.quiet && !client.json;
  const stopServer = new AbortController();
  const running = await startServer(
    { ...server, quiet: client.quiet },
    // JSON is for programs, which want the client's figures and can't tell whose line is whose.
    speakAs("S", terminal, client.json ? () => {} : live ? unlessReply(terminal) : terminal.line),
    stopServer.signal,
  );
  try {
    const target = { host: running.local.hostname, port: running.local.port };
    const speaker = client.json ? terminal : speakAs("C", terminal, terminal.line);
    return await monitorServer({ ...client, target, live }, speaker, stop);
  } finally {
    stopServer.abort();
    await running.finished;
  }
}

/** Prints the server's lines but for those about replies. */
function unlessReply({ line }: Terminal): Terminal["line"] {
  return (text, always) => {
    if (!text.includes("Responded to ")) line(text, always);
  };
}

/** A terminal whose lines begin with a letter for the one who speaks. */
function speakAs(name: string, terminal: Terminal, line: Terminal["line"]): Terminal {
  const { name: paint } = paletteOf(terminal);
  return {
    ...terminal,
    columns: terminal.columns - `${name} `.length,
    line: (text, always) =>
      text.split("\n").forEach((part) => line(`${paint(name)} ${part}`, always)),
  };
}

function pick<Table extends FlagTable, Name extends keyof Table>(
  table: Table,
  names: readonly Name[],
): Pick<Table, Name> {
  return Object.fromEntries(names.map((name) => [name, table[name]])) as Pick<Table, Name>;
}

if (import.meta.main) await runProgram("demo", main);
