/**
 * The rule of the source document: after a number of consecutive losses the server is assumed to
 * have stopped.
 *
 * @module
 */

/** The state of the server, as far as it is known. */
export type State = "unknown" | "up" | "suspect" | "down";

/** The settings of the rule. */
export interface RuleOptions {
  /**
   * Losses in a row after which the server is assumed to have stopped, asked for at each loss; 0:
   * never.
   */
  readonly limit: () => number;
  /** Replies in a row after which a server that had stopped is up again, 1 or more. */
  readonly recover: number;
}

/** Heartbeats that say nothing about the server, from the first to the last of them. */
interface Excused {
  readonly from: number;
  to: number;
}

/** The default number of replies in a row that bring a stopped server back up: one may be luck. */
export const RECOVER_REPLIES = 2;

/** With the rule switched off, the state is unknown after this many excused heartbeats in a row. */
const UNKNOWN_WITHOUT_RULE = 3;

/** Excused stretches that are told apart; of older ones, only the number of heartbeats is known. */
const MAX_EXCUSED = 64;

/**
 * Counts the losses in a row: the lost heartbeats newer than the newest one that any reply, late or
 * not, has answered. So a late reply to an old heartbeat never clears newer losses.
 *
 * Heartbeats are given up in the order of their numbers, and every number between the newest
 * answered one and the last one given up is lost. So the count is the distance of the two, less the
 * excused ones.
 *
 * Excused heartbeats, which this machine could not send or slept through, neither count nor end a
 * run of losses. After as many of them in a row as the rule asks for losses, nothing is known about
 * the server any more.
 */
export class ConsecutiveLosses {
  readonly #options: RuleOptions;
  #newestAnswered = 0;
  #lastLost = 0;
  #heard = false;
  #down = false;
  #blind = false;
  #repliesWhileDown = 0;
  #excused: Excused[] = [];
  /** The excused heartbeats before those, up to the newest of them. */
  #merged = { to: 0, count: 0 };

  /** Makes the rule. */
  constructor(options: RuleOptions) {
    this.#options = options;
  }

  /** The number of losses in a row. */
  get count(): number {
    let excused = this.#newestAnswered < this.#merged.to ? this.#merged.count : 0;
    for (const { from, to } of this.#excused) {
      excused += Math.max(0, to - Math.max(from, this.#newestAnswered + 1) + 1);
    }
    return Math.max(0, this.#lastLost - this.#newestAnswered - excused);
  }

  /** The excused heartbeats in a row, at the end of those that are answered or given up. */
  get excusedInARow(): number {
    const last = this.#excused.at(-1);
    if (last === undefined || last.to < this.decidedUpTo) return 0;
    return last.to - Math.max(last.from, this.#newestAnswered + 1) + 1;
  }

  /** The newest heartbeat that is answered or given up; all newer ones are still undecided. */
  get decidedUpTo(): number {
    return Math.max(this.#newestAnswered, this.#lastLost);
  }

  /** The newest heartbeat that any reply has answered; 0 before the first. */
  get newestAnswered(): number {
    return this.#newestAnswered;
  }

  /** Whether any reply was ever heard. */
  get heard(): boolean {
    return this.#heard;
  }

  /** Whether the server is assumed to have stopped, as far as was last known. */
  get stopped(): boolean {
    return this.#down;
  }

  /** Whether a server that had stopped has begun to answer again. */
  get recovering(): boolean {
    return this.#repliesWhileDown > 0;
  }

  /** Whether nothing is known any more, because too many heartbeats in a row were excused. */
  get blind(): boolean {
    return this.#blind;
  }

  /**
   * How many excused heartbeats in a row leave the state unknown: as many as the rule asks for
   * losses.
   */
  get mostExcused(): number {
    return this.#options.limit() || UNKNOWN_WITHOUT_RULE;
  }

  /** The conclusion from the losses in a row. */
  get state(): State {
    if (this.#blind) return "unknown";
    if (this.#down) return "down";
    if (!this.#heard) return "unknown";
    return this.count > 0 ? "suspect" : "up";
  }

  /** A heartbeat is given up. Numbers start at 1 and rise; giving one up again does nothing. */
  giveUp(seq: number): void {
    if (seq <= this.#lastLost) return;
    this.#lastLost = seq;
    if (seq <= this.#newestAnswered) return;
    this.#blind = false;
    this.#repliesWhileDown = 0;
  }

  /** The server is assumed to have stopped if losses in a row are as many as the rule asks for. */
  judge(): void {
    const limit = this.#options.limit();
    if (limit > 0 && this.count >= limit && !this.#blind) this.#down = true;
  }

  /** A heartbeat is given up that says nothing about the server: it doesn't count. */
  excuse(seq: number): void {
    if (seq <= this.#lastLost) return;
    this.#lastLost = seq;
    const last = this.#excused.at(-1);
    if (last?.to === seq - 1) {
      last.to = seq;
    } else {
      this.#excused.push({ from: seq, to: seq });
      if (this.#excused.length > MAX_EXCUSED) this.#merge(this.#excused.shift()!);
    }
    if (this.excusedInARow >= this.mostExcused) this.#blind = true;
  }

  /** A heartbeat was answered, in time or late. */
  answered(seq: number): void {
    this.#heard = true;
    this.#newestAnswered = Math.max(this.#newestAnswered, seq);
    if (this.#excused.length > 0) {
      this.#excused = this.#excused.filter(({ to }) => to > this.#newestAnswered);
    }
    // A late reply to a heartbeat before the excused ones tells nothing of the time after it.
    if (this.excusedInARow > 0) return;
    this.#blind = false;
    if (!this.#down || this.count > 0) return;
    this.#repliesWhileDown++;
    if (this.#repliesWhileDown < this.#options.recover) return;
    this.#down = false;
    this.#blind = false;
    this.#repliesWhileDown = 0;
  }

  #merge({ from, to }: Excused): void {
    const before = this.#newestAnswered < this.#merged.to ? this.#merged.count : 0;
    this.#merged = { to, count: before + to - from + 1 };
  }
}
