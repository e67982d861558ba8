/**
 * The client's socket: to the first address of a name that this machine can send to.
 *
 * @module
 */

import type { NativeSocket } from "../native/native_socket.ts";
import type { Transport } from "../report/transport.ts";
import { OperatorError } from "../text/operator_error.ts";
import { addressFamily } from "../wire/address.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { reasonOf } from "./reason.ts";
import { maySend, requireSend } from "./send_permission.ts";
import { openOnOtherPort, type Socket } from "./socket.ts";
import { type NativeOf, openTransport } from "./transport.ts";

/** The addresses that a client may send to, and how. */
export interface TargetOptions {
  /** The addresses of the server's name, the best first; at least one. */
  readonly addresses: readonly string[];
  /** Its UDP port. */
  readonly port: number;
  /** The local address to send from; left out: any of the target's family. */
  readonly source?: string | undefined;
  /** Called where libc may be used, and can't. */
  readonly complain?: ((text: string) => void) | undefined;
  /** Called when a datagram left for another address, as none could be sent to the first. */
  readonly onMoved?: (from: Endpoint, to: Endpoint, reason: string) => void;
}

/** A socket whose datagrams all go to one endpoint. */
export interface TargetSocket extends Socket {
  /** The endpoint in use: its address may still change before the first datagram has left. */
  readonly target: Endpoint;
  /** The addresses that it doesn't use, in their order. */
  readonly others: readonly string[];
}

/**
 * Opens a socket to a server, from any port but the server's: otherwise, on this machine, it might
 * send to itself, and take its own heartbeats for the server's echo.
 *
 * Where the first datagram can't be sent, it goes to the next address at once (RFC 6724 section 2
 * asks programs to go through the list); after one has left, the address stays.
 *
 * @throws {OperatorError} when a socket can't be opened, the source is of the other family, or the
 * permission to send is missing, so that nobody takes that for a silent server
 */
export async function openSocketTo(options: TargetOptions): Promise<TargetSocket> {
  const { source, port } = options;
  const family = source === undefined ? undefined : addressFamily(source);
  const [first = "", ...more] = options.addresses;
  const usable = [first, ...more].filter((address) =>
    family === undefined || addressFamily(address) === family
  );
  if (usable.length === 0) {
    throw new OperatorError(
      `--source ${source} can't send to ${first}: expected an IPv${addressFamily(first)} address`,
    );
  }
  let permitted = usable.filter((hostname) => maySend({ hostname, port }));
  if (permitted.length === 0) {
    await requireSend({ hostname: usable[0]!, port });
    permitted = usable.slice(0, 1);
  }
  return new Sender(permitted, options, await openTransport(options.complain ?? (() => {})));
}

class Sender implements TargetSocket {
  readonly #addresses: readonly string[];
  readonly #options: TargetOptions;
  readonly #nativeOf: NativeOf;
  /** One object for the whole run: its hostname changes when the address does. */
  readonly #target: { hostname: string; readonly port: number };
  #socket: Socket;
  /** Whether the address stays. */
  #settled: boolean;
  #trying: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(addresses: readonly string[], options: TargetOptions, nativeOf: NativeOf) {
    this.#nativeOf = nativeOf;
    this.#addresses = addresses;
    this.#options = options;
    this.#target = { hostname: addresses[0]!, port: options.port };
    this.#settled = addresses.length === 1;
    this.#socket = this.#open(this.#target.hostname);
  }

  get target(): Endpoint {
    return this.#target;
  }

  get others(): readonly string[] {
    return this.#options.addresses.filter((address) => address !== this.#target.hostname);
  }

  get transport(): Transport {
    return this.#socket.transport;
  }

  /** Only once the address stays: what Deno's calls can't send goes to the next one. */
  get native(): NativeSocket | undefined {
    return this.#settled ? this.#socket.native : undefined;
  }

  get local(): Endpoint {
    return this.#socket.local;
  }

  async receive(buffer: Uint8Array): Promise<readonly [bytes: Uint8Array, from: Endpoint]> {
    for (;;) {
      const socket = this.#socket;
      try {
        return await socket.receive(buffer);
      } catch (error) {
        // It may have been closed because the next address needs another one.
        if (socket === this.#socket || this.#closed) throw error;
      }
    }
  }

  send(bytes: Uint8Array): Promise<unknown> {
    if (this.#settled) return this.#socket.send(bytes, this.#target);
    // One after the other, so that all go to the address that the first finds.
    const attempt = () => this.#try(bytes);
    return this.#trying = this.#trying.then(attempt, attempt);
  }

  close(): void {
    this.#closed = true;
    this.#socket.close();
  }

  /** Sends to the address in use, or else to the first of the others that can be sent to. */
  async #try(bytes: Uint8Array): Promise<void> {
    // While this datagram waited, another one may have left, or the run may have ended.
    if (this.#settled || this.#closed) return void await this.#socket.send(bytes, this.#target);
    const from = { ...this.#target };
    let failure: unknown;
    const rest = this.#addresses.filter((address) => address !== from.hostname);
    for (const address of [from.hostname, ...rest]) {
      try {
        this.#turnTo(address);
        await this.#socket.send(bytes, this.#target);
        this.#settled = true;
        if (failure !== undefined) {
          this.#options.onMoved?.(from, { ...this.#target }, reasonOf(failure));
        }
        return;
      } catch (error) {
        failure ??= error;
        if (this.#closed) break;
      }
    }
    if (!this.#closed) this.#turnTo(from.hostname);
    throw failure;
  }

  /** @throws {OperatorError} where its family can't be used; then nothing has changed */
  #turnTo(address: string): void {
    if (addressFamily(address) !== addressFamily(this.#target.hostname)) {
      const before = this.#socket;
      this.#socket = this.#open(address);
      before.close();
    }
    this.#target.hostname = address;
  }

  #open(address: string): Socket {
    const { source, port } = this.#options;
    const hostname = source ?? (addressFamily(address) === 6 ? "::" : "0.0.0.0");
    return openOnOtherPort(hostname, (own) => own === port, this.#nativeOf);
  }
}
