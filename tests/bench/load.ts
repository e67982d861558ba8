/**
 * The load generator of `deno task bench`, in a process of its own.
 *
 * Deno's sockets carry about as many datagrams a second as the servers that are to be measured, so
 * a generator made of them would measure itself. This one calls the system directly, many datagrams
 * a call (`sendmmsg`, `recvmmsg`), and needs about a quarter of the processor time of the fastest
 * server. Linux only.
 *
 * Reads one JSON {@linkcode LoadOrder} a line on standard input, and answers each with a {@linkcode
 * LoadResult}.
 *
 * @module
 */

import { CHECK_DIGITS, checkValue } from "../../lib/wire/check_digits.ts";
import { linesOf } from "../support/lines.ts";

/** What is to be sent. */
export interface LoadOrder {
  /** The server's port on 127.0.0.1. */
  readonly port: number;
  /** How long, milliseconds. */
  readonly durationMs: number;
  /** Closed loop: the number of heartbeats on their way at any time. */
  readonly window?: number;
  /** Closed loop: how many sockets send them; left out: one. */
  readonly sockets?: number;
  /** Open loop: the number of heartbeats that leave each second, whatever comes back. */
  readonly perSecond?: number;
  /** Whether heartbeats have the check digits of our own client; left out: they have not. */
  readonly checked?: boolean;
  /** What to send instead of heartbeats, in closed loop: a datagram of another tool's client. */
  readonly foreign?: ForeignDatagrams | undefined;
}

/** What another tool's client sends, as hexadecimal digits. */
export interface ForeignDatagrams {
  /** The datagram that its server answers. */
  readonly datagram: string;
  /** What must be sent before; the reply's bytes from `token.from` to `token.to` go into it. */
  readonly handshake?: string;
  readonly token?: { readonly from: number; readonly to: number };
}

/** What came of it. */
export interface LoadResult {
  /** Heartbeats sent. */
  readonly sent: number;
  /** Datagrams received. */
  readonly received: number;
  /** Those of them that came while it was still sending. */
  readonly receivedInTime: number;
  /** How long it took, milliseconds. */
  readonly elapsedMs: number;
  /**
   * Median round trip, milliseconds; `null` in closed loop, where it says only how long the window
   * is.
   */
  readonly rttP50Ms: number | null;
  /** The round trip that 99% stay below, milliseconds. */
  readonly rttP99Ms: number | null;
}

const BATCH = 64;
const SLOT_BYTES = 256;
const [AF_INET, SOCK_DGRAM, SOL_SOCKET, SO_RCVTIMEO] = [2, 2, 1, 20];
const [MSG_DONTWAIT, MSG_WAITFORONE] = [0x40, 0x10000];
// A window whose datagrams were lost is filled anew after this.
const GIVE_UP_MS = 100;
// At the end no reply is waited for longer: on loopback all but the lost ones come at once.
const LAST_REPLY_MS = 20;
const SEQ_DIGITS = 8;
/** Nobody changes it: waiting for that is a pause. */
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

const libc = Deno.dlopen("libc.so.6", {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  sendmmsg: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  recvmmsg: { parameters: ["i32", "buffer", "u32", "i32", "pointer"], result: "i32" },
}).symbols;

/**
 * A row of datagrams as the system wants it: an array of `struct mmsghdr`, 64 bytes each, and what
 * they point to.
 */
class Batch {
  readonly headers = new Uint8Array(BATCH * 64);
  readonly slots = new Uint8Array(BATCH * SLOT_BYTES);
  readonly #headerView = new DataView(this.headers.buffer);
  readonly #vectors = new Uint8Array(BATCH * 16);

