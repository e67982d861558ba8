/**
 * The least that a program can do that sends one datagram and receives it: what `client.ts --count
 * 1` is held against.
 */

const address = { transport: "udp", hostname: "127.0.0.1", port: 0 } as const;
const here = Deno.listenDatagram(address);
const there = Deno.listenDatagram(address);
await here.send(new Uint8Array(30), there.addr);
await there.receive();
here.close();
there.close();
