/**
 * The datagrams of other tools' clients: each server answers only what its own client sends.
 *
 * @module
 */

import { freePort, Program } from "../support/process.ts";

const DEADLINE_MS = 10_000;

/**
 * Runs a client against a relay to its server, and returns the first datagrams that it sends.
 *
 * @param command the client and its arguments, for the relay's port
 * @param serverPort the server's, on 127.0.0.1
 * @throws {Error} when it sends too few
 */
export async function firstDatagrams(
  command: (port: number) => readonly string[],
  serverPort: number,
  count: number,
): Promise<Uint8Array[]> {
  const port = freePort();
  const relay = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port });
  const [file, ...args] = command(port);
  const client = new Program(file!, args, { mute: true, deadlineMs: DEADLINE_MS });
  const closing = client.ended.then(() => relay.close());
  const sent: Uint8Array[] = [];
  let home: Deno.Addr | undefined;
  for await (const [bytes, from] of relay) {
    if ((from as Deno.NetAddr).port === serverPort) {
      if (home !== undefined) await relay.send(bytes, home);
      continue;
    }
    home = from;
    sent.push(bytes);
    if (sent.length === count) break;
    await relay.send(bytes, { transport: "udp", hostname: "127.0.0.1", port: serverPort });
  }
  await client.stop("SIGKILL");
  await closing;
  if (sent.length < count) throw new Error(`${file} sent ${sent.length} datagrams, not ${count}`);
  return sent;
}
