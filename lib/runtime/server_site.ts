/**
 * Serves what a server knows: metrics and pages. Loaded only where `--listen` is given.
 *
 * @module
 */

import { type ListenOptions, VERSION } from "../cli/common_flags.ts";
import type { Transport } from "../report/transport.ts";
import type { Responder } from "../responder/responder.ts";
import { serverPage } from "../views/site.ts";
import { openClocks } from "./clock.ts";
import { type HttpServer, serveHttp } from "./http_server.ts";
import { openProgramFigures } from "./program_figures.ts";

/**
 * Serves the figures of a server.
 *
 * @param transport what sends and receives
 * @param complain called when a page can't be made
 * @throws {OperatorError} as {@linkcode serveHttp}
 */
export async function serveResponder(
  responder: Responder,
  { listen, listenNames: names }: ListenOptions,
  transport: Transport,
  complain: (text: string) => void,
): Promise<HttpServer> {
  const readClocks = openClocks();
  const programFigures = openProgramFigures(VERSION, transport);
  const view = () => ({
    totals: responder.totals,
    clients: () => responder.clientSummaries(performance.now()),
    wallMs: readClocks().wallMs,
    program: programFigures(),
  });
  return await serveHttp({
    ...{ listen: listen!, names, complain },
    pageOf: (asked) => serverPage(asked, view),
  });
}
