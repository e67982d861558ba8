/**
 * What must hold whatever the network sends, in any order, by any clock.
 *
 * Each check takes plain data, as `random_cases.ts` makes it, and throws an error that names the
 * property which doesn't hold.
 *
 * @module
 */

import { MAX_CLIENTS } from "../../lib/responder/client_table.ts";
import { MAX_OUTSTANDING } from "../../lib/monitor/memory_size.ts";
import {
  type Instant,
  isTransmit,
  type Machine,
  type Output,
  type Transmit,
} from "../../lib/machine/machine.ts";
import type { MonitorOptions } from "../../lib/monitor/options.ts";
import { SoloMonitor } from "../../lib/monitor/solo_monitor.ts";
import type { MonitorEvent } from "../../lib/monitor/events.ts";
import { MAX_DELAYED } from "../../lib/responder/delayed_replies.ts";
import { Responder } from "../../lib/responder/responder.ts";
import type { ResponderEvent } from "../../lib/responder/events.ts";
import { Link, type LinkOptions } from "../../lib/impairment/link.ts";
import { lossModel } from "../../lib/impairment/loss.ts";
import { derivedRandom } from "../../lib/impairment/random.ts";
import { readTarget } from "../../lib/fleet/target.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { addressFamily, canonicalAddress } from "../../lib/wire/address.ts";
import { type Endpoint, formatEndpoint, sameEndpoint } from "../../lib/wire/endpoint.ts";
import { bytesOf, MAX_AMPLIFICATION, MAX_DATAGRAM_BYTES, textOf } from "../../lib/wire/grammar.ts";
import { decodeReply, replyLength, replyText, ReplyWriter } from "../../lib/wire/reply.ts";
import { decodeRequest, requestText } from "../../lib/wire/request.ts";
import { keyedProtocol, plainProtocol } from "../../lib/wire/protocol.ts";
import { splitZone } from "../../lib/wire/zone.ts";
import { openReply, openRequest, sealReply, sealRequest } from "../../lib/wire/seal.ts";
import { EPOCH_MS } from "../../lib/simulation/virtual_clock.ts";
import { leaveAtOnce } from "../../lib/simulation/leave_at_once.ts";
import { sealOf } from "../support/toy_seal.ts";

/** One thing that happens to a machine. */
export interface Step {
  /** How much later than the step before, milliseconds. */
  readonly afterMs: number;
  /** By how much the wall clock is stepped first, milliseconds. */
  readonly clockStepMs: number;
  /** What happens. */
  readonly happening: Happening;
}

/** What happens to a machine. */
export type Happening =
  | { readonly kind: "garbage"; readonly bytes: Uint8Array; readonly from: Endpoint }
  /** A good datagram: a request to a server, a reply to a client; perhaps damaged. */
  | {
    readonly kind: "good";
    /** Of a request, its number; of a reply, how many heartbeats before the last one it answers. */
    readonly number: number;
    readonly from: Endpoint;
    /**
     * Whether a request has the shortest time there is, for which most replies would be too long.
     */
    readonly short: boolean;
    /** What follows its three fields. */
    readonly extension: string;
    /** Added to the byte at a place, modulo 256 and the length; 0: it is not damaged. */
    readonly damage: number;
    readonly damageAt: number;
  }
  /** `size` good datagrams, two from each invented source: more sources than any table holds. */
  | { readonly kind: "crowd"; readonly first: number; readonly size: number }
  | { readonly kind: "time passes" }
  | { readonly kind: "send fails"; readonly unreachable: boolean }
  | { readonly kind: "receive fails" };

/** How a server is set up. */
export interface ServerCase {
  /** Seed of its drops and of its network. */
  readonly seed: number;
  /** Share of heartbeats to drop. */
  readonly lossShare: number;
  /** The way back. */
  readonly link: LinkOptions | undefined;
  /** Whether it needs a key. */
  readonly keyed: boolean;
  /** Heartbeats a second for each prefix. */
  readonly ratePerPrefix: number | undefined;
  /** Heartbeats a second in all. */
  readonly totalRate: number | undefined;
  /** What happens to it. */
  readonly steps: readonly Step[];
}

