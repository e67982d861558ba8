/** The plain server of the source document on Node's dgram; the argument is its port. */

import { createSocket } from "node:dgram";

const server = createSocket("udp4");
server.on("message", (message, from) => {
  const [, seq, time] = message.toString().split(/\s+/);
  const difference = (Date.now() / 1000 - Number(time)).toFixed(6);
  server.send(`Seq: ${seq}, Time Difference: ${difference} seconds`, from.port, from.address);
});
server.bind(Number(process.argv[2]), "127.0.0.1");
