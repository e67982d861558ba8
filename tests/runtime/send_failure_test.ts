import { assertEquals } from "@std/assert";
import { sendFailureOf } from "../../lib/runtime/send_failure.ts";

const TO = { hostname: "192.0.2.1", port: 9 };

/** An error of a send as Deno makes it: with a name for most numbers, and a number in its text. */
function errorOf(message: string, number: number, code?: string): Error {
  return Object.assign(
    new Error(`${message} (os error ${number})`),
    code === undefined ? {} : { code },
  );
}

Deno.test("only a host that can't be reached counts against the server, on every system", () => {
  const table: [string, Error, boolean][] = [
    ["linux", errorOf("No route to host", 113, "EHOSTUNREACH"), true],
    // Deno has no name for this one.
    ["linux", errorOf("Host is down", 112), true],
    ["darwin", errorOf("No route to host", 65, "EHOSTUNREACH"), true],
    ["darwin", errorOf("Host is down", 64), true],
    ["freebsd", errorOf("Host is down", 64), true],
    ["windows", errorOf("A socket operation was attempted to an unreachable host.", 10065), true],
    // The number of another system's EHOSTDOWN: ENONET on Linux, ERESTART on macOS.
    ["linux", errorOf("Machine is not on the network", 64), false],
    ["darwin", errorOf("Unknown error", 112), false],
    ["linux", errorOf("Network is unreachable", 101, "ENETUNREACH"), false],
    ["linux", errorOf("Network is down", 100), false],
    ["linux", errorOf("Operation not permitted", 1, "EPERM"), false],
    ["linux", errorOf("Permission denied", 13, "EACCES"), false],
    ["linux", errorOf("Invalid argument", 22, "EINVAL"), false],
    ["linux", errorOf("No buffer space available", 105, "ENOBUFS"), false],
    ["linux", errorOf("Cannot allocate memory", 12, "ENOMEM"), false],
    ["linux", errorOf("Cannot assign requested address", 99, "EADDRNOTAVAIL"), false],
    ["linux", errorOf("Address family not supported by protocol", 97, "EAFNOSUPPORT"), false],
    ["darwin", errorOf("Network is unreachable", 51, "ENETUNREACH"), false],
    ["plan9", errorOf("No route to host", 113), false],
  ];
  for (const [os, error, hostUnreachable] of table) {
    const reason = error.message.replace(/ \(.*/, "");
    assertEquals(
      sendFailureOf(error, TO, os),
      { reason, hostUnreachable },
      `${os}: ${error.message}`,
    );
  }
  assertEquals(sendFailureOf("broken", TO), { reason: "broken", hostUnreachable: false });
});

Deno.test("that a link is gone, or was never there, is told", () => {
  const to = { hostname: "fe80::1%eth0", port: 9 };
  const gone = new Error("failed to lookup address information: Name or service not known");
  assertEquals(
    sendFailureOf(gone, to).reason,
    `${gone.message}; is there a link eth0 on this machine?`,
  );
  assertEquals(sendFailureOf(gone, TO).reason, gone.message);
  assertEquals(sendFailureOf(new Error("Permission denied"), to).reason, "Permission denied");
});
