/** What tests may do, and which programs they find; tests that need more are ignored, visibly. */

import { isGranted, PROJECT } from "./process.ts";

/** Whether tests may open sockets and start programs. */
export const mayRun: boolean = isGranted({ name: "net", host: "127.0.0.1" }) &&
  isGranted({ name: "run" }) && isGranted({ name: "read", path: PROJECT });

/** Whether Python is there to play the plain peer of the source document. */
export const hasPython: boolean = mayRun && canStart("python3");

/** Whether Node is there. */
export const hasNode: boolean = mayRun && canStart("node");

/** Whether this machine has an IPv6 loopback address. */
export const hasIpv6: boolean = mayRun && canBind("::1");

/** Whether a program is there that knows this flag. */
export function canStart(command: string, flag = "--version"): boolean {
  try {
    return new Deno.Command(command, { args: [flag], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

function canBind(hostname: string): boolean {
  try {
    Deno.listenDatagram({ transport: "udp", hostname, port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}
