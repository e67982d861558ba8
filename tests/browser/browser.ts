/**
 * The pages in a real browser: `deno task test:browser`, which fetches playwright-core and needs
 * Chromium. Leaves pictures in `tests/browser/pictures`, to be looked at.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { freePort, Program } from "../support/process.ts";
import { TempFolder } from "../support/temp_folder.ts";

const PICTURES = new URL("pictures/", import.meta.url).pathname;

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const [DESK, TABLET, PHONE, WALL] = [
  { width: 1280, height: 900 },
  { width: 800, height: 1000 },
  { width: 390, height: 844 },
  { width: 2560, height: 1440 },
];

/** A program with pages. */
interface Served {
  readonly program: Program;
  readonly url: string;
}

async function startServed(flags: string[], script: string, args: string[]): Promise<Served> {
  const options = { deadlineMs: 120_000 };
  const listen = ["-q", "--listen", "127.0.0.1:0"];
  const program = Program.deno(flags, script, [...args, ...listen], options);
  const line = await program.lineWith("Page: ");
  return { program, url: /http:\/\/[\d.:]+\//.exec(line)![0] };
}

async function startServer(port: number, ...args: string[]): Promise<Served> {
  return await startServed(["--allow-net"], "server.ts", [
    ...["-H", "127.0.0.1", "-p", `${port}`, "--loss", "0"],
    ...args,
  ]);
}

async function startFleet(list: string, ...args: string[]): Promise<Served & AsyncDisposable> {
  const folder = await TempFolder.make();
  const path = await folder.write("list.txt", list);
  const flags = ["--allow-net", `--allow-read=${path}`];
  const served = await startServed(flags, "client.ts", ["--targets", path, ...args]);
  return {
    ...served,
    async [Symbol.asyncDispose]() {
      await served.program.stop("SIGTERM");
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A page that tells of everything that it should not do. */
async function openPage(browser: Browser, url: string, script = true) {
  const context = await browser.newContext({ viewport: DESK, javaScriptEnabled: script });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => faults.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(url)) faults.push(`request: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() !== 200) faults.push(`${response.status()}: ${response.url()}`);
  });
  await page.goto(url);
  return { page, faults, close: () => context.close() };
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${PICTURES}${name}.png` });
}

/** Follows a link, and waits for all of its page. */
async function follow(page: Page, link: Locator): Promise<void> {
  await Promise.all([page.waitForEvent("load"), link.click()]);
}

/** The first rows: state and name of each. */
async function rowsOf(page: Page, count: number): Promise<string[]> {
  const rows = await page.locator("tbody tr").all();
  return await Promise.all(
    rows.slice(0, count).map(async (row) => {
      const state = (await row.locator("td").first().innerText()).trim();
      return `${state} ${await row.locator("th bdi").first().innerText()}`;
    }),
  );
}

/** Waits until a page that refreshes itself, without help, shows something. */
async function untilShown(page: Page, selector: string): Promise<void> {
  await page.waitForSelector(selector, { timeout: 30_000 });
}

/** The pairs of colours of texts whose contrast is below 4.5 (WCAG AA). */
async function faintTexts(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    type Colour = readonly [number, number, number, number];
    // deno-lint-ignore no-explicit-any -- the browser's globals
    const { document, getComputedStyle } = globalThis as any;
    const read = (text: string): Colour => {
      const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
      return [r, g, b, a];
    };
    const light = ([r, g, b]: Colour) => {
      const [x, y, z] = [r, g, b].map((c) =>
        c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4
      );
      return 0.2126 * x! + 0.7152 * y! + 0.0722 * z!;
    };
    const found: string[] = [];
    for (const element of document.querySelectorAll("body *")) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (!own || element.closest("svg") !== null) continue;
      let behind = element;
      while (behind && read(getComputedStyle(behind).backgroundColor)[3] === 0) {
        behind = behind.parentElement;
      }
      const back = behind
        ? getComputedStyle(behind).backgroundColor
        : getComputedStyle(document.body).backgroundColor;
      const front = getComputedStyle(element).color;
      const [high, low] = [light(read(front)), light(read(back))].sort((a, b) => b - a);
      const contrast = (high! + 0.05) / (low! + 0.05);
      if (contrast < 4.5) found.push(`${element.innerText}: ${front} on ${back}`);
    }
    return found;
  });
}