/** How a client is set up. */
export interface ClientCase {
  /** How it monitors; the target is this module's. */
  readonly options: Omit<MonitorOptions, "target" | "protocol">;
  /** Whether it has a key. */
  readonly keyed: boolean;
  /** What happens to it. */
  readonly steps: readonly Step[];
}

const SERVER: Endpoint = { hostname: "192.0.2.2", port: 12000 };
const RUN = "0123456789abcdef0123456789abcdef";
const SEAL = sealOf("secret");

/**
 * The grammar of requests once more, as short as it gets: the reader of bytes must agree with it.
 */
const SPACE = "[ \\t\\n\\v\\f\\r]";
const FIELDS = `(\\d{1,16})${SPACE}+(\\d{1,12}(?:\\.\\d{1,9})?)`;
const PADDING = "[ \\t\\n\\v\\f\\r\\0]*$";
const WITH_WORD = new RegExp(`^${SPACE}*[A-Za-z]{1,16}${SPACE}+${FIELDS}(?:${SPACE}|${PADDING})`);
const WITHOUT_WORD = new RegExp(`^${SPACE}*${FIELDS}${PADDING}`);

/** The time that a request says, and whether our client wrote it; read from text, bit by bit. */
function timeOf(seqAndTime: string, time: string): { timeS: number; checked: boolean } {
  const [, decimals = ""] = time.split(".");
  let crc = 0xffffffff;
  for (const byte of bytesOf(seqAndTime.slice(0, -3))) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
  }
  const check = 1 + ((crc ^ 0xffffffff) >>> 0) % 999;
  const checked = decimals.length === 9 && Number(time.slice(-3)) === check;
  return { timeS: Number(checked ? time.slice(0, -3) : time), checked };
}

/** Checks all that reads bytes from the network. */
export function checkParsers(bytes: Uint8Array): void {
  const request = decodeRequest(bytes);
  const text = bytes.length > MAX_DATAGRAM_BYTES ? "" : textOf(bytes);
  const fields = WITH_WORD.exec(text) ?? WITHOUT_WORD.exec(text);
  const expected = fields !== null && Number.isSafeInteger(Number(fields[1]));
  must((typeof request !== "string") === expected, `request read as ${JSON.stringify(request)}`);
  if (typeof request !== "string") {
    const { seq, seqFrom, seqTo, timeTo } = request;
    const { timeS, checked } = timeOf(textOf(bytes.subarray(seqFrom, timeTo)), fields![2]!);
    must(seq === Number(fields![1]), `number ${seq}`);
    must(textOf(bytes.subarray(seqFrom, seqTo)) === fields![1], "digits of the number");
    must(request.timeS === timeS, `time ${request.timeS}`);
    must(request.checked === checked, "check digits");
  }
  const reply = decodeReply(bytes);
  if (typeof reply !== "string") {
    must(typeof request === "string", "a reply that is a request, too");
    must(Number.isSafeInteger(reply.seq) && Number.isFinite(reply.timeDifferenceS!), "reply");
    const { count } = reply;
    must(count === undefined || count.received <= count.highest - count.first + 1, "count");
  }
  must(typeof openRequest(bytes, SEAL) === "string", "a request without the key's code");
  must(typeof openReply(bytes, RUN, SEAL) === "string", "a reply without the key's code");
  const sealed = sealRequest(bytes, SEAL);
  const opened = openRequest(sealed, SEAL);
  must((typeof opened !== "string") === (sealed.length <= MAX_DATAGRAM_BYTES), "a sealed request");
  must(typeof opened === "string" || textOf(opened) === textOf(bytes), "what was sealed");
}

