/**
 * A member of a fleet as views show it.
 *
 * @module
 */

import type { Member } from "../fleet/member.ts";
import type { MonitorSummary } from "../monitor/events.ts";
import { type MonitorVitals, vitalsOf } from "../monitor/vitals.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import type { WatchedTarget } from "./watch.ts";

/** What views read of a member: what its list says of it and its address may change. */
export class WatchedMember implements WatchedTarget {
  readonly #member: Member;
  readonly #readNowMs: () => number;

  /**
   * Makes it.
   *
   * @param readNowMs reads the monotonic clock
   */
  constructor(member: Member, readNowMs: () => number) {
    this.#member = member;
    this.#readNowMs = readNowMs;
  }

  get name(): string {
    return this.#member.listed.name;
  }

  get target(): string {
    const { host: hostname, port } = this.#member.listed;
    return formatEndpoint({ hostname, port });
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#member.listed.labels;
  }

  get endpoint(): Endpoint | undefined {
    return this.unresolved === undefined ? this.#member.endpoint : undefined;
  }

  get unresolved(): string | undefined {
    return this.#member.unresolved;
  }

  vitals(): MonitorVitals {
    return vitalsOf(this.#member.monitor.parts, this.#readNowMs());
  }

  summary(): MonitorSummary {
    return this.#member.monitor.summary();
  }
}