async function withBrowser(use: (browser: Browser) => Promise<void>): Promise<void> {
  const executablePath = PATHS.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
  assert(executablePath !== undefined, `no Chromium at ${PATHS.join(", ")}`);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}

/** Playwright keeps timers and handles of its own. */
const test = (name: string, use: (browser: Browser) => Promise<void>) =>
  Deno.test({
    name,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => withBrowser(use),
  });

const HOSTILE = [
  '"><script>alert(1)</script>',
  "<img/src=x/onerror=alert(2)>",
  "'onmouseover='alert(3)",
  "javascript:alert(4)",
  "\u202etfel-ot-thgir",
];

test("a server goes down and comes back, on a page that refreshes itself without script", async (browser) => {
  const [port, otherPort] = [freePort(), freePort()];
  let server = await startServer(port);
  const other = await startServer(otherPort);
  const list = `127.0.0.1:${otherPort} name=steady\n127.0.0.1:${port} name=web rack=r7\n`;
  await using fleet = await startFleet(list, "-i", "200ms", "-t", "150ms");
  const { page, faults, close } = await openPage(browser, fleet.url, false);
  await untilShown(page, "tr.up:first-child");
  assertMatch(await page.title(), /^2 of 2 up/);

  await server.program.stop("SIGTERM");
  await untilShown(page, "tr.down");
  assertEquals(await rowsOf(page, 2), ["down web", "up steady"]);
  assertMatch(await page.title(), /^1 down/);
  await follow(page, page.locator("tr.down th > a"));
  await untilShown(page, "strong.down");
  assertEquals(await page.locator("h1").innerText(), "web");
  // The median of a minute: with one reply in it, its bands have no height.
  await untilShown(page, "svg.smoke [class^=loss]");
  await picture(page, "target-down");

  server = await startServer(port);
  await page.goto(fleet.url);
  await untilShown(page, "tr.up:first-child");
  await follow(page, page.getByRole("link", { name: "web", exact: true }));
  await untilShown(page, "strong.up");
  const outage = await page.locator("section", { hasText: "Outages" }).locator("li").innerText();
  assertMatch(outage, /^out of reach for \d+\.\d s to \d+\.\d s, until \d{4}-\d\d-\d\d /);
  await picture(page, "target-up");
  assertEquals(faults, []);
  await close();
  for (const { program } of [server, other]) await program.stop("SIGTERM");
});

test("names and labels that are HTML stay text", async (browser) => {
  const list = HOSTILE.map((name, i) => `127.0.0.1:${i + 1} name=${name} note=${name}`).join("\n");
  await using fleet = await startFleet(list, "-i", "200ms", "-t", "100ms");
  const { page, faults, close } = await openPage(browser, fleet.url);
  await untilShown(page, "tr.down:nth-child(5)");
  const names = (await rowsOf(page, 5)).map((row) => row.replace("down ", "")).sort();
  assertEquals(names, HOSTILE.toSorted());
  assertEquals(await page.locator("script, img, [onerror], [onmouseover]").count(), 0);
  await picture(page, "hostile-names");
  for (const link of await page.locator("tbody a").all()) {
    const expected = /^\/target\?at=127\.0\.0\.1%3A\d$|^\/\?label=note%3D[\w%+*.-]+$/;
    assertMatch((await link.getAttribute("href"))!, expected);
  }
  await follow(page, page.locator("tbody th > a").first());
  await untilShown(page, "strong.down");
  assertEquals(await page.locator("script, img").count(), 0);
  assertEquals(faults, []);
  await close();
});

