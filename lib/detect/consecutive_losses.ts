/**
 * The rule of the source document: after so many losses in a row the server is assumed to have stopped.
 *
 * @module
 */

/** What is believed of the server. */
export type State = "unknown" | "up" | "suspect" | "down";

/** How the rule is set. */
export interface RuleOptions {
  /** Losses in a row after which the server is assumed to have stopped, asked at each; 0: never. */
  readonly limit: () => number;
  /** Replies in a row after which a server that had stopped is up again, from 1. */
  readonly recover: number;
}

/** A stretch of heartbeats whose loss says nothing of the server, both ends included. */
interface Excused {
  readonly from: number;
  to: number;
}

/** The default number of replies in a row that bring a stopped server back up: a single one may be luck. */
export const RECOVER_REPLIES = 2;

/** So many stretches are remembered; of more, the oldest count again. */
const MAX_EXCUSED = 64;

/**
 * Counts the losses in a row: the lost heartbeats newer than the newest one that any reply, late or not, has
 * answered. A late reply to an old heartbeat so never clears newer losses.
 *
 * Heartbeats are given up in the order of their numbers, and every number between the newest answered one and the
 * last one given up is lost: the count is the distance of the two, less those that are excused.
 */
export class ConsecutiveLosses {
  readonly #options: RuleOptions;
  #newestAnswered = 0;
  #lastLost = 0;
  #heard = false;
  #down = false;
  #repliesWhileDown = 0;
  #excused: Excused[] = [];

  /** Makes the rule. */
  constructor(options: RuleOptions) {
    this.#options = options;
  }

  /** The number of losses in a row. */
  get count(): number {
    let excused = 0;
    for (const { from, to } of this.#excused) {
      excused += Math.max(0, to - Math.max(from, this.#newestAnswered + 1) + 1);
    }
    return Math.max(0, this.#lastLost - this.#newestAnswered - excused);
  }

  /** The number of the newest heartbeat that is answered or given up: those behind it are still open. */
  get decidedUpTo(): number {
    return Math.max(this.#newestAnswered, this.#lastLost);
  }

  /** The number of the newest heartbeat that any reply has answered; 0 before the first. */
  get newestAnswered(): number {
    return this.#newestAnswered;
  }

  /** Whether any reply was ever heard. */
  get heard(): boolean {
    return this.#heard;
  }

  /** What the losses in a row say of the server. */
  get state(): State {
    if (this.#down) return "down";
    if (!this.#heard) return "unknown";
    return this.count > 0 ? "suspect" : "up";
  }

  /** A heartbeat is given up; numbers start at 1 and come in order, one that was given up already does nothing. */
  giveUp(seq: number): void {
    if (seq <= this.#lastLost) return;
    this.#lastLost = seq;
    if (seq <= this.#newestAnswered) return;
    this.#repliesWhileDown = 0;
    const limit = this.#options.limit();
    if (limit > 0 && this.count >= limit) this.#down = true;
  }

  /** A heartbeat is given up, but not by the server's fault: it doesn't count. */
  excuse(seq: number): void {
    if (seq <= this.#lastLost) return;
    this.#lastLost = seq;
    const last = this.#excused.at(-1);
    if (last?.to === seq - 1) {
      last.to = seq;
    } else {
      this.#excused.push({ from: seq, to: seq });
      if (this.#excused.length > MAX_EXCUSED) this.#excused.shift();
    }
  }

  /** A heartbeat was answered, in time or late. */
  answered(seq: number): void {
    this.#heard = true;
    this.#newestAnswered = Math.max(this.#newestAnswered, seq);
    this.#excused = this.#excused.filter(({ to }) => to > this.#newestAnswered);
    if (!this.#down || this.count > 0) return;
    this.#repliesWhileDown++;
    if (this.#repliesWhileDown < this.#options.recover) return;
    this.#down = false;
    this.#repliesWhileDown = 0;
  }
}
