/**
 * Looks the names of servers up again and again, a few at a time, beside everything else.
 *
 * @module
 */

import { DueQueue } from "../tables/due_queue.ts";
import { OperatorError } from "../text/operator_error.ts";

/** A name that is looked up. */
export interface Name {
  /** The server that has it; see `targetKey`. */
  readonly key: string;
  /** The name. */
  readonly host: string;
}

/** How often names are looked up. */
export interface ResolverTimes {
  /** A name whose server is up is looked up this long after the last time, milliseconds. */
  readonly usualMs: number;
  /** One whose server isn't up, or that had no address. */
  readonly soonMs: number;
  /** A server that has just gone down has its name looked up at once, unless it was so recently. */
  readonly soonestMs: number;
}

/** Five minutes, half a minute, five seconds. */
export const RESOLVER_TIMES: ResolverTimes = { usualMs: 300_000, soonMs: 30_000, soonestMs: 5000 };

/** What a resolver needs of the world. */
export interface ResolverOptions {
  /** Finds the addresses of a name, at least one; rejects with the reason why there are none. */
  readonly lookUp: (host: string) => Promise<readonly string[]>;
  /** A monotonic clock, milliseconds. */
  readonly nowMs: () => number;
  /** Whether the server is up at the address that it has. */
  readonly isUp: (key: string) => boolean;
  /** Takes the addresses of a server's name. */
  readonly onAddresses: (key: string, addresses: readonly string[]) => void;
  /** Takes the reason why a server's name has no address. */
  readonly onFailure: (key: string, reason: string) => void;
  /** How often names are looked up; left out: {@linkcode RESOLVER_TIMES}. */
  readonly times?: ResolverTimes;
}

/** A name server that doesn't answer holds up this many look-ups at most. */
const MOST_AT_ONCE = 8;

interface Entry extends Name {
  dueAtMs: number;
  askedAtMs: number;
  underWay: boolean;
}

/** Looks names up; whoever has one calls {@linkcode Resolver.tick} about once a second. */
export class Resolver {
  readonly #options: ResolverOptions;
  readonly #times: ResolverTimes;
  readonly #entries = new Map<string, Entry>();
  readonly #queue = new DueQueue<Entry>();
  #underWay = 0;

  /** Makes a resolver without names. */
  constructor(options: ResolverOptions) {
    this.#options = options;
    this.#times = options.times ?? RESOLVER_TIMES;
  }

  /** Whether there is anything to look up. */
  get hasNames(): boolean {
    return this.#entries.size > 0;
  }

  /**
   * Takes the names of a list in place of the last one's.
   *
   * @param known the keys of those that have just been looked up
   */
  watch(names: readonly Name[], known: ReadonlySet<string>): void {
    const nowMs = this.#options.nowMs();
    const before = new Map(this.#entries);
    this.#entries.clear();
    for (const { key, host } of names) {
      const old = before.get(key);
      const entry = old ?? { key, host, dueAtMs: 0, askedAtMs: -Infinity, underWay: false };
      this.#entries.set(key, entry);
      if (known.has(key)) {
        const { usualMs, soonMs } = this.#times;
        entry.askedAtMs = nowMs;
        this.#dueAt(entry, nowMs + (this.#options.isUp(key) ? usualMs : soonMs));
      } else if (old === undefined) {
        this.#dueAt(entry, nowMs);
      }
    }
  }

  /** A server has gone down, or can't be sent to: its name may have another address by now. */
  hurry(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    const atMs = Math.max(this.#options.nowMs(), entry.askedAtMs + this.#times.soonestMs);
    if (atMs < entry.dueAtMs) this.#dueAt(entry, atMs);
  }

  /** Looks up what is due, as far as not too much is under way. */
  tick(): void {
    const nowMs = this.#options.nowMs();
    while (this.#underWay < MOST_AT_ONCE && this.#queue.nextAtMs <= nowMs) {
      const atMs = this.#queue.nextAtMs;
      const entry = this.#queue.take()!;
      const isGone = this.#entries.get(entry.key) !== entry;
      // An entry of the queue that another one has overtaken.
      if (isGone || entry.underWay || entry.dueAtMs !== atMs) continue;
      this.#lookUp(entry);
    }
  }

  async #lookUp(entry: Entry): Promise<void> {
    const { lookUp, nowMs, isUp, onAddresses, onFailure } = this.#options;
    const { key, host } = entry;
    entry.underWay = true;
    this.#underWay++;
    const isStill = () => this.#entries.get(key) === entry;
    let failed = false;
    try {
      const addresses = await lookUp(host);
      if (isStill()) onAddresses(key, addresses);
    } catch (error) {
      failed = true;
      if (!(error instanceof OperatorError)) throw error;
      if (isStill()) onFailure(key, error.message);
    } finally {
      this.#underWay--;
      entry.underWay = false;
      entry.askedAtMs = nowMs();
      const { usualMs, soonMs } = this.#times;
      if (isStill()) this.#dueAt(entry, nowMs() + (failed || !isUp(key) ? soonMs : usualMs));
      this.tick();
    }
  }

  #dueAt(entry: Entry, atMs: number): void {
    entry.dueAtMs = atMs;
    this.#queue.add(atMs, entry);
  }
}