/** Checks what reads addresses and the names of servers, with zones and without. */
export function checkAddress(text: string): void {
  const address = canonicalAddress(text);
  if (address !== undefined) {
    must(canonicalAddress(address) === address, `address ${address}`);
    must(addressFamily(text) === (address.includes(":") ? 6 : 4), `the family of ${address}`);
    const endpoint = { hostname: address, port: 9 };
    const hostname = splitZone(address).address;
    must(canonicalAddress(hostname) === hostname, `without its zone, ${address}`);
    must(sameEndpoint(endpoint, { ...endpoint, hostname }), `${address} from its own host`);
    const { host } = readTarget(formatEndpoint(endpoint));
    must(host === address, `${address} was read as ${host}`);
  }
  try {
    const { host, port } = readTarget(text);
    must(port >= 1 && port <= 65535 && host !== "", `the server ${text}`);
  } catch (error) {
    must(error instanceof OperatorError && !/[\r\n]/.test(error.message), `${error}`);
  }
}

/**
 * Checks that a difference of times is written alike for people and for the wire, and read as it
 * was written.
 */
export function checkDifference(seq: number, timeDifferenceS: number): void {
  const digits = bytesOf(`${seq}`);
  const place = { seqFrom: 0, seqTo: digits.length, timeTo: 0 };
  const bytes = new ReplyWriter().write(digits, place, timeDifferenceS);
  const text = textOf(bytes);
  must(text === replyText(seq, timeDifferenceS), text);
  must(replyLength(place, timeDifferenceS) === bytes.length, `the length of ${text}`);
  const reply = decodeReply(bytes);
  must(typeof reply !== "string", `${text} is ${reply}`);
  if (typeof reply === "string") return;
  must(reply.seq === seq, text);
  const toleranceS = 0.5e-6 + Math.abs(timeDifferenceS) * Number.EPSILON;
  must(Math.abs(reply.timeDifferenceS! - timeDifferenceS) <= toleranceS, text);
  must(decodeRequest(bytes) === "not_a_heartbeat", `${text} is a request`);
}

/** Drives a server through whatever happens. */
export function checkServer(trial: ServerCase): void {
  const { seed, lossShare, link, keyed, ratePerPrefix, totalRate } = trial;
  const responder = new Responder({
    loss: lossModel({ share: lossShare, meanBurst: undefined }, derivedRandom(seed, 1)),
    link: link && new Link(link, derivedRandom(seed, 2)),
    admission: { local: SERVER, ratePerPrefix, totalRate },
    seal: keyed ? SEAL : undefined,
  });
  let datagrams = 0;
  const last = drive<ResponderEvent>(responder, trial.steps, {
    datagram(happening, now) {
      datagrams++;
      if (happening.kind === "garbage") return happening.bytes;
      const { number, short, extension } = happening;
      const text = `${
        short ? `Heartbeat ${number} 1` : requestText(number, now.wallMs)
      }${extension}`;
      const request = damaged(bytesOf(keyed ? `${text} run=${RUN}` : text), happening);
      return keyed ? sealRequest(request, SEAL) : request;
    },
    check(outputs, datagram) {
      for (const output of outputs) {
        if (output.type !== "transmit") continue;
        must(
          datagram === undefined || output.bytes.length <= MAX_AMPLIFICATION * datagram.length,
          "amplification",
        );
        must(typeof decodeRequest(output.bytes) === "string", "a reply that is a request");
        must(output.to.port !== 0, "a reply to port 0");
      }
      const summary = responder.summary(0);
      const { received, replied, dropped, waiting, overflowed, sendFailures } = summary;
      const refused = Object.values(summary.refused).reduce((sum, count) => sum + count, 0);
      must(received + summary.malformed + refused === datagrams, "every datagram counts once");
      must(
        received === replied + dropped + waiting + overflowed + sendFailures &&
          Math.min(replied, dropped, waiting, overflowed, sendFailures) >= 0,
        `heartbeats add up: ${JSON.stringify({ ...summary, clients: undefined })}`,
      );
      const { clients, clientsMet, clientsForgotten } = summary;
      must(summary.contradictions === 0, `${summary.contradiction}`);
      must(clients.length <= MAX_CLIENTS && waiting <= MAX_DELAYED, "bounds");
      must(clients.length === clientsMet - clientsForgotten, "every client is known or forgotten");
    },
  });
  must(last.at(-1)?.type === "summary", "a summary at the end");
}

