import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { type HttpOptions, type HttpServer, serveHttp } from "../../lib/runtime/http_server.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { overlappingTest } from "../support/overlapping.ts";
import { mayRun } from "../support/permissions.ts";

const LOOPBACK = { hostname: "127.0.0.1", port: 0 };

/** Serves one page at `/page`, does something with it, and stops serving. */
async function withServer(
  text: Iterable<string>,
  use: (server: HttpServer, complaints: readonly string[]) => Promise<void>,
  options: Partial<HttpOptions> = {},
): Promise<void> {
  const complaints: string[] = [];
  const server = await serveHttp({
    listen: LOOPBACK,
    names: [],
    pageOf: ({ path }) =>
      path === "/page"
        ? { type: "text/plain", text: () => text }
        : path === "/short"
        ? { type: "text/plain", text: "short" }
        : undefined,
    complain: (complaint) => complaints.push(complaint),
    ...options,
  });
  try {
    await use(server, complaints);
  } finally {
    server.close();
    // Its connections, and the timer that looks after them, are gone a turn later.
    await new Promise((resume) => setTimeout(resume, 0));
  }
}

/** Sends bytes to it, and returns all that comes until it closes the connection. */
async function exchange({ local: { port } }: HttpServer, request: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(request));
  let answer = "";
  for await (const bytes of connection.readable) answer += new TextDecoder().decode(bytes);
  return answer;
}

/** The chunks of an answer's body. */
function chunksOf(answer: string): string[] {
  let rest = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  const chunks: string[] = [];
  for (;;) {
    const length = Number.parseInt(rest, 16);
    const from = rest.indexOf("\r\n") + 2;
    if (!(length > 0)) return chunks;
    chunks.push(rest.slice(from, from + length));
    rest = rest.slice(from + length + 2);
  }
}

const ask = (method: string, path: string, host = "127.0.0.1", more = "") =>
  `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`;

const test = (name: string, fn: () => Promise<void>) =>
  overlappingTest({ name, ignore: !mayRun, fn });

test("a page is sent in pieces, and says that it holds no code", async () => {
  const text = {
    *[Symbol.iterator]() {
      yield* ["a", "", "b".repeat(100_000)];
      for (const untilMs = performance.now() + 3; performance.now() < untilMs;) yield "";
      yield "c";
    },
  };
  await withServer(text, async (server) => {
    const answer = await exchange(server, ask("GET", "/page"));
    assertMatch(answer, /^HTTP\/1\.1 200 OK\r\n/);
    assertMatch(answer, /\r\nContent-Security-Policy: default-src 'none';/i);
    assertMatch(answer, /\r\nX-Content-Type-Options: nosniff\r\n/i);
    assertMatch(answer, /\r\nCache-Control: no-store\r\n/i);
    const chunks = chunksOf(answer);
    assert(chunks.length >= 2, "all was sent at once");
    assertEquals(chunks.join(""), `a${"b".repeat(100_000)}c`);
  });
});

