/**
 * What is told of the machine that monitors run on.
 *
 * @module
 */

import type { OwnMachineFinding } from "../machine/own_machine.ts";
import type { MonitorEvent } from "./events.ts";

/** A standstill of this machine, or a step of its clock. */
export type MachineEvent = MonitorEvent & { readonly type: "stall" | "clock_step" };

/** Tells what a look at this machine has found. */
export function machineEvents({ stallMs, stepMs, sleepMs }: OwnMachineFinding): MachineEvent[] {
  const events: MachineEvent[] = [];
  if (stallMs > 0) events.push({ type: "stall", lateMs: stallMs });
  if (stepMs !== 0) events.push({ type: "clock_step", whose: "client", stepMs, sleepMs });
  return events;
}
