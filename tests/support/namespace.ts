/**
 * Two machines inside this one: network namespaces, joined by a virtual cable that a test can cut.
 *
 * @module
 */

import { mayRun } from "./permissions.ts";
import { denoCommand, Program, type ProgramOptions, PROJECT } from "./process.ts";

/** After this time a command that changes a namespace is killed, milliseconds. */
const DEADLINE_MS = 10_000;

/** One of the two machines. */
export class Namespace {
  /** Its IPv4 address on the cable. */
  readonly address: string;
  /** The name that the system has for it. */
  readonly name: string;
  readonly #programs: Program[] = [];

  /** Names a namespace, which {@linkcode Cable} makes and removes. */
  constructor(name: string, address: string) {
    this.name = name;
    this.address = address;
  }

  /** Starts a program in it; one that still runs when the cable is removed is killed. */
  start(command: string, args: readonly string[], options?: ProgramOptions): Program {
    const program = new Program("ip", ["netns", "exec", this.name, command, ...args], options);
    this.#programs.push(program);
    return program;
  }

  /** Starts a script of the project in it on Deno, with the flags that `deno run` takes. */
  deno(
    flags: readonly string[],
    script: string,
    args: readonly string[],
    options?: ProgramOptions,
  ): Program {
    const [deno, ...denoArgs] = denoCommand(flags, script, args);
    return this.start(deno!, denoArgs, options);
  }

  /**
   * Runs `ip` with these arguments in it, as in `ip("link", "set", "cable", "down")`.
   *
   * @throws {Error} when `ip` fails
   */
  async ip(...args: string[]): Promise<void> {
    await this.run("ip", ...args);
  }

  /**
   * Runs a command in it to its end.
   *
   * @throws {Error} when it fails
   */
  async run(command: string, ...args: string[]): Promise<void> {
    const { code, stderr } = await this.start(command, args, { deadlineMs: DEADLINE_MS }).end();
    if (code !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  }

  /** Kills what runs in it, and removes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop("SIGKILL")));
    await new Program("ip", ["netns", "delete", this.name], { deadlineMs: DEADLINE_MS }).end();
  }
}

/** Two machines and the cable between them, each of whose ends is the interface `cable`. */
export class Cable {
  /** The machine of the client, 10.99.0.1. */
  readonly near: Namespace;
  /** The machine of the server, 10.99.0.2. */
  readonly far: Namespace;

  /**
   * Makes both namespaces, and leaves none behind if that fails.
   *
   * @throws {Error} when `ip` is missing or fails
   */
  constructor() {
    const name = `heartbeat-${crypto.randomUUID().slice(0, 8)}`;
    const ends = [[`${name}-near`, "10.99.0.1"], [`${name}-far`, "10.99.0.2"]] as const;
    const [[near], [far]] = ends;
    try {
      for (const [end] of ends) ip("netns", "add", end);
      ip("link", "add", "cable", "netns", near, "type", "veth", "peer", "cable", "netns", far);
      for (const [end, address] of ends) {
        ip("-n", end, "address", "add", `${address}/24`, "dev", "cable");
        ip("-n", end, "link", "set", "lo", "up");
        ip("-n", end, "link", "set", "cable", "up");
      }
    } catch (error) {
      for (const [end] of ends) tryIp("netns", "delete", end);
      throw error;
    }
    [this.near, this.far] = [new Namespace(...ends[0]), new Namespace(...ends[1])];
  }

  /**
   * Joins the machines by another cable of this name, without addresses of IPv4.
   *
   * @throws {Error} when `ip` fails
   */
  addCable(name: string): void {
    const [near, far] = [this.near.name, this.far.name];
    ip("link", "add", name, "netns", near, "type", "veth", "peer", name, "netns", far);
    for (const end of [near, far]) ip("-n", end, "link", "set", name, "up");
  }

  /** Kills what runs on both machines, and removes them; the cable goes with them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.near[Symbol.asyncDispose](), this.far[Symbol.asyncDispose]()]);
  }
}

/** Whether tests may make network namespaces: on Linux, as root, where the kernel has them. */
export const hasNamespaces: boolean = mayRun && Deno.build.os === "linux" && await canConnect();

/** Whether tests can also filter in them what a machine sends. */
export const hasNftables: boolean = hasNamespaces && await canFilter();

async function canConnect(): Promise<boolean> {
  let cable: Cable;
  try {
    cable = new Cable();
  } catch {
    return false;
  }
  await cable[Symbol.asyncDispose]();
  return true;
}

async function canFilter(): Promise<boolean> {
  await using cable = new Cable();
  return await cable.near.run("nft", "list", "ruleset").then(() => true, () => false);
}

function ip(...args: string[]): void {
  const { success, stderr } = tryIp(...args);
  if (!success) throw new Error(`ip ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

function tryIp(...args: string[]): Deno.CommandOutput {
  return new Deno.Command("ip", { args, cwd: PROJECT }).outputSync();
}
