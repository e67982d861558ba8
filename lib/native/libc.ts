/**
 * The calls of libc that this program makes, where `--allow-ffi` permits it: on Linux, x86-64 and
 * arm64.
 *
 * @module
 */

/** What the calls take and return; buffers are bytes that the system reads or fills in. */
export const CALLS = {
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  if_nametoindex: { parameters: ["buffer"], result: "u32" },
  ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  recvmmsg: { parameters: ["i32", "buffer", "u32", "i32", "pointer"], result: "i32" },
  sendmmsg: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  sendto: { parameters: ["i32", "buffer", "usize", "i32", "buffer", "u32"], result: "isize" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
} as const;

/** The library, which stays open until it is closed. */
export type Library = Deno.DynamicLibrary<typeof CALLS>;

/** These calls; each returns -1 where it fails. */
export type Libc = Library["symbols"];

/** Numbers of the system, the same on all Linux machines that this runs on. */
export const LINUX = {
  AF_INET: 2,
  AF_INET6: 10,
  CLOCK_REALTIME: 0,
  FIONREAD: 0x541bn,
  MSG_DONTWAIT: 0x40,
  SIOCGSTAMPNS: 0x8907n,
  SOL_SOCKET: 1,
  SOL_UDP: 17,
  SO_RCVBUF: 8,
  SO_RCVBUFFORCE: 33,
  SO_TIMESTAMPNS: 35,
  UDP_SEGMENT: 103,
} as const;

/**
 * Opens libc.
 *
 * @throws {Error} where it can't be opened
 */
export function openLibrary(): Library {
  return Deno.dlopen("libc.so.6", CALLS);
}

/** Whether this system is one whose structures are known here. */
export function isKnownSystem(): boolean {
  return Deno.build.os === "linux" && /^(?:x86_64|aarch64)$/.test(Deno.build.arch);
}
