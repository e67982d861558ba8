/** Peers that are written after the source document work with both scripts, both ways. */

import { assertEquals, assertMatch } from "@std/assert";
import { Cable, hasNamespaces } from "../support/namespace.ts";
import { overlappingTest } from "../support/overlapping.ts";
import { canStart, hasIpv6, hasPython, mayRun } from "../support/permissions.ts";
import { freePort, Program } from "../support/process.ts";
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

/** Servers that plain programs are: what each does with a message, and whether it echoes. */
const PLAIN_SERVERS: readonly { name: string; answer: string; echoes?: boolean }[] = [
  {
    name: "unpacks exactly three fields, and dies of a fourth",
    answer: `
    word, seq, sent = message.decode().split()
    serverSocket.sendto(f"Seq: {seq}, Time Difference: {time.time() - float(sent):.6f} seconds".encode(), address)`,
  },
  {
    name: "writes all the digits that it has, or an exponent",
    answer: `
    seq = message.decode().split()[1]
    serverSocket.sendto(f"Seq: {seq}, Time Difference: {9.5e-07} seconds".encode(), address)`,
  },
  {
    name: "writes NULs behind its reply, as a buffer of C",
    answer: `
    seq = message.decode().split()[1]
    serverSocket.sendto(f"Seq: {seq}, Time Difference: 0.000123 seconds".encode().ljust(100, b"\\0"), address)`,
  },
  {
    name: "is the textbook's UDPPingerServer, which answers in capitals",
    answer: `
    serverSocket.sendto(message.decode().upper().encode(), address)`,
    echoes: true,
  },
  {
    name: "echoes what it gets",
    answer: `
    serverSocket.sendto(message, address)`,
    echoes: true,
  },
];

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

overlappingTest({
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

overlappingTest({
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

overlappingTest({
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

overlappingTest({
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

for (const { name, answer, echoes = false } of PLAIN_SERVERS) {
  overlappingTest({
    name: `client.ts works with a server that ${name}`,
    ignore: !hasPython,
    async fn() {
      const code = PYTHON_SERVER.slice(0, PYTHON_SERVER.indexOf("    receive_time")) +
        answer.trimStart().replace(/^/, "    ");
      const python = new Program("python3", ["-c", code]);
      const target = `127.0.0.1:${await python.nextLine()}`;
      const json = await runClient(target, "-c", "5", "--json");
      const [summary] = objects(json.lines, "summary");
      assertEquals([json.code, summary.received, summary.verdict], [0, 5, "alive"]);
      const replies = objects(json.lines, "reply");
      assertEquals(replies.map((reply) => reply.time_difference_s === null), Array(5).fill(echoes));
      // Without a time difference, all figures stand that need none.
      assertEquals(
        [summary.clock, summary.forward_jitter_ms, summary.forward_ipdv_ms.max].map((figure) =>
          figure === null
        ),
        Array(3).fill(echoes),
      );
      assertEquals([typeof summary.rtt_ms.max, typeof summary.ipdv_ms.max], ["number", "number"]);
      const { lines } = await runClient(target, "-c", "2");
      const first = lines.find((line) => line.startsWith("Reply from "))!;
      assertEquals(/: echo of Heartbeat 1 \(rtt/.test(first), echoes, first);
      python.signal("SIGTERM");
      assertEquals((await python.end()).stderr, "");
    },
  });
}

overlappingTest({
  name: "client.ts works with socat as an echo service",
  ignore: !mayRun || !canStart("socat", "-V"),
  async fn() {
    const port = freePort();
    const from = `UDP4-RECVFROM:${port},bind=127.0.0.1,fork`;
    const echo = new Program("socat", [from, "EXEC:cat"], { mute: true });
    // It may take a moment until it listens.
    const client = startScript("client.ts", `127.0.0.1:${port}`, "-w", "-i", "100ms", "--json");
    for (let i = 0; i < 3; i++) await client.lineWith('"reply"');
    const { code } = await client.stop("SIGTERM");
    assertEquals(code, 0);
    echo.signal("SIGTERM");
    await echo.ended;
  },
});

overlappingTest({
  name: "a client never takes its own heartbeats for an echo, however few ports there are",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    // Each network namespace has its own range.
    const setPorts = (range: string) =>
      cable.near.run("sh", "-c", `echo ${range} > /proc/sys/net/ipv4/ip_local_port_range`);
    await setPorts("40000 40001");
    for (const port of [40_000, 40_001, 40_000, 40_001]) {
      const args = [`127.0.0.1:${port}`, "-c", "2", "-t", "50ms", "-i", "50ms", "--json"];
      const { code, lines } = await cable.near.deno(["--allow-net"], "client.ts", args).end();
      const [{ received, unexpected }] = objects(lines, "summary");
      assertEquals([code, received, unexpected], [1, 0, 0]);
    }
    await setPorts("40000 40000");
    const args = ["127.0.0.1:40000", "-c", "1"];
    const { code, stderr } = await cable.near.deno(["--allow-net"], "client.ts", args).end();
    assertEquals(code, 2);
    assertMatch(stderr, /^client: [^\n]+\n$/);
  },
});

overlappingTest({
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