test("HEAD has the same header, and no page is made for it", async () => {
  let made = false;
  const text = {
    *[Symbol.iterator]() {
      made = true;
      yield "text";
    },
  };
  await withServer(text, async (server) => {
    const answer = await exchange(server, ask("HEAD", "/page"));
    assertMatch(answer, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
    assertEquals(made, false);
  });
});

test("what can't be answered gets its status, and the reason in a line", async () => {
  await withServer(["x"], async (server) => {
    const cases: readonly (readonly [request: string, answer: RegExp])[] = [
      [ask("GET", "/none"), /^HTTP\/1\.1 404 [\s\S]*there is no such page\n/],
      [ask("POST", "/page", "127.0.0.1", "Content-Length: 1\r\n") + "x", /^HTTP\/1\.1 405 /],
      [ask("GET", "/page", "evil.example"), /^HTTP\/1\.1 421 [\s\S]*--listen-name NAME\n/],
      [ask("GET", "/page", "127.0.0.1", `X: ${"a".repeat(10_000)}\r\n`), /^HTTP\/1\.1 431 /],
      ["\0\xff\r\n\r\n", /^HTTP\/1\.1 400 /],
      ["GET /page HTTP/1.1\r\n\r\n", /^HTTP\/1\.1 400 /],
    ];
    for (const [request, answer] of cases) {
      assertMatch(await exchange(server, request), answer, request.slice(0, 40));
    }
  });
});

test("a name that was given may be asked for", async () => {
  await withServer(["x"], async (server) => {
    assertMatch(await exchange(server, ask("GET", "/page", "Here.example")), /^HTTP\/1\.1 200 /);
  }, { names: ["here.example"] });
});

test("the 33rd connection is closed, and there is room again when one of them goes", async () => {
  await withServer(["x"], async (server) => {
    const { port } = server.local;
    const open = await Promise.all(
      Array.from({ length: 32 }, () => Deno.connect({ hostname: "127.0.0.1", port })),
    );
    // The last of them has been taken when it is answered.
    await open[31]!.write(
      new TextEncoder().encode(ask("GET", "/page").replace("close", "keep-alive")),
    );
    await open[31]!.read(new Uint8Array(1000));
    assertEquals(await exchange(server, ask("GET", "/page")).catch(() => ""), "");
    open[0]!.close();
    for (let i = 0;; i++) {
      const answer = await exchange(server, ask("GET", "/page")).catch(() => "");
      if (/^HTTP\/1\.1 200 /.test(answer)) break;
      assert(i < 100, "there is no room again");
    }
    for (const connection of open.slice(1)) connection.close();
  });
});

test("four long pages are made at once, the fifth when one of them is done", async () => {
  let atWork = 0;
  let most = 0;
  const text = {
    *[Symbol.iterator]() {
      most = Math.max(most, ++atWork);
      const untilMs = performance.now() + 5;
      while (performance.now() < untilMs) yield "x";
      atWork--;
    },
  };
  await withServer(text, async (server) => {
    const answers = await Promise.all(
      Array.from({ length: 9 }, () => exchange(server, ask("GET", "/page"))),
    );
    for (const answer of answers) assertMatch(answer, /^HTTP\/1\.1 200 /);
    assertEquals([most, atWork], [4, 0]);
  });
});

test("a connection with more than one request that waits is closed", async () => {
  let made = 0;
  const text = {
    *[Symbol.iterator]() {
      made++;
      for (const untilMs = performance.now() + 5; performance.now() < untilMs;) yield "x";
    },
  };
  await withServer(text, async (server) => {
    const { port } = server.local;
    for (const path of ["/page", "/short", "/none"]) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      const request = ask("GET", path).replace("close", "keep-alive");
      await connection.write(new TextEncoder().encode(request.repeat(100)));
      // It closes the connection, after one answer at most.
      const answer = await new Response(connection.readable).text().catch(() => "");
      assert((answer.match(/^HTTP/gm) ?? []).length <= 2, answer);
    }
    assert(made <= 2, `${made} pages were made`);
    assertMatch(await exchange(server, ask("GET", "/page")), /^HTTP\/1\.1 200 /);
  });
});

test("connections that ask again after the answer are answered again", async () => {
  await withServer(["x"], async (server) => {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.local.port });
    const request = new TextEncoder().encode(ask("GET", "/short").replace("close", "keep-alive"));
    const buffer = new Uint8Array(4096);
    for (let i = 0; i < 3000; i++) {
      await connection.write(request);
      let answer = "";
      while (!answer.endsWith("short")) {
        const count = await connection.read(buffer);
        assert(count !== null, `the connection was closed after ${i} answers`);
        answer += new TextDecoder().decode(buffer.subarray(0, count));
      }
    }
  });
});

test("readers that take nothing hold up nobody, and are given up", async () => {
  const endless = {
    *[Symbol.iterator]() {
      for (;;) yield "x".repeat(100_000);
    },
  };
  await withServer(endless, async (server) => {
    const { port } = server.local;
    const slow = await Promise.all(Array.from({ length: 4 }, async () => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      await connection.write(new TextEncoder().encode(ask("GET", "/page")));
      return connection;
    }));
    const askedAtMs = performance.now();
    assertMatch(await exchange(server, ask("GET", "/short")), /short$/);
    assertMatch(await exchange(server, ask("HEAD", "/page")), /^HTTP\/1\.1 200 /);
    assert(performance.now() - askedAtMs < 1000, "short answers waited for long ones");
    // A fifth long page begins when the first four are given up.
    using fifth = await Deno.connect({ hostname: "127.0.0.1", port });
    await fifth.write(new TextEncoder().encode(ask("GET", "/page")));
    const answer = new Uint8Array(100);
    assertEquals(await fifth.read(answer), 100);
    assertMatch(new TextDecoder().decode(answer), /^HTTP\/1\.1 200 /);
    assert(performance.now() - askedAtMs < 8000, "they were not given up");
    for (const connection of slow) connection.close();
  });
});

