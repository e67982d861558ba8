import { assert, assertEquals } from "@std/assert";
import type {
  Departure,
  Instant,
  Machine,
  Output,
  SendFailure,
  Transmit,
} from "../../lib/machine/machine.ts";
import { drive } from "../../lib/runtime/drive.ts";
import type { Socket } from "../../lib/runtime/socket.ts";
import type { Endpoint } from "../../lib/wire/endpoint.ts";
import { bytesOf, textOf } from "../../lib/wire/grammar.ts";

const PEER: Endpoint = { hostname: "192.0.2.1", port: 1 };

interface Said {
  readonly type: "said";
  readonly what: string;
}

/** Sends "ping" at once, reports its inputs, and has finished after a number of them. */
class Scripted implements Machine<Said> {
  wakeAtMs: number | undefined = undefined;
  #inputs: number;

  constructor(inputs: number) {
    this.#inputs = inputs;
  }

  get finished(): boolean {
    return this.#inputs <= 0;
  }

  advance(): Output<Said>[] {
    this.#inputs--;
    return [{ type: "transmit", to: PEER, bytes: bytesOf("ping"), seq: 1 }, said("advanced")];
  }

  receive(bytes: Uint8Array, _from?: Endpoint): Output<Said>[] {
    this.#inputs--;
    return [said(`received ${textOf(bytes)}`)];
  }

  sendFailed(_transmit: Transmit, { reason }: SendFailure): Output<Said>[] {
    return [said(`send failed: ${reason}`)];
  }

  receiveFailed(reason: string): Output<Said>[] {
    this.#inputs--;
    return [said(`receive failed: ${reason}`)];
  }

  stop(): Output<Said>[] {
    this.#inputs = 0;
    return [said("stopped")];
  }
}

const said = (what: string): Said => ({ type: "said", what });

/** A socket that receives what a test puts in, and rejects where that is an error. */
class FakeSocket implements Socket {
  readonly transport = "deno";
  readonly local = PEER;
  readonly sent: string[] = [];
  closed = false;
  sendError: Error | undefined;
  #incoming: (string | Error)[];
  #interrupt: ((error: Error) => void) | undefined;

  constructor(incoming: (string | Error)[] = []) {
    this.#incoming = incoming;
  }

  async receive(buffer: Uint8Array) {
    const next = this.#incoming.shift();
    if (next === undefined) {
      await new Promise((_, reject) => this.#interrupt = reject);
    }
    if (next instanceof Error) throw next;
    const { written } = new TextEncoder().encodeInto(next!, buffer);
    return [buffer.subarray(0, written), PEER] as const;
  }

  send(bytes: Uint8Array): Promise<void> {
    if (this.sendError) return Promise.reject(this.sendError);
    this.sent.push(textOf(bytes));
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
    this.#interrupt?.(new Error("interrupted"));
  }
}

async function driven(machine: Scripted, socket: FakeSocket, stop = new AbortController().signal) {
  const lines: string[] = [];
  const now: Instant = { monotonicMs: 0, wallMs: 0 };
  // A real socket keeps the program running.
  const running = setInterval(() => {}, 1000);
  try {
    await drive({
      machine,
      sockets: [socket],
      readClocks: () => now,
      report: ({ what }) => lines.push(what),
      stop,
    });
  } finally {
    clearInterval(running);
  }
  return lines;
}

Deno.test("the loop starts the machine, hands it datagrams, and closes its socket", async () => {
  const socket = new FakeSocket(["one", "two"]);
  assertEquals(await driven(new Scripted(3), socket), ["advanced", "received one", "received two"]);
  assertEquals([socket.sent, socket.closed], [["ping"], true]);
});

Deno.test("the loop survives a socket that fails to receive", async () => {
  const socket = new FakeSocket([new Error("reset (os error 104)"), "one"]);
  const lines = await driven(new Scripted(3), socket);
  assertEquals(lines, ["advanced", "receive failed: reset", "received one"]);
});

Deno.test("the loop survives a datagram that can't be sent", async () => {
  const socket = new FakeSocket(["one"]);
  socket.sendError = new Error("Network is unreachable (os error 101)");
  const lines = await driven(new Scripted(2), socket);
  assertEquals(lines.toSorted(), [
    "advanced",
    "received one",
    "send failed: Network is unreachable",
  ]);
});

Deno.test("the loop sets its timer for the machine's next wish", async () => {
  const machine = new Scripted(3);
  machine.wakeAtMs = 0;
  assertEquals(await driven(machine, new FakeSocket()), ["advanced", "advanced", "advanced"]);
});

/** Answers each datagram, from memory that it uses for all answers. */
class Answering extends Scripted {
  readonly #bytes = new Uint8Array(3);

