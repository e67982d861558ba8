import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { listed } from "../../lib/simulation/fleet_world.ts";
import { clientsPage } from "../../lib/views/clients_page.ts";
import { fleetPage } from "../../lib/views/fleet_page.ts";
import { MetricsWriter } from "../../lib/views/metrics.ts";
import { serverPage, watchPage } from "../../lib/views/site.ts";
import { targetPage } from "../../lib/views/target_page.ts";
import type { Watch } from "../../lib/views/watch.ts";
import { sampleServer } from "./sample_server.ts";
import { renamed, sampleFleet, watchOf } from "./sample_watch.ts";

const params = (text: string) => new URLSearchParams(text);
const pageOf = (watch: Watch, query = "") => [...fleetPage(watch, params(query))].join("");
const namesOf = (html: string) =>
  [...html.matchAll(/<th scope="row"><a [^>]*><bdi>([^<]*)<\/bdi>/g)].map(([, name]) => name);

const HOSTILE = `<img src=x onerror="alert('1')">&`;
const ESCAPED = "&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;";

Deno.test("the worst server stands first: down, then up with the most losses", () => {
  const html = pageOf(watchOf(sampleFleet()));
  assertEquals(namesOf(html), ["host-1", "host-0", "host-2"]);
  assertStringIncludes(html, "<title>1 down - heartbeats</title>");
  assertMatch(html, /<tr class="down"><td><svg class="mark"[^>]*>.*<\/svg>down<small/);
  // It lost all since the 30th second, of the 60 that the picture has.
  assertMatch(html, /host-1<\/bdi>.*?<td class="number">\d\d%<\/td>/);
});

Deno.test("links sort and filter, and keep what else was chosen", () => {
  const watch = watchOf(sampleFleet());
  assertEquals(namesOf(pageOf(watch, "sort=name")), ["host-0", "host-1", "host-2"]);
  assertEquals(namesOf(pageOf(watch, "sort=outages"))[0], "host-1");
  assertEquals(namesOf(pageOf(watch, "show=up")), ["host-0", "host-2"]);
  assertEquals(namesOf(pageOf(watch, "show=unknown")), []);
  const html = pageOf(watch, "show=up&sort=name&refresh=off");
  assertStringIncludes(html, 'href="/?sort=loss&#38;show=up&#38;refresh=off"');
  assert(!html.includes("http-equiv"), "it refreshes itself");
  assertStringIncludes(pageOf(watch), '<meta http-equiv="refresh" content="5">');
});

Deno.test("a label is a link to all that have it", () => {
  const labels = { rack: "r7 & <b>" };
  const fleet = sampleFleet([{ ...listed(0), labels }, listed(1), { ...listed(2), labels }]);
  const html = pageOf(watchOf(fleet));
  const href = "/?label=rack%3Dr7+%26+%3Cb%3E";
  assertStringIncludes(html, `<a href="${href}"><bdi>rack=r7 &#38; &#60;b&#62;</bdi></a>`);
  const chosen = pageOf(watchOf(fleet), href.slice(2));
  assertEquals(namesOf(chosen), ["host-0", "host-2"]);
  assertStringIncludes(chosen, "<title>2 of 2 up - heartbeats</title>");
  assertStringIncludes(
    chosen,
    'Only those with <bdi>rack=r7 &#38; &#60;b&#62;</bdi>. <a href="/">',
  );
});

Deno.test("how long a state has lasted is told of now, and not of the last heartbeat", () => {
  const { stateSinceMs, readAtMs, stateSinceWallMs } = watchOf(sampleFleet()).targets[2]!.vitals();
  // It was up with its first reply, in the first second and a half; it is looked at 62 s later.
  assert(readAtMs === 62_000 && stateSinceMs < 1500, `${readAtMs} ${stateSinceMs}`);
  assert(stateSinceWallMs !== undefined);
});

Deno.test("what an address asks for and there isn't means what is usual", () => {
  const watch = watchOf(sampleFleet());
  for (
    const query of ["sort=x", "show=<b>", "page=0", "page=-1", "page=x", "page=9999", "rows=7"]
  ) {
    assertEquals(namesOf(pageOf(watch, query)), ["host-1", "host-0", "host-2"], query);
  }
});

Deno.test("more than 100 servers are turned page by page", () => {
  const watch = watchOf(sampleFleet());
  const targets = Array.from({ length: 250 }, (_, i) => {
    return renamed(watch.targets[2]!, `a:${i}`, `server-${i}`);
  });
  const html = pageOf({ ...watch, targets }, "sort=name&page=3");
  assertEquals(namesOf(html).length, 50);
  assertEquals(namesOf(html)[0], "server-200");
  assertMatch(html, /page 3 of 3/);
  assert(!html.includes(">next<"), "there is a page after the last");
  assertStringIncludes(html, 'href="/?sort=name&#38;page=2" rel="prev"');
});

Deno.test("names, labels and addresses are text in every place where they stand", () => {
  const hostile = { ...listed(1), name: HOSTILE, labels: { note: HOSTILE } };
  const watch = watchOf(sampleFleet([hostile]));
  const pages = [
    pageOf(watch),
    [...targetPage(watch, params("at=10.0.0.1:12000"))!].join(""),
  ];
  for (const html of pages) {
    assert(!html.includes("<img"), "a tag came through");
    assert(html.split(ESCAPED).length >= 3, "the name is missing");
  }
});

