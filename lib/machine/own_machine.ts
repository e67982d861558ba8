/**
 * Watches the machine that this process runs on: its standstills, its sleep, and the steps of its
 * wall clock.
 *
 * A process has one, whatever the number of its monitors.
 *
 * @module
 */

import type { Instant } from "./machine.ts";

/**
 * A change of the wall clock by more than this, milliseconds, is a step, and not a correction of
 * its speed.
 */
export const SMALLEST_STEP_MS = 2;

/** A wall clock that is being corrected runs faster or slower by at most this (adjtime's limit). */
export const LARGEST_CORRECTION = 500e-6;

// A leap forward of the wall clock by more than this may have been a sleep.
const SHORTEST_SLEEP_MS = 1000;

// A timer that is late by half the timeout, within these limits, shows a standstill.
const [SHORTEST_STALL_MS, LONGEST_STALL_MS] = [20, 500];

/** What a look at the machine found. */
export interface OwnMachineFinding {
  /** How late a timer was because the machine stood still, milliseconds; 0: it did not. */
  readonly stallMs: number;
  /** By how much the wall clock stepped, milliseconds, forward or back; 0: it did not. */
  readonly stepMs: number;
  /** How long the machine slept if the clock was not set forward, milliseconds; 0: it did not. */
  readonly sleepMs: number;
  /** Whether the replies to heartbeats in flight may have been missed. */
  readonly excusesInFlight: boolean;
}

/** What is told of the machine: a standstill, or a step of its clock. */
export type MachineEvent =
  | {
    readonly type: "stall";
    /** How late this machine's timer was, milliseconds. */
    readonly lateMs: number;
  }
  | {
    readonly type: "clock_step";
    /** Whose clock stepped: this machine's, or else the server's. */
    readonly whose: "client" | "server";
    /** By how much, milliseconds, forward or back; `undefined`: it isn't known. */
    readonly stepMs: number | undefined;
    /**
     * How long this machine slept if its clock was not set forward, milliseconds; 0: it did not.
     */
    readonly sleepMs: number;
  };

/** Tells what a look at the machine has found. */
export function machineEvents({ stallMs, stepMs, sleepMs }: OwnMachineFinding): MachineEvent[] {
  const events: MachineEvent[] = [];
  if (stallMs > 0) events.push({ type: "stall", lateMs: stallMs });
  if (stepMs !== 0) events.push({ type: "clock_step", whose: "client", stepMs, sleepMs });
  return events;
}

const NOTHING: OwnMachineFinding = { stallMs: 0, stepMs: 0, sleepMs: 0, excusesInFlight: false };

/** Compares the two clocks with each other, and with the time at which a timer was to ring. */
export class OwnMachine {
  #differenceMs: number | undefined;
  #readAtMs = 0;
  #steppedAtMs = -Infinity;
  #stalls = 0;
  #sleptMs = 0;
  #missedMs = 0;
  #awakeSinceMs = -Infinity;

  /** How often the machine stood still. */
  get stalls(): number {
    return this.#stalls;
  }

  /**
   * How long the machine has slept so far, milliseconds: on Linux the monotonic clock leaves it
   * out. It may be too much, never too little: somebody may have set the clock forward instead.
   */
  get sleptMs(): number {
    return this.#sleptMs;
  }

  /** The time in which the machine saw nothing so far, asleep or standing still, milliseconds. */
  get missedMs(): number {
    return this.#missedMs;
  }

  /**
   * Since when the machine has missed nothing, on the clock that goes on while it sleeps,
   * milliseconds; `-Infinity`: it never has.
   */
  get awakeSinceMs(): number {
    return this.#awakeSinceMs;
  }

  /**
   * A moment on the clock that goes on while the machine sleeps, milliseconds: for spans that
   * people are told.
   *
   * @param monotonicMs a moment since the last call of {@linkcode look}
   */
  elapsedMs(monotonicMs: number): number {
    return monotonicMs + this.#sleptMs;
  }

  /**
   * Whether the wall clock has not stepped since a moment: a heartbeat sent before a step carries
   * the old time.
   */
  steadySince(monotonicMs: number): boolean {
    return monotonicMs >= this.#steppedAtMs;
  }

  /**
   * Looks at the machine when it wakes; called once for each input.
   *
   * @param wantedAtMs when it was to wake, on the monotonic clock; without a finite time no
   * standstill is found
   * @param toleranceMs a timer that is later than this shows a standstill, milliseconds
   */
  look(now: Instant, wantedAtMs: number, toleranceMs: number): OwnMachineFinding {
    const lateMs = now.monotonicMs - wantedAtMs;
    const stalled = lateMs > toleranceMs && lateMs < Infinity;
    if (stalled) this.#stalls++;
    const sinceLookMs = this.#differenceMs === undefined ? 0 : now.monotonicMs - this.#readAtMs;
    const stepMs = this.#step(now);
    if (!stalled && stepMs === 0) return NOTHING;
    // On Linux the monotonic clock stands still while a laptop sleeps: only a leap of the wall
    // clock shows the sleep. If somebody set the clock instead, the verdict waits for one heartbeat
    // longer, and no more.
    const sleepMs = stepMs > SHORTEST_SLEEP_MS ? stepMs : 0;
    const excusesInFlight = stalled || sleepMs > 0;
    this.#sleptMs += sleepMs;
    if (excusesInFlight) {
      this.#missedMs += sinceLookMs + sleepMs;
      this.#awakeSinceMs = this.elapsedMs(now.monotonicMs);
    }
    return { stallMs: stalled ? lateMs : 0, stepMs, sleepMs, excusesInFlight };
  }

  #step({ monotonicMs, wallMs }: Instant): number {
    const differenceMs = wallMs - monotonicMs;
    const before = this.#differenceMs ?? differenceMs;
    const allowedMs = SMALLEST_STEP_MS + LARGEST_CORRECTION * (monotonicMs - this.#readAtMs);
    this.#differenceMs = differenceMs;
    this.#readAtMs = monotonicMs;
    const stepMs = differenceMs - before;
    if (Math.abs(stepMs) <= allowedMs) return 0;
    this.#steppedAtMs = monotonicMs;
    return stepMs;
  }
}

/**
 * How late a timer may be before the machine is said to have stood still: half the timeout, 20 to
 * 500 ms.
 */
export function stallToleranceMs(timeoutMs: number): number {
  return Math.min(Math.max(timeoutMs / 2, SHORTEST_STALL_MS), LONGEST_STALL_MS);
}
