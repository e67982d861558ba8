/**
 * Commands that run when a server goes down or comes back, or can't be asked any more.
 *
 * No shell reads them. The facts stand in their environment; none of these facts came over the
 * network.
 *
 * @module
 */

import type { FleetEvent } from "../fleet/events.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import { OperatorError } from "../text/operator_error.ts";
import { formatTimestamp } from "../text/timestamp.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import type { CommandLimits } from "./command_queues.ts";

/** The commands, each a program and its arguments. */
export interface HookOptions {
  /** Run when the server is assumed to have stopped. */
  readonly onDown: readonly string[] | undefined;
  /** Run when it is up again. */
  readonly onUp: readonly string[] | undefined;
  /** Run when nothing is known of it any more, because this machine can't ask. */
  readonly onUnknown: readonly string[] | undefined;
  /** How often the first runs again while the server is down, milliseconds; left out: never. */
  readonly remindEveryMs?: number | undefined;
}

/** How one of many servers is listed. */
export interface Listed {
  /** What it is called. */
  readonly name: string;
  /** What its list says of it besides. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Runs the commands. */
export interface Hooks {
  /**
   * Starts the command for a change of state, if there is one; `wallMs`: when, Unix milliseconds;
   * `listed`: which of many servers.
   */
  run(
    event: MonitorEvent & { type: "state" },
    target: Endpoint,
    wallMs: number,
    listed?: Listed,
  ): void;
  /** Starts the command for servers that are all unknown at once, if there is one. */
  blind(event: FleetEvent & { type: "blind" }, wallMs: number): void;
  /** Waits for the commands that are still running, but not for long. */
  finished(): Promise<void>;
}

/**
 * Prepares the commands.
 *
 * @param complain called when a command fails, takes too long, can't be started or is left out
 * @param limits how long they may take; left out: `COMMAND_LIMITS`
 * @throws {OperatorError} when they may not be run
 */
export async function openHooks(
  options: HookOptions,
  complain: (text: string) => void,
  limits?: CommandLimits,
): Promise<Hooks> {
  const { onDown, onUp, onUnknown, remindEveryMs } = options;
  const commands = [onDown, onUp, onUnknown].filter((command) => command !== undefined);
  if (commands.length === 0) return NO_HOOKS;
  for (const command of commands) await requirePermission(command);
  // Most runs have no commands, and don't wait for the code that runs them.
  const { CommandQueues } = await import("./command_queues.ts");
  const { Reminders } = await import("./reminders.ts");
  const queues = new CommandQueues(complain, limits);
  const reminders = remindEveryMs === undefined
    ? undefined
    : new Reminders(remindEveryMs, () => performance.now());
  const ticking = reminders && setInterval(() => reminders.tick(), Math.min(remindEveryMs!, 1000));
  return {
    run(event, target, wallMs, listed) {
      const queue = formatEndpoint(target);
      // What is unknown, or on its way up, is not down.
      if (event.to !== "down") reminders?.end(queue);
      const command = commandFor(event, options);
      if (command === undefined) return;
      const environment = hookEnvironment(event, target, wallMs, listed);
      const purpose = listed === undefined ? "" : ` for ${listed.name}`;
      const wanted = { command, environment, queue, purpose };
      queues.run(wanted);
      if (event.to !== "down") return;
      reminders?.begin(queue, (times) => {
        const again = { ...environment, HEARTBEAT_REMINDER: `${times}` };
        queues.run({ ...wanted, environment: again });
      });
    },
    blind({ part, targets, reason }, wallMs) {
      if (onUnknown === undefined) return;
      const environment = {
        HEARTBEAT_TARGET: "",
        HEARTBEAT_NAME: part === "machine" ? "all servers" : `all servers of ${part}`,
        HEARTBEAT_TARGETS: `${targets}`,
        HEARTBEAT_FROM: "",
        HEARTBEAT_TO: "unknown",
        HEARTBEAT_REASON: reason === undefined ? "asleep" : "unsent",
        HEARTBEAT_TIME: formatTimestamp(wallMs),
      };
      const purpose = ` for ${environment.HEARTBEAT_NAME}`;
      queues.run({ command: onUnknown, environment, queue: part, purpose });
    },
    async finished() {
      clearInterval(ticking);
      await queues.finished();
    },
  };
}

const NO_HOOKS: Hooks = { run() {}, blind() {}, finished: () => Promise.resolve() };

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
    `no permission to run ${program}; run with --allow-run=${program} (Deno takes only a program ` +
      "that there is), or leave --on-down, --on-up and --on-unknown out",
  );
}

/**
 * The facts that a command finds in its environment.
 *
 * @param wallMs when the state changed, Unix milliseconds
 * @param listed which of many servers; left out: there is one
 */
export function hookEnvironment(
  event: MonitorEvent & { type: "state" },
  target: Endpoint,
  wallMs: number,
  listed?: Listed,
): Record<string, string> {
  const { from, to, reason, consecutive, outageMs } = event;
  const labels = Object.entries(listed?.labels ?? {})
    .map(([key, value]) => [`HEARTBEAT_LABEL_${key}`, value] as const);
  return {
    HEARTBEAT_TARGET: formatEndpoint(target),
    ...(listed === undefined ? {} : { HEARTBEAT_NAME: listed.name }),
    ...Object.fromEntries(labels),
    HEARTBEAT_FROM: from,
    HEARTBEAT_TO: to,
    HEARTBEAT_REASON: reason,
    HEARTBEAT_TIME: formatTimestamp(wallMs),
    HEARTBEAT_CONSECUTIVE: `${consecutive}`,
    HEARTBEAT_OUTAGE_LOW_S: outageMs === undefined ? "" : (outageMs.low / 1000).toFixed(3),
    HEARTBEAT_OUTAGE_HIGH_S: outageMs === undefined ? "" : (outageMs.high / 1000).toFixed(3),
  };
}
