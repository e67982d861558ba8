/**
 * The time of one run, on a clock that goes on while this machine sleeps.
 *
 * @module
 */

import type { Instant } from "../machine/machine.ts";
import type { OwnMachine } from "../machine/own_machine.ts";
import type { SendMoment } from "./ledger.ts";
import type { Moment } from "./moment.ts";

/** How long a run has lasted, and what of it this machine missed. */
export interface RunClockFigures {
  /** When the first heartbeat left, on the clock that goes on while this machine sleeps. */
  readonly startedAtMs: number;
  /** How long the run has lasted, milliseconds, sleep included. */
  readonly durationMs: number;
  /** How long this machine slept, or by how much its clock was set forward, milliseconds. */
  readonly asleepMs: number;
  /** How often it stood still. */
  readonly stalls: number;
  /** By how much this machine's clock was set since the last reply, milliseconds. */
  readonly clockSetMs: number;
}

/** Takes the time of a run; it starts with the first call of {@linkcode RunClock.pass}. */
export class RunClock {
  readonly #machine: OwnMachine;
  #monotonicMs = 0;
  #wallMs = 0;
  #startedAtMs: number | undefined;
  #startedAtWallMs: number | undefined;
  #sleptBeforeMs = 0;
  #setMs = 0;

  /** Makes the clock of a run on this machine. */
  constructor(machine: OwnMachine) {
    this.#machine = machine;
  }

  /** It is now this late. */
  pass({ monotonicMs, wallMs }: Instant): void {
    this.#monotonicMs = monotonicMs;
    this.#wallMs = wallMs;
    if (this.#startedAtMs !== undefined) return;
    this.#startedAtMs = this.nowMs;
    this.#startedAtWallMs = wallMs;
    this.#sleptBeforeMs = this.#machine.sleptMs;
  }

  /** This machine's wall clock was set, milliseconds forward or back, or it slept. */
  stepped(ms: number): void {
    this.#setMs += ms;
  }

  /** A reply came: the server takes heartbeats with this clock's time. */
  heard(): void {
    this.#setMs = 0;
  }

  /** By how much the wall clock was set since the last reply, milliseconds. */
  get setMs(): number {
    return this.#setMs;
  }

  /** Whether the run has started. */
  get started(): boolean {
    return this.#startedAtMs !== undefined;
  }

  /** When the run started, milliseconds. */
  get startedAtMs(): number {
    return this.#startedAtMs ?? this.nowMs;
  }

  /** When the run started, Unix milliseconds; `undefined`: it has not. */
  get startedAtWallMs(): number | undefined {
    return this.#startedAtWallMs;
  }

  /** How late it is by this machine's wall clock, Unix milliseconds. */
  get wallMs(): number {
    return this.#wallMs;
  }

  /** How late it is, milliseconds. */
  get nowMs(): number {
    return this.#machine.elapsedMs(this.#monotonicMs);
  }

  /** How late it is, with what this machine missed. */
  get now(): Moment {
    return { atMs: this.nowMs, missedMs: this.#machine.missedMs };
  }

  /** What is written down of a heartbeat that is sent now. */
  get sendMoment(): SendMoment {
    const { sleptMs, missedMs } = this.#machine;
    return { sentAtMs: this.#monotonicMs, sleptMs, missedMs };
  }

  /** The figures so far. */
  get figures(): RunClockFigures {
    const { nowMs, startedAtMs } = this;
    return {
      startedAtMs,
      durationMs: nowMs - startedAtMs,
      asleepMs: this.#machine.sleptMs - this.#sleptBeforeMs,
      stalls: this.#machine.stalls,
      clockSetMs: this.#setMs,
    };
  }
}
