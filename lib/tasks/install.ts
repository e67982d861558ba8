/**
 * `deno task install`: puts `heartbeat` and `heartbeat-server` on the PATH, which need neither this
 * checkout nor the network.
 *
 * @module
 */

import { runProgram, type Terminal } from "../runtime/program.ts";
import { reasonOf } from "../runtime/reason.ts";
import { OperatorError } from "../text/operator_error.ts";
import { bundle } from "./bundle.ts";
import { HEARTBEAT, HEARTBEAT_SERVER } from "./installed_programs.ts";
import { asksForHelp } from "./task_flags.ts";

const HELP = `Usage: deno task install [PERMISSIONS]

Puts "heartbeat" (client.ts) and "heartbeat-server" (server.ts) into the folder of
programs of "deno install -g": ~/.deno/bin, or $DENO_INSTALL_ROOT/bin. They have the
permissions for the network and to read TERM; hooks and keys need more, which you may
name:

  deno task install --allow-run=mail --allow-read=/etc/heartbeat.key

"deno uninstall -g heartbeat" and "deno uninstall -g heartbeat-server" remove
them, with the same DENO_INSTALL_ROOT. Deno fetches its bundler from npm, once.`;

/** The permissions that Deno knows. */
const PERMISSION = /^--(?:allow|deny)-(?:all|env|ffi|import|net|read|run|sys|write)(?:=.*)?$/;

async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  if (asksForHelp(args)) {
    terminal.line(HELP);
    return 0;
  }
  const wrong = args.find((arg) => !PERMISSION.test(arg));
  if (wrong !== undefined) {
    throw new OperatorError(
      `${wrong} is not a permission; expected something like --allow-run=mail or ` +
        "--allow-read=/etc/hb.key",
    );
  }
  const root = installRoot();
  // "deno install -g" refers to the file that it is given, and a checkout may go away.
  const share = `${root}/share/udp-heartbeat`;
  await writing(root, () => Deno.mkdir(share, { recursive: true }));
  for (const program of [HEARTBEAT, HEARTBEAT_SERVER]) {
    const { name, main, flags } = program;
    await writing(root, () => bundle(program, `${share}/${name}`));
    await install(name, ["--root", root, ...flags, ...args, `${share}/${name}/${main}`]);
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

/** The folder to install into; an empty variable is as good as none. */
function installRoot(): string {
  const home = Deno.env.get("HOME") || Deno.env.get("USERPROFILE");
  const root = Deno.env.get("DENO_INSTALL_ROOT") || (home && `${home}/.deno`);
  if (!root) throw new OperatorError("where to? Set HOME, or DENO_INSTALL_ROOT, to a folder");
  return /^(?:[/\\]|[A-Za-z]:)/.test(root) ? root : `${Deno.cwd()}/${root}`;
}

/** Does something in a folder that may be somebody else's. */
async function writing(root: string, change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(
      `can't write to ${root}: ${reasonOf(error)}; ` +
        "set DENO_INSTALL_ROOT to a folder that you may write to",
    );
  }
}

async function install(name: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "-g", "-f", "--no-config", "--name", name, ...args],
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) {
    throw new OperatorError(`can't install ${name}: ${new TextDecoder().decode(stderr).trim()}`);
  }
}

/** Whether a command will be found, also when npx, which brings its own Deno, has ended. */
async function isOnPath(command: string): Promise<boolean> {
  const [finder, args] = Deno.build.os === "windows"
    ? ["where", [command]]
    : ["sh", ["-c", `command -v ${command}`]];
  try {
    const { success, stdout } = await new Deno.Command(finder, { args, stdin: "null" }).output();
    return success && !/[\\/]_npx[\\/]/.test(new TextDecoder().decode(stdout));
  } catch (error) {
    throw new OperatorError(`can't look for ${command}: ${reasonOf(error)}`);
  }
}

if (import.meta.main) await runProgram("install", main);
