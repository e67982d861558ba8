/**
 * Commands that run when the server goes down or comes back, or can't be asked any more.
 *
 * No shell reads them. The facts stand in their environment; none of these facts came over the
 * network.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import { formatTimestamp } from "../text/timestamp.ts";
import { formatDuration } from "../text/units.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { reasonOf } from "./reason.ts";

/** The commands, each a program and its arguments. */
export interface HookOptions {
  /** Run when the server is assumed to have stopped. */
  readonly onDown: readonly string[] | undefined;
  /** Run when it is up again. */
  readonly onUp: readonly string[] | undefined;
  /** Run when nothing is known of it any more, because this machine can't ask. */
  readonly onUnknown: readonly string[] | undefined;
}

/** Runs the commands. */
export interface Hooks {
  /**
   * Starts the command for a change of state, if there is one; `wallMs`: when, Unix milliseconds.
   */
  run(event: MonitorEvent & { type: "state" }, target: Endpoint, wallMs: number): void;
  /**
   * Waits for the commands that are still running, but no longer than the limits allow.
   */
  finished(): Promise<void>;
}

/** How long commands may take. */
export interface HookLimits {
  /** A command that runs longer is told to end (SIGTERM), milliseconds. */
  readonly runMs: number;
  /** And killed this much later. */
  readonly killMs: number;
  /** At the end, they are waited for this long; then they are left to themselves. */
  readonly lastMs: number;
}

/** A minute, five seconds, and one second. */
export const HOOK_LIMITS: HookLimits = { runMs: 60_000, killMs: 5000, lastMs: 1000 };

/** The most commands that wait for the one that is running; more are left out. */
const MOST_WAITING = 8;

/**
 * Prepares the commands.
 *
 * @param complain called when a command fails, takes too long, or can't be started
 * @param limits how long they may take; left out: {@linkcode HOOK_LIMITS}
 * @throws {OperatorError} when they may not be run
 */
export async function openHooks(
  options: HookOptions,
  complain: (text: string) => void,
  limits: HookLimits = HOOK_LIMITS,
): Promise<Hooks> {
  for (const command of [options.onDown, options.onUp, options.onUnknown]) {
    if (command !== undefined) await requirePermission(command);
  }
  // One after the other, so that "up" never overtakes "down".
  let last = Promise.resolve();
  let running: string | undefined;
  let waiting = 0;
  return {
    run(event, target, wallMs) {
      const command = commandFor(event, options);
      if (command === undefined) return;
      const environment = hookEnvironment(event, target, wallMs);
      const [program] = command;
      if (waiting >= MOST_WAITING) {
        complain(
          `${program} is left out: ${waiting} commands wait for ${running}, which still runs`,
        );
        return;
      }
      if (running !== undefined) complain(`${program} waits for ${running}, which still runs`);
      waiting++;
      last = last.then(async () => {
        waiting--;
        running = program;
        await start(command, environment, complain, limits);
        running = undefined;
      });
    },
    async finished() {
      if (running === undefined && waiting === 0) return;
      const ended = await within(last, limits.lastMs);
      if (!ended) complain(`${running} still runs, and is left to itself`);
    },
  };
}

/**
 * The command for a change of state. What was unknown in between doesn't count: a server that is
 * down, and down again once it can be asked, has gone down once.
 */
function commandFor(
  { to, lastKnown, reason }: MonitorEvent & { type: "state" },
  { onDown, onUp, onUnknown }: HookOptions,
): readonly string[] | undefined {
  if (to === "unknown") return reason === "not_heard" ? undefined : onUnknown;
  if (to === lastKnown) return undefined;
  if (to === "down") return onDown;
  return lastKnown === "down" ? onUp : undefined;
}

async function requirePermission([program]: readonly string[]): Promise<void> {
  const { state } = await Deno.permissions.request({ name: "run", command: program! });
  if (state === "granted") return;
  throw new OperatorError(
    `no permission to run ${program}; run with --allow-run=${program}, ` +
      "or leave --on-down, --on-up and --on-unknown out",
  );
}

/**
 * The facts that a command finds in its environment.
 *
 * @param wallMs when the state changed, Unix milliseconds
 */
export function hookEnvironment(
  event: MonitorEvent & { type: "state" },
  target: Endpoint,
  wallMs: number,
): Record<string, string> {
  const { from, to, reason, consecutive, outageMs } = event;
  return {
    HEARTBEAT_TARGET: formatEndpoint(target),
    HEARTBEAT_FROM: from,
    HEARTBEAT_TO: to,
    HEARTBEAT_REASON: reason,
    HEARTBEAT_TIME: formatTimestamp(wallMs),
    HEARTBEAT_CONSECUTIVE: `${consecutive}`,
    HEARTBEAT_OUTAGE_LOW_S: outageMs === undefined ? "" : (outageMs.low / 1000).toFixed(3),
    HEARTBEAT_OUTAGE_HIGH_S: outageMs === undefined ? "" : (outageMs.high / 1000).toFixed(3),
  };
}

async function start(
  [program, ...args]: readonly string[],
  env: Record<string, string>,
  complain: (text: string) => void,
  { runMs, killMs }: HookLimits,
): Promise<void> {
  try {
    const child = new Deno.Command(program!, {
      args,
      env,
      stdin: "null",
      // Standard output is the monitor's own; the command's errors go where complaints go.
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    if (!(await within(child.status, runMs))) {
      complain(`${program} still ran after ${formatDuration(runMs)}, and was told to end`);
      child.kill("SIGTERM");
      if (!(await within(child.status, killMs))) child.kill("SIGKILL");
    }
    const { success, code, signal } = await child.status;
    if (signal !== null) complain(`${program} was ended by ${signal}`);
    else if (!success) complain(`${program} ended with exit code ${code}`);
  } catch (error) {
    complain(`can't run ${program}: ${reasonOf(error)}`);
  }
}

/** Whether work is done within this time, milliseconds. */
async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resume) => timer = setTimeout(() => resume(false), ms));
  const done = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return done;
}
