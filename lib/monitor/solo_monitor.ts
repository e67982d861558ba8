/**
 * One monitor together with the watch over the machine that it runs on: what a client of a single
 * target is.
 *
 * @module
 */

import type {
  Departure,
  Instant,
  Machine,
  Output,
  SendFailure,
  Transmit,
} from "../machine/machine.ts";
import { machineEvents, OwnMachine, stallToleranceMs } from "../machine/own_machine.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { MonitorEvent, MonitorSummary } from "./events.ts";
import { Monitor } from "./monitor.ts";
import type { MonitorOptions } from "./options.ts";
import type { MonitorParts } from "./parts.ts";
import type { MonitorSnapshot } from "./snapshot.ts";

/** Monitors one server, and excuses its losses where this machine stood still. */
export class SoloMonitor implements Machine<MonitorEvent> {
  readonly #ownMachine = new OwnMachine();
  readonly #monitor: Monitor;
  readonly #toleranceMs: number;

  /** Makes a monitor whose first heartbeat leaves at the first `advance`. */
  constructor(options: MonitorOptions) {
    this.#monitor = new Monitor(options, this.#ownMachine);
    this.#toleranceMs = stallToleranceMs(options.timeoutMs);
  }

  get finished(): boolean {
    return this.#monitor.finished;
  }

  get wakeAtMs(): number | undefined {
    return this.#monitor.wakeAtMs;
  }

  advance(now: Instant): Output<MonitorEvent>[] {
    const found = this.#look(now);
    const outputs = this.#monitor.advance(now);
    return found.length === 0 ? outputs : [...found, ...outputs];
  }

  receive(
    bytes: Uint8Array,
    from: Endpoint,
    now: Instant,
    waitedMs?: number,
  ): Output<MonitorEvent>[] {
    const found = this.#look(now);
    const outputs = this.#monitor.receive(bytes, from, now, waitedMs);
    return found.length === 0 ? outputs : [...found, ...outputs];
  }

  sendFailed(
    sent: Transmit | Departure<MonitorEvent>,
    failure: SendFailure,
  ): Output<MonitorEvent>[] {
    return this.#monitor.sendFailed(sent, failure);
  }

  receiveFailed(reason: string, tooLong = false): Output<MonitorEvent>[] {
    return this.#monitor.receiveFailed(reason, tooLong);
  }

  stop(now: Instant): Output<MonitorEvent>[] {
    const found = this.#look(now);
    return [...found, ...this.#monitor.stop(now)];
  }

  /** Writes the figures that cost next to nothing into an object of the caller's. */
  snapshot(nowMs: number, into: MonitorSnapshot): void {
    this.#monitor.snapshot(nowMs, into);
  }

  /** What its figures are read from, for those who look on; see `vitals.ts`. */
  get parts(): MonitorParts {
    return this.#monitor.parts;
  }

  /** The machine underneath, as far as this monitor has looked at it. */
  get ownMachine(): OwnMachine {
    return this.#ownMachine;
  }

  /** All figures so far. */
  summary(): MonitorSummary {
    return this.#monitor.summary();
  }

  /**
   * Looks after this machine before anything else: what it missed is no evidence against the
   * server.
   */
  #look(now: Instant): readonly MonitorEvent[] {
    if (this.#monitor.finished) return NOTHING;
    const wantedAtMs = this.#monitor.wakeAtMs ?? Infinity;
    const found = this.#ownMachine.look(now, wantedAtMs, this.#toleranceMs);
    if (found.stallMs === 0 && found.stepMs === 0) return NOTHING;
    this.#monitor.heed(found);
    return machineEvents(found);
  }
}

const NOTHING: readonly MonitorEvent[] = [];
