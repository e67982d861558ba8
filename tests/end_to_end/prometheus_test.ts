/** What lib/deploy has for Prometheus, with the real one and its promtool. */

import { assert, assertEquals } from "@std/assert";
import { overlappingTest } from "../support/overlapping.ts";
import { canStart, mayRun } from "../support/permissions.ts";
import { freePort, Program, PROJECT } from "../support/process.ts";
import { TempFolder } from "../support/temp_folder.ts";

const hasPrometheus = mayRun && canStart("prometheus") && canStart("promtool");

const DEPLOY = new URL("lib/deploy/", PROJECT);

/** How long something may take that Prometheus finds out every second, milliseconds. */
const PATIENCE_MS = 30_000;

function deployed(name: string): string {
  return Deno.readTextFileSync(new URL(name, DEPLOY));
}

/** A program that serves metrics. */
interface Served {
  readonly program: Program;
  /** Its address and port, `127.0.0.1:9876`. */
  readonly address: string;
}

/** Starts a script, reads up to the line that says where it serves, and goes on reading. */
async function startServed(...flags: Parameters<typeof Program.deno>): Promise<Served> {
  const [denoFlags, script, args] = flags;
  const program = Program.deno(denoFlags, script, [...args, "-q", "--listen", "127.0.0.1:0"]);
  const line = await program.lineWith("Metrics: ");
  return { program, address: /http:\/\/([\d.:]+)\//.exec(line)![1]! };
}

async function startHeartbeatServer(port: number): Promise<Served> {
  const args = ["-H", "127.0.0.1", "-p", `${port}`, "--loss", "0"];
  return await startServed(["--allow-net"], "server.ts", args);
}

/** A running Prometheus that scrapes each second. */
class Prometheus implements AsyncDisposable {
  readonly #program: Program;
  readonly #url: string;

  constructor(config: string, folder: string) {
    const address = `127.0.0.1:${freePort()}`;
    this.#url = `http://${address}/api/v1`;
    this.#program = new Program("prometheus", [
      ...[`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`],
      ...[`--web.listen-address=${address}`, "--log.level=warn"],
    ], { deadlineMs: 120_000 });
  }

  /** Asks its API; `undefined` while it doesn't answer. */
  // deno-lint-ignore no-explicit-any -- an answer is what the test is about
  async get(path: string): Promise<any> {
    try {
      const response = await fetch(`${this.#url}/${path}`);
      return await response.json();
    } catch {
      return undefined;
    }
  }

  /** The result of a query: an array of series. */
  // deno-lint-ignore no-explicit-any -- see above
  async query(expression: string): Promise<any[]> {
    const answer = await this.get(`query?query=${encodeURIComponent(expression)}`);
    if (answer?.status === "error") throw new Error(`${expression}: ${answer.error}`);
    return answer?.data.result ?? [];
  }

  /** Whether an alert is firing. */
  async fires(name: string): Promise<boolean> {
    const answer = await this.get("alerts");
    if (answer === undefined) throw new Error("Prometheus doesn't answer");
    // deno-lint-ignore no-explicit-any -- see above
    return answer.data.alerts.some((alert: any) =>
      alert.labels.alertname === name && alert.state === "firing"
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.stop("SIGTERM");
  }
}

/** Asks again and again until it is so. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  while (!await isSo()) {
    assert(performance.now() < giveUpAtMs, `not within ${PATIENCE_MS} ms: ${what}`);
    await new Promise((resume) => setTimeout(resume, 200));
  }
}

/** The queries of the dashboard, with values for its variables. */
function dashboardQueries(target: string): string[] {
  const found = [...deployed("heartbeat-dashboard.json").matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)];
  return found.map(([, text]) =>
    (JSON.parse(text!) as string).replaceAll("$job", "heartbeat").replaceAll("$target", target)
      .replaceAll("$__rate_interval", "30s")
  );
}

overlappingTest({
  name: "promtool finds nothing wrong with the configuration, nor with the rules, which pass",
  ignore: !hasPrometheus,
  async fn() {
    const checks = [
      ["check", "config", "lib/deploy/prometheus.yml"],
      ["check", "rules", "lib/deploy/heartbeat-rules.yml"],
      ["test", "rules", "lib/deploy/heartbeat-rules-test.yml"],
    ];
    for (const args of checks) {
      const { code, lines, stderr } = await new Program("promtool", args).end();
      assertEquals(code, 0, [...lines, stderr].join("\n"));
    }
    const tested = deployed("heartbeat-rules-test.yml");
    for (const [, alert] of deployed("heartbeat-rules.yml").matchAll(/- alert: (\w+)/g)) {
      assert(new RegExp(`alertname: ${alert}\\n +exp_alerts`).test(tested), `${alert} has no case`);
    }
  },
});