Deno.test("a target's page has its last hour, its outages as bounds, and its figures", () => {
  const fleet = sampleFleet();
  const html = [...targetPage(watchOf(fleet), params("at=10.0.0.0:12000"))!].join("");
  const { received, lost } = fleet.members[0]!.monitor.summary();
  assertStringIncludes(html, `60 sent, ${received} answered, ${lost} lost`);
  assertMatch(html, /<svg class="smoke" [^>]*role="img" aria-label="/);
  assertMatch(html, /<path class="loss[1-4]" d="M/);
  assertMatch(html, /<dt>clock<\/dt><dd>the server&#39;s is ahead by/);
  assertMatch(html, /<dt>lost on way<\/dt>/);
  assertMatch(html, /<dt>false alarms<\/dt><dd>At this loss, 3 losses in a row come by chance/);
  const down = [...targetPage(watchOf(fleet), params("at=10.0.0.1:12000"))!].join("");
  assertStringIncludes(down, "<li>one goes on, told at <time>");
  assertEquals(targetPage(watchOf(fleet), params("at=10.0.0.9:12000")), undefined);
  assertEquals(targetPage(watchOf(fleet), params("")), undefined);
});

Deno.test("an outage goes on also while the server can't be asked", () => {
  const fleet = sampleFleet(undefined, [{ fromMs: 45_000, untilMs: Infinity }]);
  const watch = watchOf(fleet);
  const vitals = watch.targets[1]!.vitals();
  assertEquals([vitals.state, vitals.outages], ["unknown", 1]);
  const html = [...targetPage(watch, params("at=10.0.0.1:12000"))!].join("");
  assertStringIncludes(html, "<li>one goes on</li>");
  assert(!html.includes("before these"), "there was one before");
});

Deno.test("the longest down stands before one that went down later, whatever the clock was set to", () => {
  const watch = watchOf(sampleFleet());
  const [, down, up] = watch.targets;
  const late = {
    ...renamed(down!, "b:1", "late"),
    // The clock was set back since the other one stopped.
    vitals: () => ({ ...down!.vitals(), stateSinceMs: 61_000, stateSinceWallMs: 0 }),
  };
  const html = pageOf({ ...watch, targets: [late, up!, down!] });
  assertEquals(namesOf(html), ["host-1", "late", "host-2"]);
});

Deno.test("what can't be asked is said, and so is a list that could not be read", () => {
  const watch = watchOf(sampleFleet());
  assertStringIncludes(pageOf(watch), "The list of servers could not be read again");
  const blind = { ...watch, list: undefined, watcher: { ...watch.watcher, blind: ["ipv4"] } };
  assertStringIncludes(pageOf(blind), "This machine can't send to any server of IPv4");
});

Deno.test("the server's page has its clients, and what it did with their heartbeats", () => {
  const html = [...clientsPage(sampleServer(), params(""))].join("");
  assertStringIncludes(html, "3 heartbeats received, 3 answered, 0 dropped on purpose");
  assertMatch(
    html,
    /<th scope="row" class="nowrap">192\.0\.2\.1:50000<\/th><td class="number">4\.0 s ago<\/td>/,
  );
  assertMatch([...clientsPage(sampleServer(), params("show=suspect"))].join(""), /None/);
});

Deno.test("each path has its kind of text, and others have none", () => {
  const asked = (path: string) => ({ path, query: params("at=10.0.0.0:12000") });
  const watch = () => watchOf(sampleFleet());
  const metrics = new MetricsWriter();
  const kinds = (pages: typeof watchPage, of: never) =>
    ["/", "/target", "/metrics", "/api/targets", "/api/clients", "/-/healthy", "/style.css", "/x"]
      .map((path) => pages(asked(path), of, metrics)?.type.split(";")[0]);
  const unknown = watchPage({ path: "/target", query: params("at=x:1") }, watch, metrics)!;
  assertEquals([unknown.status, typeof unknown.text], [404, "string"]);
  assertEquals(kinds(watchPage, watch as never), [
    ...["text/html", "text/html", "text/plain", "application/json", undefined],
    ...["text/plain", "text/css", undefined],
  ]);
  assertEquals(kinds(serverPage as never, sampleServer as never), [
    ...["text/html", undefined, "text/plain", undefined, "application/json"],
    ...["text/plain", "text/css", undefined],
  ]);
});

Deno.test("all tags that are opened are closed, in their order", () => {
  const watch = watchOf(sampleFleet());
  const pages = [
    pageOf(watch),
    [...targetPage(watch, params("at=10.0.0.1:12000"))!].join(""),
    [...clientsPage(sampleServer(), params(""))].join(""),
  ];
  const single = ["meta", "link", "br", "circle", "path"];
  for (const html of pages) {
    const open: string[] = [];
    for (const [, close, name] of html.matchAll(/<(\/?)([a-z]\w*)[^>]*>/g)) {
      if (single.includes(name!)) continue;
      if (close === "") open.push(name!);
      else assertEquals(open.pop(), name);
    }
    assertEquals(open, []);
  }
});
