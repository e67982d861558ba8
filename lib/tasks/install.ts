/**
 * `deno task install`: puts `heartbeat` and `heartbeat-server` on the PATH, which need neither this
 * checkout nor the network.
 *
 * @module
 */

import { runProgram, type Terminal } from "../runtime/program.ts";
import { reasonOf } from "../runtime/reason.ts";
import { OperatorError } from "../text/operator_error.ts";
import { asksForHelp } from "./task_flags.ts";

const HELP = `Usage: deno task install [PERMISSIONS]

Puts "heartbeat" (client.ts) and "heartbeat-server" (server.ts) into the folder of
programs of "deno install -g": ~/.deno/bin, or $DENO_INSTALL_ROOT/bin. They have the
permissions for the network and to read TERM; hooks and keys need more, which you may
name:

  deno task install --allow-run=mail --allow-read=/etc/heartbeat.key

"deno uninstall -g heartbeat" and "deno uninstall -g heartbeat-server" remove them.`;

/** An installed command. */
export interface InstalledCommand {
  /** Its name, and that of its folder in `dist`. */
  readonly name: string;
  /** The file there that it runs. */
  readonly script: string;
  /** What Deno needs for it. */
  readonly flags: readonly string[];
}

// Deno keeps what V8 has compiled before the program runs. By itself that is little more than the
// top level, and each start compiles all else again; by this flag it is everything.
const COMPILE_ONCE = "--no-lazy";

/** The client. */
export const HEARTBEAT: InstalledCommand = {
  name: "heartbeat",
  script: "client.js",
  flags: [`--v8-flags=${COMPILE_ONCE}`, "--allow-net", "--allow-env=TERM", "--unstable-net"],
};

/** The server. */
export const HEARTBEAT_SERVER: InstalledCommand = {
  name: "heartbeat-server",
  script: "server.js",
  flags: [
    `--v8-flags=${COMPILE_ONCE},--max-semi-space-size=8`,
    "--allow-net",
    "--allow-env=TERM",
    "--unstable-net",
  ],
};

async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  if (asksForHelp(args)) {
    terminal.line(HELP);
    return 0;
  }
  const wrong = args.find((arg) => !/^--(?:allow|deny)-[a-z]+(?:=.*)?$/.test(arg));
  if (wrong !== undefined) {
    throw new OperatorError(
      `${wrong} is no permission; expected such as --allow-run=mail or --allow-read=/etc/hb.key`,
    );
  }
  const root = installRoot();
  // "deno install -g" refers to the file that it is given, and a checkout may go away.
  const share = `${root}/share/udp-heartbeat`;
  for (const { name, script, flags } of [HEARTBEAT, HEARTBEAT_SERVER]) {
    await replaceFolder(`dist/${name}`, `${share}/${name}`);
    await install(name, ["--root", root, ...flags, ...args, `${share}/${name}/${script}`]);
    terminal.line(`${root}/bin/${name}`);
  }
  if (!await isOnPath("deno")) {
    terminal.line('Both need "deno" on the PATH: npm install -g deno@2.9.6');
  }
  if (!await isOnPath("heartbeat")) {
    terminal.line(`Add ${root}/bin to the PATH: export PATH="${root}/bin:$PATH"`);
  }
  return 0;
}

function installRoot(): string {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE");
  const root = Deno.env.get("DENO_INSTALL_ROOT") ?? (home && `${home}/.deno`);
  if (root === undefined) {
    throw new OperatorError("where to? Set HOME, or DENO_INSTALL_ROOT, to a folder");
  }
  return root;
}

/** What runs already has read its files: it doesn't miss them. */
async function replaceFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(to)) await Deno.remove(`${to}/${name}`);
  for await (const { name } of Deno.readDir(from)) {
    await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

async function install(name: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "-g", "-f", "--no-config", "--name", name, ...args],
    stdin: "null",
  }).output();
  if (!success) {
    throw new OperatorError(`can't install ${name}: ${new TextDecoder().decode(stderr).trim()}`);
  }
}

async function isOnPath(command: string): Promise<boolean> {
  const [finder, args] = Deno.build.os === "windows"
    ? ["where", [command]]
    : ["sh", ["-c", `command -v ${command}`]];
  try {
    return (await new Deno.Command(finder, { args, stdin: "null" }).output()).success;
  } catch (error) {
    throw new OperatorError(`can't look for ${command}: ${reasonOf(error)}`);
  }
}

if (import.meta.main) await runProgram("install", main);