overlappingTest({
  name: "promtool is silent on the metrics of both programs, also with hostile names and labels",
  ignore: !hasPrometheus,
  async fn() {
    const server = await startHeartbeatServer(freePort());
    await using folder = await TempFolder.make();
    const list = await folder.write(
      "list.txt",
      '127.0.0.1:1 name="}\\n{ rackNo=ü state=x le=0 job=j\n',
    );
    const read = `--allow-read=${list}`;
    const client = await startServed(["--allow-net", read], "client.ts", ["--targets", list]);
    for (const { program, address } of [server, client]) {
      const text = await (await fetch(`http://${address}/metrics`)).text();
      assert(text.length > 2000, `there is little to check: ${text}`);
      const path = await folder.write("metrics.txt", text);
      const script = `promtool check metrics < ${path}`;
      const { code, lines, stderr } = await new Program("sh", ["-c", script]).end();
      assertEquals({ code, lines, stderr }, { code: 0, lines: [], stderr: "" });
      await program.stop("SIGTERM");
    }
  },
});

overlappingTest({
  name:
    "Prometheus scrapes both; a rule fires when a server stops, and clears when it is back; a " +
    "reload shows; each query of the dashboard finds something",
  ignore: !hasPrometheus,
  async fn() {
    await using folder = await TempFolder.make();
    const [port, otherPort] = [freePort(), freePort()];
    let server = await startHeartbeatServer(port);
    const other = await startHeartbeatServer(otherPort);
    const target = `127.0.0.1:${port}`;
    const list = await folder.write("list.txt", `${target} name=web\n127.0.0.1:${otherPort}\n`);
    const pace = ["-i", "200ms", "-t", "150ms"];
    const read = `--allow-read=${list}`;
    const client = await startServed(["--allow-net", read], "client.ts", [
      ...["--targets", list],
      ...pace,
    ]);
    await folder.write("heartbeat-rules.yml", deployed("heartbeat-rules.yml"));
    const config = deployed("prometheus.yml").replaceAll(": 15s", ": 1s")
      .replaceAll("127.0.0.1:9876", client.address).replaceAll("127.0.0.1:9877", other.address);
    const path = await folder.write("prometheus.yml", config);
    await using prometheus = new Prometheus(path, folder.path);
    const has = async (expression: string, count: number) =>
      (await prometheus.query(expression)).length === count;

    await until("both servers are up", () => has("heartbeat_up == 1", 2));
    await until("the server counts", () => has("heartbeat_server_replies_total > 0", 1));
    assertEquals(await prometheus.fires("HeartbeatServerStopped"), false);

    await server.program.stop("SIGTERM");
    await until("it fires", () => prometheus.fires("HeartbeatServerStopped"));
    assertEquals((await prometheus.query("heartbeat_up == 0"))[0].metric.name, "web");
    for (const query of dashboardQueries(target)) {
      await until(query, async () => (await prometheus.query(query)).length > 0);
    }
    server = await startHeartbeatServer(port);
    await until("it clears", async () => !await prometheus.fires("HeartbeatServerStopped"));
    assertEquals(await has("heartbeat_outages_total == 1", 1), true);

    await folder.write("list.txt", `${target} name=web site=here\nno/server\n`);
    client.program.signal("SIGHUP");
    await until("a bad list fires", () => prometheus.fires("HeartbeatListReloadFailed"));
    await folder.write("list.txt", `${target} name=web site=here\n`);
    client.program.signal("SIGHUP");
    await until("a good list shows", () => has('heartbeat_up{site="here"} == 1', 1));
    await until("and clears", async () => !await prometheus.fires("HeartbeatListReloadFailed"));
    for (const { program } of [client, server, other]) {
      const { code, stderr } = await program.stop("SIGTERM");
      const expected = program === client.program
        ? /^client: the list of servers stays as it was: .*no\/server/
        : /^$/;
      assertEquals([code, expected.test(stderr)], [0, true], stderr);
    }
  },
});