  override advance(): Output<Said>[] {
    return [];
  }

  override receive(bytes: Uint8Array, from = PEER): Output<Said>[] {
    super.receive(bytes);
    this.#bytes.set(bytes);
    return [{ type: "transmit", to: from, bytes: this.#bytes, seq: 1 }];
  }
}

/** A socket of one family, whose datagrams leave in their own time. */
class FamilySocket extends FakeSocket {
  override readonly local: Endpoint;

  constructor(hostname: string, incoming: string[]) {
    super(incoming);
    this.local = { hostname, port: 1 };
  }

  override async receive(buffer: Uint8Array) {
    const [bytes] = await super.receive(buffer);
    return [bytes, this.local] as const;
  }

  override async send(bytes: Uint8Array): Promise<void> {
    await new Promise((resume) => setTimeout(resume, 5));
    this.sent.push(textOf(bytes));
  }
}

Deno.test("of two sockets, each answers what came by it, and both are closed", async () => {
  const [ipv6, ipv4] = [
    new FamilySocket("::1", ["six", "SIX"]),
    new FamilySocket("0.0.0.0", ["for"]),
  ];
  const running = setInterval(() => {}, 1000);
  await drive({
    machine: new Answering(3),
    sockets: [ipv6, ipv4],
    readClocks: () => ({ monotonicMs: 0, wallMs: 0 }),
    report: () => {},
    stop: new AbortController().signal,
  });
  clearInterval(running);
  assertEquals([ipv6.sent, ipv4.sent], [["six", "SIX"], ["for"]]);
  assertEquals([ipv6.closed, ipv4.closed], [true, true]);
});

/**
 * A socket whose datagrams take their time to leave, and that knows how many were under way at
 * once.
 */
class CountingSocket extends FakeSocket {
  most = 0;
  #underWay = 0;

  override send(bytes: Uint8Array): Promise<void> {
    this.most = Math.max(this.most, ++this.#underWay);
    const afterMs = textOf(bytes) === "copy" ? 20 : 5;
    return new Promise((resolve) =>
      setTimeout(() => {
        this.#underWay--;
        resolve();
      }, afterMs)
    );
  }
}

Deno.test("the loop sends no more before its last sends have left, even when late", async () => {
  const machine = new Scripted(6);
  machine.wakeAtMs = -1000;
  // Each datagram sets the alarm anew, while the first send is under way.
  const socket = new CountingSocket(["one", "two", "three"]);
  await driven(machine, socket);
  assertEquals(socket.most, 1);
});

Deno.test("the loop reads no more before an answer and its copy have left", async () => {
  const machine = new Scripted(6);
  machine.receive = () => {
    machine.advance();
    const transmit = { type: "transmit", to: PEER, seq: 1 } as const;
    return [{ ...transmit, bytes: bytesOf("answer") }, { ...transmit, bytes: bytesOf("copy") }];
  };
  const socket = new CountingSocket(["one", "two", "three", "four", "five"]);
  await driven(machine, socket);
  // The ping of the start may still be under way.
  assert(socket.most <= 3, `${socket.most}`);
});

Deno.test("the loop pauses where receives fail again and again, so a broken socket costs little", async () => {
  const failures = Array.from({ length: 10 }, () => new Error("reset"));
  const startMs = performance.now();
  await driven(new Scripted(11), new FakeSocket(failures));
  // 0, 1, 2, 4 and 8 ms, then 10 ms each.
  assert(performance.now() - startMs >= 60);
});

Deno.test("a failed receive between datagrams costs no time: anyone can cause it on Windows", async () => {
  const incoming = Array.from({ length: 2000 }, (_, i) => i % 2 === 0 ? new Error("reset") : "one");
  const startMs = performance.now();
  await driven(new Scripted(2001), new FakeSocket(incoming));
  // With 10 ms each it took 10 s.
  assert(performance.now() - startMs < 2000);
});

Deno.test("a datagram that the system reports as too long is told as that, without a pause", async () => {
  const told: [string, boolean][] = [];
  const machine = new Scripted(101);
  const failed = machine.receiveFailed.bind(machine);
  machine.receiveFailed = (reason, tooLong?: boolean) => {
    told.push([reason, tooLong!]);
    return failed(reason);
  };
  const errors = Array.from({ length: 100 }, () => new Error("Too long. (os error 10040)"));
  const startMs = performance.now();
  await driven(machine, new FakeSocket(errors));
  assert(performance.now() - startMs < 500);
  assertEquals(told[99], ["Too long.", true]);
});

Deno.test("the loop stops the machine on request, before or while it waits", async () => {
  const before = AbortSignal.abort();
  assertEquals(await driven(new Scripted(9), new FakeSocket(), before), ["stopped"]);
  const controller = new AbortController();
  const running = driven(new Scripted(9), new FakeSocket(), controller.signal);
  controller.abort();
  assertEquals((await running).at(-1), "stopped");
});

/**
 * Answers each datagram with itself, in one buffer that the next answer overwrites, and ends with
 * "last".
 */
class Echo implements Machine<Said> {
  finished = false;
  readonly wakeAtMs = undefined;
  readonly #buffer = new Uint8Array(100);

  advance(): Output<Said>[] {
    return [];
  }

  receive(bytes: Uint8Array, _from?: Endpoint): Output<Said>[] {
    if (textOf(bytes) === "last") {
      this.finished = true;
      return [];
    }
    this.#buffer.set(bytes);
    const echo = this.#buffer.subarray(0, bytes.length);
    return [{ type: "transmit", to: PEER, bytes: echo, seq: 1 }];
  }

  sendFailed(transmit: Transmit, { reason }: SendFailure): Output<Said>[] {
    return [said(`${textOf(transmit.bytes)} failed: ${reason}`)];
  }

  receiveFailed(): Output<Said>[] {
    return [];
  }

  stop(): Output<Said>[] {
    this.finished = true;
    return [];
  }
}

/** A socket whose datagrams leave some turns of the event loop after they were handed over. */
class SlowSocket extends FakeSocket {
  override async send(bytes: Uint8Array): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    await super.send(bytes);
  }
}

async function echoed(socket: FakeSocket): Promise<string[]> {
  const lines: string[] = [];
  await drive({
    machine: new Echo(),
    sockets: [socket],
    readClocks: () => ({ monotonicMs: 0, wallMs: 0 }),
    report: ({ what }) => lines.push(what),
    stop: new AbortController().signal,
  });
  return lines;
}

Deno.test("a reply has left before the next datagram may overwrite it", async () => {
  const socket = new SlowSocket(["one", "two", "three", "last"]);
  assertEquals([await echoed(socket), socket.sent], [[], ["one", "two", "three"]]);
});

Deno.test("every reply that can't be sent is reported", async () => {
  const socket = new SlowSocket(["one", "two", "last"]);
  socket.sendError = new Error("no route");
  assertEquals(await echoed(socket), ["one failed: no route", "two failed: no route"]);
});

Deno.test("the loop reports each event with the moment that it handed to the machine", async () => {
  const moments: [string, number][] = [];
  const handed: number[] = [];
  let atMs = 0;
  const machine = new Scripted(3);
  for (const name of ["advance", "receive"] as const) {
    const act = machine[name].bind(machine) as (...given: unknown[]) => Output<Said>[];
    machine[name] = (...given: unknown[]) => {
      handed.push((given.findLast((one) => typeof one === "object") as Instant).wallMs);
      return act(...given);
    };
  }
  const running = setInterval(() => {}, 1000);
  await drive({
    machine,
    sockets: [new FakeSocket(["one", "two"])],
    readClocks: () => ({ monotonicMs: 0, wallMs: ++atMs }),
    report: ({ what }, now) => moments.push([what, now.wallMs]),
    stop: new AbortController().signal,
  });
  clearInterval(running);
  assertEquals(moments.map(([what]) => what), ["advanced", "received one", "received two"]);
  assertEquals(moments.map(([, wallMs]) => wallMs), handed);
});

/**
 * Sends one datagram that the loop completes with the moment at which it leaves, and has then
 * finished.
 */
class Punctual implements Machine<Said> {
  finished = false;
  readonly wakeAtMs = undefined;
  readonly failed: (Transmit | Departure<Said>)[] = [];
  readonly departure: Departure<Said> = {
    type: "departure",
    to: PEER,
    seq: 7,
    leave: ({ wallMs }) => {
      this.steps.push("written");
      return { bytes: bytesOf(`left at ${wallMs}`), event: said(`left ${wallMs}`) };
    },
    left: (monotonicMs) => this.steps.push(`left at ${monotonicMs}`),
  };
  readonly steps: string[] = [];

  advance(now: Instant): Output<Said>[] {
    this.finished = true;
    return [said(`before ${now.wallMs}`), this.departure, said(`after ${now.wallMs}`)];
  }

  receive(): Output<Said>[] {
    return [];
  }

  sendFailed(sent: Transmit | Departure<Said>, { reason }: SendFailure): Output<Said>[] {
    this.failed.push(sent);
    return [said(`failed: ${reason}`)];
  }

  receiveFailed(): Output<Said>[] {
    return [];
  }

  stop(): Output<Said>[] {
    return [];
  }
}

async function departed(machine: Punctual, socket: FakeSocket): Promise<string[]> {
  const lines: string[] = [];
  let atMs = 0;
  await drive({
    machine,
    sockets: [socket],
    readClocks: () => ({ monotonicMs: 0, wallMs: ++atMs }),
    report: ({ what }, { wallMs }) => lines.push(`${wallMs}: ${what}`),
    stop: new AbortController().signal,
  });
  return lines;
}

Deno.test("a departure has the moment at which it leaves, and so has its event", async () => {
  const socket = new FakeSocket();
  // The clock stands at 1 when the machine advances, and at 2 when the datagram leaves.
  assertEquals(await departed(new Punctual(), socket), ["1: before 1", "2: left 2", "1: after 1"]);
  assertEquals(socket.sent, ["left at 2"]);
});

Deno.test("a round trip begins right before the send: to write the datagram is no part of it", async () => {
  const machine = new Punctual();
  const socket = new FakeSocket();
  const send = socket.send.bind(socket);
  socket.send = (bytes) => {
    machine.steps.push("sent");
    return send(bytes);
  };
  let atMs = 0;
  await drive({
    machine,
    sockets: [socket],
    readClocks: () => ({ monotonicMs: ++atMs, wallMs: 0 }),
    report: () => {},
    stop: new AbortController().signal,
  });
  // The clock stands at 1 when the machine advances, and at 2 when the datagram is written.
  assertEquals(machine.steps, ["written", "left at 3", "sent"]);
});

Deno.test("a departure is on its way before its event is reported", async () => {
  const order: string[] = [];
  const socket = new FakeSocket();
  const send = socket.send.bind(socket);
  socket.send = (bytes) => {
    order.push("sent");
    return send(bytes);
  };
  await drive({
    machine: new Punctual(),
    sockets: [socket],
    readClocks: () => ({ monotonicMs: 0, wallMs: 5 }),
    report: ({ what }) => order.push(what),
    stop: new AbortController().signal,
  });
  assertEquals(order, ["before 5", "sent", "left 5", "after 5"]);
});

Deno.test("the machine learns of a departure that could not be sent, after its event", async () => {
  const machine = new Punctual();
  const socket = new FakeSocket();
  socket.sendError = new Error("no route");
  const lines = await departed(machine, socket);
  assertEquals(lines, ["1: before 1", "2: left 2", "1: after 1", "4: failed: no route"]);
  assertEquals(machine.failed, [machine.departure]);
});
