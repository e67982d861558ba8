import { assert, assertEquals } from "@std/assert";
import { readHttpRequest } from "../../lib/views/http_request.ts";

const NAMES = ["monitor.example"];

interface Parts {
  readonly method?: string;
  readonly url?: string;
  readonly host?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

function statusOf({ method = "GET", url = "/metrics", headers = {}, ...named }: Parts): number {
  const { host } = { host: "127.0.0.1:9876", ...named };
  const asked = readHttpRequest({ method, url, headers: { host, ...headers } }, NAMES);
  return "status" in asked ? asked.status : 200;
}

Deno.test("addresses, localhost and names that were given may be asked for", () => {
  const hosts = [
    ...["127.0.0.1", "127.0.0.1:9876", "192.0.2.7:80", "[::1]:9876", "[2001:db8::1]"],
    ...["localhost", "LOCALHOST:9876", "monitor.example", "Monitor.Example.:9876"],
  ];
  for (const host of hosts) assertEquals(statusOf({ host }), 200, host);
});

Deno.test("another name may not: a page of somebody else's may lead it here", () => {
  const hosts = [
    ...["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:9876"],
    ...["", "[evil.example]", "127.0.0.1:9876:1", "monitor.example.evil", "999.0.0.1", "a b"],
  ];
  for (const host of hosts) assertEquals(statusOf({ host }), 421, host);
});

Deno.test("a request without a host, or without a path, is none", () => {
  assertEquals(statusOf({ host: undefined }), 400);
  assertEquals(statusOf({ url: "http://127.0.0.1/metrics" }), 400);
  assertEquals(statusOf({ url: "*" }), 400);
  assertEquals(statusOf({ url: `/${"a".repeat(2000)}` }), 400);
});

Deno.test("only GET and HEAD are answered", () => {
  assertEquals(statusOf({ method: "HEAD" }), 200);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "get", ""]) {
    assertEquals(statusOf({ method }), 405, method);
  }
});

Deno.test("what follows a question mark is read apart from the path", () => {
  const asked = readHttpRequest({
    ...{ method: "GET", url: "/?a=1&b=%3C?" },
    headers: { host: "localhost" },
  }, []);
  assert(!("status" in asked));
  assertEquals(asked.path, "/");
  assertEquals([...asked.query], [["a", "1"], ["b", "<?"]]);
});

Deno.test("a request with a body is refused, so that nobody reads it", () => {
  assertEquals(statusOf({ headers: { "content-length": "1" } }), 400);
  assertEquals(statusOf({ headers: { "content-length": "x" } }), 400);
  assertEquals(statusOf({ headers: { "transfer-encoding": "chunked" } }), 400);
  assertEquals(statusOf({ headers: { "content-length": "0" } }), 200);
});

Deno.test("another site may lead here by a link, and not have a browser ask behind its back", () => {
  const from = (site: string, mode: string, dest: string) =>
    statusOf({
      headers: { "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest },
    });
  assertEquals(from("cross-site", "no-cors", "image"), 403);
  assertEquals(from("same-site", "cors", "empty"), 403);
  assertEquals(from("cross-site", "navigate", "iframe"), 403);
  assertEquals(from("cross-site", "navigate", "document"), 200);
  assertEquals(from("same-origin", "no-cors", "style"), 200);
  assertEquals(from("none", "navigate", "document"), 200);
});
