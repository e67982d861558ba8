/**
 * On which way heartbeats were lost: forward, to the server, or backward.
 *
 * The server says how many different heartbeats of this run it has accepted, from its first to its
 * highest. A heartbeat that it didn't accept was lost on the way to it, or dropped by it on
 * purpose. One that it accepted and that was never answered here was lost on the way back. Beyond
 * the highest heartbeat that the server has named, nothing is known.
 *
 * A server that has restarted, or has forgotten this client, counts anew from a later heartbeat on.
 * That begins a new stretch, and nothing is known of the heartbeats between two stretches. A server
 * that is not sure which run a heartbeat belongs to answers it without a count. Copies count
 * nowhere.
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

/** Where lost heartbeats went: forward + backward + late + unknown = lost. */
export interface LossDirectionFigures {
  /** Lost on the way to the server, or dropped by it on purpose. */
  readonly forward: number;
  /** Lost on the way back. */
  readonly backward: number;
  /** Answered after all, but too late. */
  readonly late: number;
  /** Lost on either way, as no count of the server covers them; or not sent at all. */
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
  /** How many heartbeats up to a number this machine could not send. */
  readonly unsentUpTo: (seq: number) => number;
}

interface Stretch {
  /** The stretch covers the heartbeats from this one on. */
  readonly from: number;
  /** How many heartbeats before `from` the counts may have taken in, too. */
  readonly before: number;
  highest: number;
  received: number;
  answered: number;
}

/** Stretches that are kept apart; after more restarts, the losses of the oldest are unknown. */
export const MAX_STRETCHES = 64;

/** Answers without a count that are remembered until a count covers them. */
const MAX_UNCOUNTED = 64;

/** Learns the direction of loss from the replies to one run. */
export class LossDirection {
  readonly #stretches: Stretch[] = [];
  #uncounted: number[] = [];

  /** Takes the first reply to a heartbeat, in time or late, with the count that came in it. */
  add(seq: number, { received, first, highest }: AcceptedCount): void {
    let stretch = this.#stretches.findLast(({ from }) => from <= highest);
    const anew = stretch === undefined || first > stretch.highest ||
      (highest > stretch.highest && received < stretch.received);
    if (stretch === undefined || anew) {
      stretch = this.#begin(first);
      // A count that an old reply brings late tells nothing new.
      if (stretch.from > highest) return this.addWithoutCount(seq);
      this.#stretches.push(stretch);
      if (this.#stretches.length > MAX_STRETCHES) this.#stretches.shift();
    }
    stretch.highest = Math.max(stretch.highest, highest);
    stretch.received = Math.max(stretch.received, received);
    if (this.#uncounted.length > 0) {
      const waiting = this.#uncounted;
      this.#uncounted = [];
      for (const earlier of waiting) this.addWithoutCount(earlier);
    }
    this.addWithoutCount(seq);
  }

  /** Takes the first reply to a heartbeat, in time or late, that has no count. */
  addWithoutCount(seq: number): void {
    const stretch = this.#stretches.findLast(({ from }) => from <= seq);
    if (stretch !== undefined && seq <= stretch.highest) {
      stretch.answered++;
      return;
    }
    this.#uncounted.push(seq);
    if (this.#uncounted.length > MAX_UNCOUNTED) this.#uncounted.shift();
  }

  /** Where the losses went; `undefined` while the server has sent no counts. */
  figures({ lost, late, waitingUpTo, unsentUpTo }: OwnCount): LossDirectionFigures | undefined {
    if (this.#stretches.length === 0) return undefined;
    let forward = 0;
    let backward = 0;
    for (const { from, before, highest, received, answered } of this.#stretches) {
      // Heartbeats that still wait may be missing on either way without being lost. Only what
      // exceeds them is certain.
      const waiting = waitingUpTo(highest) - waitingUpTo(from - 1);
      const length = highest - from + 1;
      const most = Math.min(received, length);
      const least = Math.max(0, received - before);
      // The server can't have accepted fewer than it has answered: its counts are wrong.
      if (most < answered) continue;
      forward += Math.max(0, length - most - waiting);
      backward += Math.max(0, least - answered - waiting);
    }
    // What never left is missing at the server, too.
    forward = Math.max(0, forward - unsentUpTo(this.#stretches.at(-1)!.highest));
    forward = Math.min(forward, lost - late);
    backward = Math.min(backward, lost - late - forward);
    return { forward, backward, late, unknown: lost - late - forward - backward };
  }

  /** A new stretch, behind those before it. */
  #begin(first: number): Stretch {
    const last = this.#stretches.at(-1);
    // A server that has answered for the first time has missed all heartbeats before that one.
    const isFirst = last === undefined && this.#uncounted.every((seq) => seq >= first);
    const from = isFirst ? 1 : Math.max(first, (last?.highest ?? 0) + 1);
    return { from, before: Math.max(0, from - first), highest: 0, received: 0, answered: 0 };
  }
}
