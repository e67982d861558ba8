/**
 * Commands that wait for each other: those of one queue run one after the other, so that "up" never
 * overtakes "down", and not too many run at once.
 *
 * @module
 */

import { formatDuration } from "../text/units.ts";
import { reasonOf } from "./reason.ts";

/** How long commands may take. */
export interface CommandLimits {
  /** A command that runs longer is told to end (SIGTERM), milliseconds. */
  readonly runMs: number;
  /** And killed this much later. */
  readonly killMs: number;
  /** At the end, they are waited for this long; then they are left to themselves. */
  readonly lastMs: number;
}

/** A minute, five seconds, and one second. */
export const COMMAND_LIMITS: CommandLimits = { runMs: 60_000, killMs: 5000, lastMs: 1000 };

/** The most commands that wait in a queue for the one that is running; more are left out. */
const MOST_WAITING = 8;

/** The most that wait in all queues together. */
const MOST_WAITING_IN_ALL = 1000;

/** The most that run at once: a network that goes must not start ten thousand programs. */
const MOST_RUNNING = 16;

/** A command that is to run. */
export interface QueuedCommand {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** What it finds in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The queue that it waits in. */
  readonly queue: string;
  /** What it is run for, in complaints: ` for web-1`. */
  readonly purpose: string;
}

/** More of a line that a command writes is left out, characters. */
const LONGEST_LINE = 1000;

interface Queue {
  last: Promise<void>;
  running: string | undefined;
  waiting: number;
}

/** Runs commands. */
export class CommandQueues {
  readonly #complain: (text: string) => void;
  readonly #limits: CommandLimits;
  readonly #queues = new Map<string, Queue>();
  /** Those that wait only because too many run. */
  readonly #turns: (() => void)[] = [];
  #running = 0;
  #waiting = 0;

  /**
   * Makes queues without commands.
   *
   * @param complain called when a command fails, takes too long, can't be started or is left out
   */
  constructor(complain: (text: string) => void, limits: CommandLimits = COMMAND_LIMITS) {
    this.#complain = complain;
    this.#limits = limits;
  }

  /** Runs a command when its turn comes. */
  run(wanted: QueuedCommand): void {
    const { command: [program], queue: key, purpose } = wanted;
    const queue = this.#queueOf(key);
    const { running, waiting } = queue;
    if (waiting >= MOST_WAITING) {
      const why = `${waiting} commands wait for ${running}, which still runs`;
      this.#complain(`${program}${purpose} is left out: ${why}`);
      return;
    }
    if (this.#waiting >= MOST_WAITING_IN_ALL) {
      this.#complain(`${program}${purpose} is left out: ${this.#waiting} commands wait already`);
      return;
    }
    if (running !== undefined) {
      this.#complain(`${program}${purpose} waits for ${running}, which still runs`);
    }
    queue.waiting++;
    this.#waiting++;
    queue.last = queue.last.then(async () => {
      if (this.#running >= MOST_RUNNING) {
        await new Promise<void>((resume) => this.#turns.push(resume));
      }
      this.#running++;
      queue.waiting--;
      this.#waiting--;
      queue.running = program;
      await this.#start(wanted);
      queue.running = undefined;
      this.#running--;
      if (queue.waiting === 0) this.#queues.delete(key);
      this.#turns.shift()?.();
    });
  }

  /** Waits for the commands that are still running, but no longer than the limits allow. */
  async finished(): Promise<void> {
    const queues = [...this.#queues.values()];
    if (queues.length === 0) return;
    const ended = await within(Promise.all(queues.map(({ last }) => last)), this.#limits.lastMs);
    if (ended) return;
    const running = queues.map((queue) => queue.running).filter((one) => one !== undefined);
    this.#complain(
      running.length === 1
        ? `${running[0]} still runs, and is left to itself`
        : `${running.length} commands still run, and are left to themselves`,
    );
  }

  #queueOf(key: string): Queue {
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = { last: Promise.resolve(), running: undefined, waiting: 0 };
      this.#queues.set(key, queue);
    }
    return queue;
  }

  async #start({ command, environment, purpose }: QueuedCommand): Promise<void> {
    const [program, ...args] = command;
    const { runMs, killMs } = this.#limits;
    const complain = (text: string) => this.#complain(`${program}${purpose} ${text}`);
    try {
      const child = new Deno.Command(program!, {
        args,
        env: environment,
        stdin: "null",
        // Standard output is the monitor's own; the command's errors go where complaints go.
        stdout: "null",
        // On a terminal they must not tear what is shown there.
        stderr: Deno.stderr.isTerminal() ? "piped" : "inherit",
      }).spawn();
      if (Deno.stderr.isTerminal()) passOn(child.stderr, complain);
      if (!(await within(child.status, runMs))) {
        complain(`still ran after ${formatDuration(runMs)}, and was told to end`);
        child.kill("SIGTERM");
        if (!(await within(child.status, killMs))) child.kill("SIGKILL");
      }
      const { success, code, signal } = await child.status;
      if (signal !== null) complain(`was ended by ${signal}`);
      else if (!success) complain(`ended with exit code ${code}`);
    } catch (error) {
      this.#complain(`can't run ${program}${purpose}: ${reasonOf(error)}`);
    }
  }
}

/** Complains of the lines that a command writes to its standard error. */
async function passOn(
  stderr: ReadableStream<Uint8Array<ArrayBuffer>>,
  complain: (text: string) => void,
): Promise<void> {
  let rest = "";
  for await (const text of stderr.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!.slice(0, LONGEST_LINE);
    for (const line of lines) complain(`says: ${line.slice(0, LONGEST_LINE)}`);
  }
  if (rest !== "") complain(`says: ${rest}`);
}

/** Whether work is done within this time, milliseconds. */
async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resume) => timer = setTimeout(() => resume(false), ms));
  const done = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return done;
}
