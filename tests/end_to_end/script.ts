/** Runs the real scripts, as a user would, and reads what they print. */

import { type Ending, Program } from "../support/process.ts";

/** Starts one of the project's scripts with all of the network, and no other permission. */
export function startScript(script: string, ...args: string[]): Program {
  return Program.deno(["--allow-net"], script, args);
}

/** A running server, and the port that it listens on. */
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

/** The JSON objects of one type among lines. */
// deno-lint-ignore no-explicit-any -- what a program printed is what the test is about
export function objects(lines: readonly string[], type: string): any[] {
  return lines.map((line) => JSON.parse(line)).filter((object) => object.type === type);
}
