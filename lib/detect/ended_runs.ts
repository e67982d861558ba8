/**
 * The runs of losses that a reply ended.
 *
 * A run of losses says how the path loses only when a reply has ended it: until then the server may
 * have stopped.
 *
 * @module
 */

/** The heartbeats between one reply and the next. */
export interface EndedRun {
  /** How many were lost; 0: none. */
  readonly losses: number;
  /** From the first of them to the heartbeat that was answered, milliseconds; 0 without losses. */
  readonly lastedMs: number;
  /** Whether the server was given up meanwhile. */
  readonly alarmed: boolean;
}

/** A run for which the server was given up, and that lasted longer than this, was an outage. */
const SHORTEST_OUTAGE_MS = 10_000;

/**
 * Whether the server had stopped, so that the run says nothing about the path. A short run for
 * which it was given up was a false alarm more often than a restart: the path makes such runs.
 */
export function isOutage({ alarmed, lastedMs }: EndedRun): boolean {
  return alarmed && lastedMs > SHORTEST_OUTAGE_MS;
}

/** Takes the fates of heartbeats in the order of their numbers. */
export class EndedRuns {
  #losses = 0;
  #sinceMs = 0;
  #alarmed = false;
  #heard = false;

  /** The losses since the last reply; 0 before the first one, as those may be of any kind. */
  get losses(): number {
    return this.#losses;
  }

  /**
   * The next heartbeat was lost.
   *
   * @param sentAtMs when it left, on a clock that leaves out what this machine missed
   */
  lost(sentAtMs: number): void {
    if (!this.#heard) return;
    if (this.#losses === 0) this.#sinceMs = sentAtMs;
    this.#losses++;
  }

  /** The server was given up for the losses of the run that is going on. */
  alarm(): void {
    this.#alarmed = true;
  }

  /**
   * The next heartbeat was answered; returns the run that it ended, or `undefined` at the first
   * reply.
   *
   * @param sentAtMs when it left, on the same clock
   */
  answered(sentAtMs: number): EndedRun | undefined {
    const [heard, losses, alarmed] = [this.#heard, this.#losses, this.#alarmed];
    this.#heard = true;
    this.#losses = 0;
    // With fast probing an alarm comes before the losses that it is about are settled.
    if (losses > 0 || !heard) this.#alarmed = false;
    if (!heard) return undefined;
    return losses === 0
      ? NO_LOSS
      : { losses, lastedMs: Math.max(0, sentAtMs - this.#sinceMs), alarmed };
  }
}

const NO_LOSS: EndedRun = { losses: 0, lastedMs: 0, alarmed: false };
