/**
 * The heartbeats that could not be sent, and why.
 *
 * @module
 */

import type { SendFailure } from "../machine/machine.ts";

/** Heartbeats that could not be sent for one kind of reason. */
export interface Unsent {
  /** How many. */
  readonly count: number;
  /** What the system said of the last one; `undefined`: there was none. */
  readonly reason: string | undefined;
}

/** All heartbeats that could not be sent. */
export interface SendFailureFigures {
  /** For reasons of this machine: they say nothing about the server. */
  readonly unsent: Unsent;
  /** Because the host can't be reached: they count against the server, as lost. */
  readonly unreachable: Unsent;
}

const NONE: Unsent = { count: 0, reason: undefined };

/** Counts the heartbeats that could not be sent. */
export class SendFailures implements SendFailureFigures {
  unsent: Unsent = NONE;
  unreachable: Unsent = NONE;
  #unreachableBefore = 0;

  /** Both counts. */
  get figures(): SendFailureFigures {
    return { unsent: this.unsent, unreachable: this.unreachable };
  }

  /** Another heartbeat could not be sent. */
  add({ reason, hostUnreachable }: SendFailure): void {
    if (hostUnreachable) this.unreachable = { count: this.unreachable.count + 1, reason };
    else this.unsent = { count: this.unsent.count + 1, reason };
  }

  /** The server was heard. */
  heard(): void {
    this.#unreachableBefore = this.unreachable.count;
  }

  /** The heartbeats that could not reach the host since the server was last heard. */
  get unreachableSinceReply(): Unsent {
    const { count, reason } = this.unreachable;
    return { count: count - this.#unreachableBefore, reason };
  }
}