/** Stands for the right nine decimals in what follows the fields of a reply. */
export const RIGHT_ECHO = "right";

/** Drives a client through whatever happens. */
export function checkClient({ options, keyed, steps }: ClientCase): void {
  const seal = keyed ? SEAL : undefined;
  const protocol = keyed ? keyedProtocol(RUN, SEAL) : plainProtocol();
  const monitor = new SoloMonitor({ ...options, target: SERVER, protocol });
  let last: readonly (Transmit | MonitorEvent)[] = [];
  let transmitted = 0;
  let newest = new Uint8Array();
  const decimals = new Map<number, string>();
  let proven = false;
  let echoed: boolean | undefined;
  let checks = 0;
  last = drive<MonitorEvent>(monitor, steps, {
    datagram(happening) {
      if (happening.kind === "garbage") return happening.bytes;
      if (happening.short && newest.length > 0) return damaged(newest.slice(), happening);
      const seq = Math.max(0, transmitted - happening.number);
      const extension = happening.extension.replace(RIGHT_ECHO, decimals.get(seq) ?? "000000000");
      const text = `${replyText(seq, 0.25)}${extension}`;
      if (happening.damage === 0) {
        echoed = decimals.has(seq) && extension.startsWith(`, Echo: ${decimals.get(seq)}`);
      }
      const reply = damaged(bytesOf(text), happening);
      return keyed ? sealReply(reply, RUN, SEAL) : reply;
    },
    check(outputs) {
      for (const output of outputs) {
        if (output.type !== "transmit") continue;
        transmitted++;
        newest = output.bytes;
        must(output.to === SERVER, "a heartbeat to somebody else");
        const request = seal === undefined ? output.bytes : openRequest(output.bytes, seal);
        must(typeof request !== "string", "a heartbeat without its code");
        must(
          typeof request !== "string" && typeof decodeRequest(request) !== "string",
          "a bad heartbeat",
        );
        decimals.set(output.seq, /\.(\d{9})/.exec(textOf(newest))?.[1] ?? "");
        decimals.delete(output.seq - 20_000);
      }
      if (!keyed && echoed !== undefined && outputs.some(({ type }) => type === "reply")) {
        must(echoed || !proven, "a reply without an echo after one with it");
        proven ||= echoed;
      }
      echoed = undefined;
      for (const output of outputs) {
        if (output.type !== "state" || output.outageMs === undefined) continue;
        const { low, high } = output.outageMs;
        must(0 <= low && low <= high, `an outage of ${low} to ${high} ms`);
      }
      // A summary takes some tenths of a millisecond, and some cases have thousands of steps.
      const isLast = outputs.some(({ type }) => type === "summary");
      if (checks++ > 50 && checks % 16 > 0 && !isLast) return;
      const summary = monitor.summary();
      const { sent, received, lost, outstanding, late, direction } = summary;
      must(sent === received + lost + outstanding, "heartbeats add up");
      must(summary.contradictions === 0, `${summary.contradiction}`);
      must(sent === transmitted, "every heartbeat leaves once");
      must(Math.min(received, lost, outstanding, late, lost - late) >= 0, "no count is negative");
      must(options.count === 0 || sent <= options.count, "no heartbeat too many");
      must(outstanding <= MAX_OUTSTANDING, "bounds");
      if (direction !== undefined) {
        const { forward, backward, unknown } = direction;
        must(
          forward + backward + direction.late + unknown === lost,
          `directions ${JSON.stringify(direction)}`,
        );
        must(Math.min(forward, backward, unknown) >= 0, `directions ${JSON.stringify(direction)}`);
      }
      const { rttMs, availability } = summary;
      must(
        availability === undefined || 0 <= availability.low &&
            availability.low <= availability.high && availability.high <= 1,
        `availability ${JSON.stringify(availability)}`,
      );
      must(
        rttMs === undefined ||
          (rttMs.min >= 0 && rttMs.min <= rttMs.median && rttMs.median <= rttMs.max),
        "rtt",
      );
    },
  });
  must(last.at(-1)?.type === "summary", "a summary at the end");
}

