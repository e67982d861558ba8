/**
 * Which transport sockets have: Deno's own, or with it the calls of libc, where `--allow-ffi`
 * permits them. Nobody is asked for that permission: it lifts the sandbox.
 *
 * @module
 */

import type { NativeSocket } from "../native/native_socket.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { reasonOf } from "./reason.ts";

/** Finds what libc can do with an open socket, by what it is bound to; `undefined`: nothing. */
export type NativeOf = (local: Endpoint) => NativeSocket | undefined;

/**
 * Loads what speaks to libc, where that is permitted.
 *
 * @param complain called where it is, and libc can't be used all the same
 */
export async function openTransport(complain: (text: string) => void): Promise<NativeOf> {
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return () => undefined;
  const { NativeSocket } = await import("../native/native_socket.ts");
  return (local) => {
    try {
      return NativeSocket.of(local);
    } catch (error) {
      complain(`going on without --allow-ffi, as libc can't be used: ${reasonOf(error)}`);
      return undefined;
    }
  };
}
