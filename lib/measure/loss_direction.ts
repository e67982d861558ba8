/**
 * On which way heartbeats were lost: there, or back.
 *
 * The server says how many different heartbeats of this run it has accepted, from its first to its highest. What
 * is missing there was lost on the way to it, or dropped by it on purpose; what it has accepted and was never
 * answered here was lost on the way back. Behind the highest heartbeat that it has spoken of, nothing is known.
 *
 * A server that has restarted, or has forgotten this client, counts anew from a later heartbeat on: that begins a
 * new stretch, and nothing is known of what lies between two stretches. Copies count nowhere.
 *
 * @module
 */

/** What the server said of this run's heartbeats. */
export interface AcceptedCount {
  /** How many different ones it had accepted, from `first` to `highest`. */
  readonly received: number;
  /** The first that it had accepted. */
  readonly first: number;
  /** The highest-numbered that it had accepted. */
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
  /** Lost somewhere: the server has not told. */
  readonly unknown: number;
}

/** The state of the client's own books when the direction is asked for. */
export interface OwnCount {
  /** Heartbeats lost, late ones included. */
  readonly lost: number;
  /** Heartbeats lost and then answered. */
  readonly late: number;
  /** How many heartbeats up to this number are still waiting. */
  readonly waitingUpTo: (seq: number) => number;
}

interface Stretch {
  readonly from: number;
  highest: number;
  accepted: number;
  answered: number;
}

/** Of so many restarts the stretches are kept apart; of more, the oldest are left to the unknown. */
export const MAX_STRETCHES = 64;

/** Learns the direction of loss from the replies to one run. */
export class LossDirection {
  readonly #stretches: Stretch[] = [];

  /** Takes the first reply to a heartbeat, in time or late, with the count that came in it. */
  add({ received, first, highest }: AcceptedCount): void {
    let stretch = this.#stretches.findLast(({ from }) => from <= highest);
    if (stretch === undefined || first > stretch.highest) {
      // Before its first answer a server has accepted nothing that it counts: what is missing is lost.
      const from = this.#stretches.length === 0 ? 1 : first;
      stretch = { from, highest, accepted: received, answered: 0 };
      this.#stretches.push(stretch);
      if (this.#stretches.length > MAX_STRETCHES) this.#stretches.shift();
    }
    stretch.highest = Math.max(stretch.highest, highest);
    stretch.accepted = Math.max(stretch.accepted, received);
    stretch.answered++;
  }

  /** Where the losses went; `undefined` while the server has told nothing. */
  figures({ lost, late, waitingUpTo }: OwnCount): LossDirectionFigures | undefined {
    if (this.#stretches.length === 0) return undefined;
    let up = 0;
    let down = 0;
    for (const { from, highest, accepted, answered } of this.#stretches) {
      // Those still waiting may be missing on either way without being lost: only what is more is certain.
      const waiting = waitingUpTo(highest) - waitingUpTo(from - 1);
      up += Math.max(0, highest - from + 1 - accepted - waiting);
      down += Math.max(0, accepted - answered - waiting);
    }
    up = Math.min(up, lost - late);
    down = Math.min(down, lost - late - up);
    return { up, down, late, unknown: lost - late - up - down };
  }
}