interface Driver<Event> {
  /** The bytes of a datagram. */
  datagram(happening: Happening & { kind: "garbage" | "good" }, now: Instant): Uint8Array;
  /** Looks at what came out. */
  check(outputs: readonly (Transmit | Event)[], datagram?: Uint8Array): void;
}

// A machine that wants to be woken again and again at one moment would never let time pass.
const MOST_WAKES = 5000;

/**
 * Puts a machine through all steps, woken whenever it wants to be between them; returns its last
 * outputs.
 */
function drive<Event extends { readonly type: string }>(
  machine: Machine<Event>,
  steps: readonly Step[],
  { datagram, check }: Driver<Event>,
): readonly (Transmit | Event)[] {
  let nowMs = 0;
  let wallMs = EPOCH_MS;
  let last: readonly (Transmit | Event)[] = [];
  let sent: Transmit | undefined;
  const take = (decided: readonly Output<Event>[], bytes?: Uint8Array) => {
    const outputs = leaveAtOnce(decided, now());
    for (const output of outputs) {
      if (isTransmit(output)) sent = output;
      else if (output.type === "summary") last = outputs;
    }
    check(outputs, bytes);
  };
  const now = (): Instant => ({ monotonicMs: nowMs, wallMs: wallMs + nowMs });
  const passTo = (untilMs: number) => {
    let wakes = 0;
    for (let wakeAtMs = machine.wakeAtMs; wakeAtMs !== undefined; wakeAtMs = machine.wakeAtMs) {
      must(!Number.isNaN(wakeAtMs), "a wish to wake that is no time");
      if (wakeAtMs > untilMs) break;
      wakes = wakeAtMs > nowMs ? 0 : wakes + 1;
      must(wakes < MOST_WAKES, "wishes to wake without end");
      nowMs = Math.max(nowMs, wakeAtMs);
      take(machine.advance(now()));
    }
    nowMs = untilMs;
  };
  for (const { afterMs, clockStepMs, happening } of steps) {
    passTo(nowMs + afterMs);
    wallMs += clockStepMs;
    switch (happening.kind) {
      case "garbage":
      case "good": {
        const finished = machine.finished;
        const bytes = finished ? new Uint8Array() : datagram(happening, now());
        const outputs = machine.receive(bytes, happening.from, now());
        if (finished) must(outputs.length === 0, "a word after the last");
        else take(outputs, bytes);
        break;
      }
      case "crowd": {
        const outputs: Output<Event>[] = [];
        for (let i = 0; i < happening.size && !machine.finished; i++) {
          // Two of each in a row, so that none is a newcomer only.
          const from = strangerOf(happening.first + (i >> 1));
          const bytes = datagram({ ...GOOD, from }, now());
          outputs.push(...machine.receive(bytes, from, now()));
        }
        if (happening.size > 0) take(outputs);
        break;
      }
      case "send fails":
        if (sent !== undefined && !machine.finished) {
          take(machine.sendFailed(sent, { reason: "", hostUnreachable: happening.unreachable }));
        }
        sent = undefined;
        break;
      case "receive fails":
        if (!machine.finished) take(machine.receiveFailed("reset", false));
        break;
      case "time passes":
    }
  }
  if (!machine.finished) take(machine.stop(now()));
  must(machine.finished && machine.stop(now()).length === 0, "stopping ends it, once");
  return last;
}

const GOOD = {
  kind: "good",
  number: 1,
  short: false,
  extension: "",
  damage: 0,
  damageAt: 0,
} as const;

/** The endpoint of one of 16 million strangers. */
function strangerOf(number: number): Endpoint {
  return { hostname: `10.${number >> 16 & 255}.${number >> 8 & 255}.${number & 255}`, port: 50000 };
}

function damaged(
  bytes: Uint8Array,
  { damage, damageAt }: Happening & { kind: "good" },
): Uint8Array {
  const place = damageAt % bytes.length;
  bytes[place] = bytes[place]! + damage;
  return bytes;
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`it doesn't hold: ${what}`);
}
