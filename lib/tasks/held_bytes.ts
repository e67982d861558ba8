/**
 * Bytes of memory in use: the heap, and the contents of typed arrays beside it.
 *
 * Garbage is collected first where `--v8-flags=--expose-gc` allows that; otherwise it counts, too.
 */
export function heldBytes(): number {
  const { gc } = globalThis as { gc?: () => void };
  // V8 frees the contents of arrays some time after the arrays.
  for (let bytes = Infinity;;) {
    gc?.();
    const { heapUsed, external } = Deno.memoryUsage();
    if (gc === undefined || heapUsed + external >= bytes) {
      return Math.min(bytes, heapUsed + external);
    }
    bytes = heapUsed + external;
  }
}
