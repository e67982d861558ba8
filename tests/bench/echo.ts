/**
 * The least that a UDP server on Deno can do: sends back what it received. The platform's limit.
 */

const socket = Deno.listenDatagram({
  transport: "udp",
  hostname: "127.0.0.1",
  port: Number(Deno.args[0]),
});
const buffer = new Uint8Array(1025);
for (;;) {
  const [bytes, from] = await socket.receive(buffer);
  await socket.send(bytes, from);
}