test("a reader that stops before the end of a page is given up, too", async () => {
  // More than the buffers of the system take, and less than two of what is written at once.
  const text = ["x".repeat(6_000_000)];
  await withServer(text, async (server) => {
    const { port } = server.local;
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(new TextEncoder().encode(ask("GET", "/page")));
    const openedAtMs = performance.now();
    while (server.connections() > 0) {
      assert(performance.now() - openedAtMs < 8000, "it was not given up");
      await new Promise((resume) => setTimeout(resume, 50));
    }
  });
});

test("readers that went away while they waited cost nothing", async () => {
  let made = 0;
  const text = {
    *[Symbol.iterator]() {
      made++;
      for (;;) yield "x".repeat(100_000);
    },
  };
  await withServer(text, async (server) => {
    const { port } = server.local;
    const connect = async () => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      await connection.write(new TextEncoder().encode(ask("GET", "/page")));
      return connection;
    };
    const slow = await Promise.all(Array.from({ length: 4 }, connect));
    for (let i = 0; i < 100; i++) (await connect()).close();
    for (const connection of slow) connection.close();
    using last = await connect();
    assertEquals(await last.read(new Uint8Array(50)), 50);
    assertEquals(made, 5);
  });
});

test("the body of a refused request is not read", async () => {
  await withServer(["x"], async (server) => {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.local.port });
    const head = ask("POST", "/page", "127.0.0.1", "Content-Length: 1000000000\r\n");
    await connection.write(new TextEncoder().encode(head));
    const block = new Uint8Array(1 << 20);
    let sent = 0;
    // It takes what fits into buffers, and then the connection is closed.
    for (; sent < 200; sent++) {
      try {
        await connection.write(block);
      } catch {
        break;
      }
    }
    assert(sent < 200, `it took ${sent} MB`);
  });
});

test("a reader that goes away ends its page, and the next is answered", async () => {
  let ended = false;
  const text = {
    *[Symbol.iterator]() {
      try {
        for (;;) yield "x".repeat(100_000);
      } finally {
        ended = true;
      }
    },
  };
  await withServer(text, async (server) => {
    const { port } = server.local;
    for (let i = 0; i < 3; i++) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      await connection.write(new TextEncoder().encode(ask("GET", "/page")));
      await connection.read(new Uint8Array(100));
      connection.close();
    }
    assertMatch(await exchange(server, ask("GET", "/none")), /^HTTP\/1\.1 404 /);
    assert(ended, "its page is still made");
  });
});

test("a page that fails is a complaint, and no end of the program", async () => {
  const text = {
    *[Symbol.iterator](): Generator<string> {
      yield "half";
      throw new Error("broken");
    },
  };
  await withServer(text, async (server, complaints) => {
    await exchange(server, ask("GET", "/page")).catch(() => "");
    assertEquals(complaints, ["a page could not be made: Error: broken"]);
    assertMatch(await exchange(server, ask("GET", "/none")), /^HTTP\/1\.1 404 /);
  });
});

test("where it can't listen, one line says why", async () => {
  await withServer([], async ({ local }) => {
    const options = { names: [], pageOf: () => undefined, complain: () => {} };
    for (
      const [listen, why] of [
        [local, /can't serve pages on 127\.0\.0\.1:\d+: the port is taken; choose another/],
        [{ hostname: "192.0.2.1", port: 0 }, /192\.0\.2\.1:0(;|: that is no address of)/],
        [{ hostname: "127.0.0.1", port: 0 }, undefined],
      ] as const
    ) {
      if (why === undefined) {
        (await serveHttp({ listen, ...options })).close();
        continue;
      }
      const error = await assertRejects(() => serveHttp({ listen, ...options }), OperatorError);
      assertMatch(error.message, why);
    }
  });
});
