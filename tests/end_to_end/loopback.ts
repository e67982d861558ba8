/** A plain UDP peer inside the test. */

const DEADLINE_MS = 60_000;

/** A socket on a free loopback port; closes itself at the end of its scope. */
export class Loopback {
  readonly #socket: Deno.DatagramConn;
  // A datagram that never comes must fail the test, not hang it.
  readonly #deadline = setTimeout(() => this.#socket.close(), DEADLINE_MS);

  /** Binds to a free port of an address of this machine. */
  constructor(hostname = "127.0.0.1") {
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
  }

  /** The port that it is bound to. */
  get port(): number {
    return (this.#socket.addr as Deno.NetAddr).port;
  }

  /** Sends text or bytes to a port of this machine. */
  async send(data: string | Uint8Array, port: number): Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    await this.#socket.send(bytes, { transport: "udp", hostname: "127.0.0.1", port });
  }

  /** Waits for a datagram. */
  async receive(): Promise<{ text: string; bytes: Uint8Array; port: number }> {
    const [bytes, from] = await this.#socket.receive();
    return { text: new TextDecoder().decode(bytes), bytes, port: (from as Deno.NetAddr).port };
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#deadline);
    this.#socket.close();
  }
}
