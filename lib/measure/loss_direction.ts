/**
 * On which way heartbeats were lost: to the server, or back from it.
 *
 * The server says how many different heartbeats of this run it has accepted, from its first to its
 * highest. A heartbeat that it didn't accept was lost on the way to it, or dropped by it on
 * purpose. One that it accepted and that was never answered here was lost on the way back. Beyond
 * the highest heartbeat that the server has named, nothing is known.
 *
 * A server that has restarted, or has forgotten this client, counts anew from a later heartbeat on.
 * That begins a new stretch, and nothing is known of the heartbeats between two stretches. Copies
 * count nowhere.
 *
 * @module
 */

/** The counts that came in a reply. */
export interface AcceptedCount {
  /** How many different heartbeats the server had accepted, from `first` to `highest`. */
  readonly received: number;
  /** The first heartbeat that it had accepted. */
  readonly first: number;
  /** The highest-numbered heartbeat that it had accepted. */
  readonly highest: number;
}

/** Where lost heartbeats went: up + down + late + unknown = lost. */
export interface LossDirectionFigures {
  /** Lost on the way to the server, or dropped by it on purpose. */
  readonly up: number;
  /** Lost on the way back. */
  readonly down: number;
  /** Answered after all, but too late. */
  readonly late: number;
  /** Lost on either way: no count of the server covers them. */
  readonly unknown: number;
}

/** What the client itself has counted when the direction is asked for. */
export interface OwnCount {
  /** Heartbeats lost, late ones included. */
  readonly lost: number;
  /** Heartbeats lost and then answered. */
  readonly late: number;
  /** How many heartbeats up to a number are still waiting for their replies. */
  readonly waitingUpTo: (seq: number) => number;
}

interface Stretch {
  readonly from: number;
  highest: number;
  accepted: number;
  answered: number;
}

/** Stretches that are kept apart; after more restarts, the losses of the oldest are unknown. */
export const MAX_STRETCHES = 64;

/** Learns the direction of loss from the replies to one run. */
export class LossDirection {
  readonly #stretches: Stretch[] = [];

  /** Takes the first reply to a heartbeat, in time or late, with the count that came in it. */
  add({ received, first, highest }: AcceptedCount): void {
    let stretch = this.#stretches.findLast(({ from }) => from <= highest);
    if (stretch === undefined || first > stretch.highest) {
      // A server that has answered for the first time has missed all heartbeats before that one.
      const from = this.#stretches.length === 0 ? 1 : first;
      stretch = { from, highest, accepted: received, answered: 0 };
      this.#stretches.push(stretch);
      if (this.#stretches.length > MAX_STRETCHES) this.#stretches.shift();
    }
    stretch.highest = Math.max(stretch.highest, highest);
    stretch.accepted = Math.max(stretch.accepted, received);
    stretch.answered++;
  }

  /** Where the losses went; `undefined` while the server has sent no counts. */
  figures({ lost, late, waitingUpTo }: OwnCount): LossDirectionFigures | undefined {
    if (this.#stretches.length === 0) return undefined;
    let up = 0;
    let down = 0;
    for (const { from, highest, accepted, answered } of this.#stretches) {
      // Heartbeats that still wait may be missing on either way without being lost. Only what
      // exceeds them is certain.
      const waiting = waitingUpTo(highest) - waitingUpTo(from - 1);
      up += Math.max(0, highest - from + 1 - accepted - waiting);
      down += Math.max(0, accepted - answered - waiting);
    }
    up = Math.min(up, lost - late);
    down = Math.min(down, lost - late - up);
    return { up, down, late, unknown: lost - late - up - down };
  }
}