  constructor(slotBytes: number) {
    const slots = addressOf(this.slots);
    const vectors = addressOf(this.#vectors);
    const vectorView = new DataView(this.#vectors.buffer);
    for (let i = 0; i < BATCH; i++) {
      vectorView.setBigUint64(i * 16, slots + BigInt(i * SLOT_BYTES), true);
      vectorView.setBigUint64(i * 16 + 8, BigInt(slotBytes), true);
      this.#headerView.setBigUint64(i * 64 + 16, vectors + BigInt(i * 16), true);
      this.#headerView.setBigUint64(i * 64 + 24, 1n, true);
    }
  }
}

function addressOf(bytes: Uint8Array<ArrayBuffer>): bigint {
  return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
}

/** Heartbeats numbered from 1, sent and received a batch at a time. */
class Generator {
  sent = 0;
  received = 0;
  readonly #socket: number;
  readonly #out: Batch;
  readonly #in = new Batch(SLOT_BYTES);
  readonly #foreign: boolean;
  #checkFrom: number | undefined;
  /** When each heartbeat left, in a ring; kept in open loop only. */
  readonly #sentAtMs: Float64Array | undefined;
  readonly rttsMs: number[] = [];

  constructor({ port, perSecond, checked = false, foreign }: LoadOrder) {
    this.#sentAtMs = perSecond === undefined ? undefined : new Float64Array(1 << 16);
    this.#socket = openSocket(port);
    this.#foreign = foreign !== undefined;
    if (foreign !== undefined) {
      const datagram = Uint8Array.fromHex(foreign.datagram);
      if (foreign.handshake !== undefined) this.#greet(foreign, datagram);
      this.#out = new Batch(datagram.length);
      for (let i = 0; i < BATCH; i++) this.#out.slots.set(datagram, i * SLOT_BYTES);
      return;
    }
    const time = (Date.now() / 1000).toFixed(6);
    const text = `Heartbeat ${"0".repeat(SEQ_DIGITS)} ${time}${checked ? "000" : ""}`;
    this.#checkFrom = checked ? text.length - CHECK_DIGITS : undefined;
    const bytes = new TextEncoder().encode(text);
    this.#out = new Batch(bytes.length);
    for (let i = 0; i < BATCH; i++) this.#out.slots.set(bytes, i * SLOT_BYTES);
  }

  /** Opens a session, and writes its token into the datagram. */
  #greet({ handshake, token }: ForeignDatagrams, datagram: Uint8Array): void {
    const greeting = Uint8Array.fromHex(handshake!);
    const out = new Batch(greeting.length);
    out.slots.set(greeting);
    libc.sendmmsg(this.#socket, out.headers, 1, 0);
    if (libc.recvmmsg(this.#socket, this.#in.headers, 1, 0, null) !== 1) {
      throw new Error("no answer to a handshake");
    }
    if (token === undefined) return;
    datagram.set(this.#in.slots.subarray(token.from, token.to), token.from);
  }

  send(count: number): void {
    const { slots, headers } = this.#out;
    const nowMs = performance.now();
    for (let first = 0; first < count; first += BATCH) {
      const size = Math.min(BATCH, count - first);
      for (let i = 0; i < size; i++) {
        let seq = ++this.sent;
        if (this.#foreign) continue;
        if (this.#sentAtMs !== undefined) this.#sentAtMs[seq & 0xffff] = nowMs;
        const start = i * SLOT_BYTES + "Heartbeat ".length;
        for (let digit = SEQ_DIGITS - 1; digit >= 0; digit--, seq = Math.floor(seq / 10)) {
          slots[start + digit] = 48 + seq % 10;
        }
        if (this.#checkFrom !== undefined) {
          const at = i * SLOT_BYTES + this.#checkFrom;
          const check = checkValue(slots, start, at);
          slots[at] = 48 + Math.floor(check / 100);
          slots[at + 1] = 48 + Math.floor(check / 10) % 10;
          slots[at + 2] = 48 + check % 10;
        }
      }
      libc.sendmmsg(this.#socket, headers, size, 0);
    }
  }

  /** Takes what has come; returns how many, or -1 when nothing came. */
  receive(wait: boolean): number {
    const { headers, slots } = this.#in;
    const count = libc.recvmmsg(
      this.#socket,
      headers,
      BATCH,
      wait ? MSG_WAITFORONE : MSG_DONTWAIT,
      null,
    );
    if (count <= 0) return count;
    this.received += count;
    if (this.#sentAtMs !== undefined) {
      const nowMs = performance.now();
      for (let i = 0; i < count; i++) {
        this.rttsMs.push(nowMs - this.#sentAtMs[seqAt(slots, i * SLOT_BYTES) & 0xffff]!);
      }
    }
    return count;
  }

  close(): void {
    libc.close(this.#socket);
  }
}

/** The number in a reply, `Seq: 00000012, ...`, or in an echo, `Heartbeat 00000012 ...`. */
function seqAt(bytes: Uint8Array, start: number): number {
  let at = start + (bytes[start] === 0x48 ? "Heartbeat ".length : "Seq: ".length);
  let seq = 0;
  for (let digit = 0; digit < SEQ_DIGITS; digit++) seq = seq * 10 + bytes[at++]! - 48;
  return seq;
}

function openSocket(port: number): number {
  const socket = libc.socket(AF_INET, SOCK_DGRAM, 0);
  const address = new Uint8Array([
    AF_INET,
    0,
    port >> 8,
    port & 0xff,
    127,
    0,
    0,
    1,
    ...Array(8).fill(0),
  ]);
  const timeout = new Uint8Array(16);
  new DataView(timeout.buffer).setBigInt64(8, BigInt(GIVE_UP_MS * 1000), true);
  if (socket < 0 || libc.connect(socket, address, address.length) !== 0) {
    throw new Error(`can't open a socket to port ${port}`);
  }
  libc.setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, timeout, timeout.length);
  return socket;
}

function run(order: LoadOrder): LoadResult {
  if (order.sockets !== undefined) return runSockets(order, order.sockets);
  const generator = new Generator(order);
  const startMs = performance.now();
  const endMs = startMs + order.durationMs;
  if (order.window !== undefined) closedLoop(generator, order.window, endMs);
  else openLoop(generator, order.perSecond!, startMs, endMs);
  const elapsedMs = performance.now() - startMs;
  const receivedInTime = generator.received;
  finish([generator]);
  const { sent, received, rttsMs } = generator;
  rttsMs.sort((a, b) => a - b);
  const at = (share: number) => rttsMs[Math.ceil(share * rttsMs.length) - 1] ?? null;
  return { sent, received, receivedInTime, elapsedMs, rttP50Ms: at(0.5), rttP99Ms: at(0.99) };
}

/** Takes what is still on its way, so that no server works on it in another's time. */
function finish(generators: readonly Generator[]): void {
  const isOut = ({ sent, received }: Generator) => sent > received;
  let heardAtMs = performance.now();
  while (generators.some(isOut) && performance.now() - heardAtMs < LAST_REPLY_MS) {
    let heard = 0;
    for (const generator of generators) heard += Math.max(0, generator.receive(false));
    if (heard > 0) heardAtMs = performance.now();
    else Atomics.wait(PAUSE, 0, 0, 0.2);
  }
  for (const generator of generators) generator.close();
}

function closedLoop(generator: Generator, window: number, endMs: number): void {
  generator.send(window);
  while (performance.now() < endMs) {
    const received = generator.receive(true);
    generator.send(received > 0 ? received : window);
  }
}

/** A closed loop over several sockets, each with its share of the window. */
function runSockets(order: LoadOrder, sockets: number): LoadResult {
  const generators = Array.from({ length: sockets }, () => new Generator(order));
  const share = Math.ceil(order.window! / sockets);
  const total = (part: "sent" | "received") =>
    generators.reduce((sum, generator) => sum + generator[part], 0);
  const startMs = performance.now();
  let heardAtMs = startMs;
  for (const generator of generators) generator.send(share);
  for (let nowMs = startMs; nowMs < startMs + order.durationMs; nowMs = performance.now()) {
    let received = 0;
    for (const generator of generators) {
      const count = Math.max(0, generator.receive(false));
      if (count > 0) generator.send(count);
      received += count;
    }
    if (received > 0) heardAtMs = nowMs;
    else Atomics.wait(PAUSE, 0, 0, 0.02);
    if (nowMs - heardAtMs <= GIVE_UP_MS) continue;
    for (const generator of generators) generator.send(share);
    heardAtMs = nowMs;
  }
  const elapsedMs = performance.now() - startMs;
  const receivedInTime = total("received");
  finish(generators);
  const [sent, received] = [total("sent"), total("received")];
  return { sent, received, receivedInTime, elapsedMs, rttP50Ms: null, rttP99Ms: null };
}

function openLoop(generator: Generator, perSecond: number, startMs: number, endMs: number): void {
  for (let nowMs = startMs; nowMs < endMs; nowMs = performance.now()) {
    generator.send(Math.floor((nowMs - startMs) / 1000 * perSecond) - generator.sent);
    while (generator.receive(false) > 0);
    Atomics.wait(PAUSE, 0, 0, 0.2);
  }
}

if (import.meta.main) {
  for await (const line of linesOf(Deno.stdin.readable)) {
    const result = run(JSON.parse(line));
    await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(result)}\n`));
  }
}
