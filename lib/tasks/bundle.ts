/**
 * `deno task bundle`: makes the few files of each installed program, in `dist`.
 *
 * What a plain run needs is in the file that is run and in some small ones beside it; lists, pages,
 * JSON and hooks are in files of their own, which a plain run does not take in.
 *
 * @module
 */

import { runProgram, type Terminal } from "../runtime/program.ts";
import { OperatorError } from "../text/operator_error.ts";
import { HEARTBEAT, HEARTBEAT_SERVER, type InstalledProgram } from "./installed_programs.ts";
import { asksForHelp } from "./task_flags.ts";

const HELP = `Usage: deno task bundle

Makes the files of "heartbeat" and "heartbeat-server" in dist/, for
"deno task bench". Deno fetches its bundler from npm, once.`;

const WHAT_IT_NEEDS = "The first time, Deno fetches its bundler from npm; behind a proxy with a " +
  "certificate of its own, set DENO_TLS_CA_STORE=mozilla,system";

/**
 * Makes the files of a program in a folder, in place of what is there; if they can't be made, that
 * stays.
 *
 * @throws {OperatorError} when they can't be made
 */
export async function bundle(
  { name, source, main }: InstalledProgram,
  folder: string,
): Promise<void> {
  const made = `${folder}.new`;
  await remove(made);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "-q", "--minify", "--code-splitting", "--outdir", made, source],
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) {
    const [reason] = new TextDecoder().decode(stderr).replace(/^error: /, "").split("\n");
    throw new OperatorError(`can't make ${name}: ${reason}. ${WHAT_IT_NEEDS}`);
  }
  await replace(folder, made, main);
}

/**
 * Puts new files into a folder, the main one last, and then removes the old ones: a program that is
 * started meanwhile finds all that it wants. One that runs has read its files, and misses none.
 */
async function replace(folder: string, made: string, main: string): Promise<void> {
  const names = (await Array.fromAsync(Deno.readDir(made))).map(({ name }) => name);
  await Deno.mkdir(folder, { recursive: true });
  for (const name of [...names.filter((name) => name !== main), main]) {
    await Deno.rename(`${made}/${name}`, `${folder}/${name}`);
  }
  for await (const { name } of Deno.readDir(folder)) {
    if (!names.includes(name)) await Deno.remove(`${folder}/${name}`, { recursive: true });
  }
  await Deno.remove(made);
}

async function remove(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  if (asksForHelp(args)) {
    terminal.line(HELP);
    return 0;
  }
  if (args.length > 0) {
    throw new OperatorError(`${args[0]} was given, but this task takes no arguments`);
  }
  for (const program of [HEARTBEAT, HEARTBEAT_SERVER]) {
    const folder = `dist/${program.name}`;
    await bundle(program, folder);
    terminal.line(folder);
  }
  return 0;
}

if (import.meta.main) await runProgram("bundle", main);