for (const size of [1000, 10_000]) {
  test(`${size} servers are on pages of 100, which links turn, sort and filter`, async (browser) => {
    const address = (i: number) => `127.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
    const list = Array.from({ length: size }, (_, i) => `${address(i)}:9 name=server-${i}`);
    await using fleet = await startFleet(list.join("\n"), "-i", "1s", "-t", "200ms");
    const { page, faults, close } = await openPage(browser, fleet.url);
    // Nobody answers: the worst first, they are down when none of the first page is anything else.
    await untilShown(page, "tr.down:nth-child(100)");
    await page.goto(`${fleet.url}?refresh=off`);
    assertEquals(await page.locator("tbody tr").count(), 100);
    await follow(page, page.getByRole("link", { name: "Server", exact: true }));
    assertEquals((await rowsOf(page, 100)).at(-1)!.split(" ")[1], "server-99");
    assertEquals(await page.locator("[aria-sort]").innerText(), "Server");
    await follow(page, page.getByRole("link", { name: "next" }));
    assertEquals((await rowsOf(page, 1))[0]!.split(" ")[1], "server-100");
    assertMatch(
      await page.locator(".turning").innerText(),
      new RegExp(`page 2 of ${size / 100}\\b`),
    );
    await follow(page, page.getByRole("link", { name: "1000 on a page" }));
    assertEquals(await page.locator("tbody tr").count(), 1000);
    await picture(page, `${size}-servers-on-a-page`);
    await follow(page, page.getByRole("link", { name: /^up/ }));
    assertMatch(await page.locator("tbody").innerText(), /None/);
    await page.goto(fleet.url);
    await picture(page, `${size}-servers`);
    assertEquals(faults, []);
    await close();
  });
}

test("it can be read in the dark and the light, on a phone and a wall, by keyboard and ear", async (browser) => {
  const port = freePort();
  const server = await startServer(port, "--jitter", "5ms");
  const list = [
    `127.0.0.1:${port} name=web-1 rack=r7 site=bremen`,
    "127.0.0.1:9 name=mail rack=r8",
    "nosuch.invalid name=lost",
  ].join("\n");
  await using fleet = await startFleet(list, "-i", "100ms", "-t", "50ms");
  const { page, faults, close } = await openPage(browser, fleet.url);
  await untilShown(page, "tr.down");
  await page.goto(`${fleet.url}?refresh=off`);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (
      const [name, size] of Object.entries({ phone: PHONE, tablet: TABLET, desk: DESK, wall: WALL })
    ) {
      await page.setViewportSize(size);
      await picture(page, `fleet-${name}-${colorScheme}`);
      const wider = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
      assertEquals(wider, false, `${name} scrolls sideways`);
    }
    assertEquals(await faintTexts(page), []);
    await page.setViewportSize(PHONE);
    await page.goto(`${fleet.url}target?at=127.0.0.1%3A${port}&refresh=off`);
    assertEquals(await faintTexts(page), []);
    await picture(page, `target-phone-${colorScheme}`);
    await page.setViewportSize(DESK);
    await picture(page, `target-desk-${colorScheme}`);
    await page.goto(`${fleet.url}?refresh=off`);
  }
  // What a screen reader tells of a table.
  assertEquals(await page.getByRole("table", { name: "Servers, the worst first" }).count(), 1);
  assertEquals(await page.getByRole("columnheader").count(), 8);
  assertEquals(await page.getByRole("rowheader").count(), 3);
  assertEquals(await page.getByRole("img").count() > 0, true);
  // The first links in the order of the Tab key, and the mark of the focus.
  await page.keyboard.press("Tab");
  assertEquals(await page.locator(":focus").innerText(), "Refresh every 5 s");
  await page.keyboard.press("Tab");
  assertMatch(await page.locator(":focus").innerText(), /^All/);
  const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
  assertEquals(outline, "solid");
  assertEquals(faults, []);
  await close();
  await server.program.stop("SIGTERM");
});

test("the server's page shows its clients", async (browser) => {
  const port = freePort();
  const server = await startServer(port, "--client-timeout", "1s");
  const client = Program.deno(["--allow-net"], "client.ts", [
    ...[`127.0.0.1:${port}`, "-c", "10", "-i", "20ms", "-q"],
  ]);
  await client.end();
  const { page, faults, close } = await openPage(browser, server.url);
  await untilShown(page, "tr.suspect");
  assertMatch(await page.locator("tbody tr").innerText(), /quiet\s+127\.0\.0\.1:\d+\s/);
  assertMatch(await page.locator("header").innerText(), /10 heartbeats received, 10 answered/);
  await picture(page, "server");
  await page.setViewportSize(PHONE);
  await picture(page, "server-phone");
  const wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
  assertEquals(wide, false, "the clients scroll sideways on a phone");
  assertEquals(faults, []);
  await close();
  await server.program.stop("SIGTERM");
});
