/** Peers that are written after the source document work with both scripts, both ways. */

import { assertEquals, assertMatch } from "@std/assert";
import { hasIpv6, hasPython, mayRun } from "../support/permissions.ts";
import { Program } from "../support/process.ts";
import { Loopback } from "./loopback.ts";
import { objects, runClient, startScript, startServer, stopServer } from "./script.ts";

const PYTHON_SERVER = `
import random, sys, time
from socket import *
serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind(('127.0.0.1', 0))
print(serverSocket.getsockname()[1], flush=True)
while True:
    message, address = serverSocket.recvfrom(1024)
    receive_time = time.time()
    message_parts = message.decode().split()
    sequence_number = message_parts[1]
    sent_time = float(message_parts[2])
    time_difference = receive_time - sent_time
    response_message = f"Seq: {sequence_number}, Time Difference: {time_difference:.6f} seconds"
    serverSocket.sendto(response_message.encode(), address)
`;

const PYTHON_CLIENT = `
import socket, sys, time
clientSocket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
clientSocket.settimeout(1)
serverAddress = ('127.0.0.1', int(sys.argv[1]))
for sequence_number in range(1, 6):
    message = f"Heartbeat {sequence_number} {time.time()}"
    clientSocket.sendto(message.encode(), serverAddress)
    response, server = clientSocket.recvfrom(1024)
    print(response.decode())
clientSocket.close()
`;

Deno.test({
  name: "a plain client gets the plain reply from server.ts, byte for byte",
  ignore: !mayRun,
  async fn() {
    using peer = new Loopback();
    const server = await startServer("--loss", "0");
    for (const time of ["1795362468.9426086", "1795362468.9", "1795362468"]) {
      await peer.send(`Heartbeat 7 ${time}`, server.port);
      const { text, port } = await peer.receive();
      assertEquals(port, server.port);
      assertMatch(text, /^Seq: 7, Time Difference: -?\d+\.\d{6} seconds$/);
    }
    assertEquals((await stopServer(server)).code, 0);
  },
});

Deno.test({
  name: "client.ts works with a plain server",
  ignore: !mayRun,
  async fn() {
    using peer = new Loopback();
    const client = startScript("client.ts", `127.0.0.1:${peer.port}`, "-c", "3");
    for (let i = 1; i <= 3; i++) {
      const { text, port } = await peer.receive();
      const [word, seq, time] = text.split(/\s+/);
      assertEquals([word, seq], ["Heartbeat", `${i}`]);
      assertMatch(time!, /^\d{10}\.\d{9}$/);
      assertEquals(text.split(" ").length, 3);
      await peer.send(`Seq: ${seq}, Time Difference: 0.000123 seconds`, port);
    }
    const { code, lines } = await client.end();
    assertEquals(code, 0);
    const replies = lines.filter((line) => line.startsWith("Reply from "));
    assertEquals(replies.length, 3);
    assertMatch(
      replies[0]!,
      /^Reply from 127\.0\.0\.1:\d+: Seq: 1, Time Difference: 0\.000123 seconds \(rtt \d+\.\d{3} ms\)$/,
    );
  },
});

Deno.test({
  name: "a Python client works with server.ts",
  ignore: !hasPython,
  async fn() {
    const server = await startServer("--loss", "0", "-q");
    const { code, lines, stderr } = await new Program("python3", [
      "-c",
      PYTHON_CLIENT,
      `${server.port}`,
    ])
      .end();
    assertEquals([code, stderr], [0, ""]);
    assertEquals(
      lines.map((line) => /^Seq: (\d), Time Difference: 0\.\d{6} seconds$/.exec(line)?.[1]),
      [
        "1",
        "2",
        "3",
        "4",
        "5",
      ],
    );
    await stopServer(server);
  },
});

Deno.test({
  name: "client.ts works with a Python server",
  ignore: !hasPython,
  async fn() {
    const python = new Program("python3", ["-c", PYTHON_SERVER]);
    const port = await python.nextLine();
    const { code, lines } = await runClient(`127.0.0.1:${port}`, "-c", "20", "--json");
    assertEquals(code, 0);
    assertEquals(objects(lines, "summary")[0].received, 20);
    python.signal("SIGTERM");
    await python.end();
  },
});

Deno.test({
  name: "both scripts work over IPv6",
  ignore: !hasIpv6,
  async fn() {
    const program = startScript("server.ts", "-p", "0", "-H", "::1", "-l", "0", "--json");
    const { address, port } = JSON.parse((await program.nextLine())!);
    assertEquals(address, "::1");
    const { code, lines } = await runClient(`[::1]:${port}`, "-c", "3", "--json");
    assertEquals([code, objects(lines, "summary")[0].target], [0, `[::1]:${port}`]);
    await stopServer({ program, port });
  },
});
