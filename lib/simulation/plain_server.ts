/**
 * A server as the source document has it: it answers, and remembers nothing. Ten thousand of them
 * fit into one simulation.
 *
 * @module
 */

import type { Instant, Machine, Output } from "../machine/machine.ts";
import type { LossModel } from "../impairment/loss.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { ReplyWriter } from "../wire/reply.ts";
import { decodeRequest } from "../wire/request.ts";

/** All share it: a simulation copies what is sent before the next reply is written. */
const REPLIES = new ReplyWriter();

/** Answers all heartbeats but those that it drops, and reports nothing. */
export class PlainServer implements Machine<never> {
  readonly finished: boolean = false;
  readonly wakeAtMs: undefined = undefined;
  readonly #drops: LossModel;

  /** Makes a server that drops what a loss model says. */
  constructor(drops: LossModel) {
    this.#drops = drops;
  }

  advance(): Output<never>[] {
    return [];
  }

  receive(bytes: Uint8Array, from: Endpoint, { wallMs }: Instant): Output<never>[] {
    const request = decodeRequest(bytes);
    if (typeof request === "string" || this.#drops()) return [];
    const { seq, timeS } = request;
    const differenceS = wallMs / 1000 - timeS;
    return [{ type: "transmit", to: from, bytes: REPLIES.write(bytes, request, differenceS), seq }];
  }

  sendFailed(): Output<never>[] {
    return [];
  }

  receiveFailed(): Output<never>[] {
    return [];
  }

  stop(): Output<never>[] {
    return [];
  }
}
