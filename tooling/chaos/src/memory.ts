import { setImmediate as nextTurn } from "node:timers/promises"

/** The memory in use after a garbage collection, buffers outside the heap included. Node needs --expose-gc. */
export async function measureMemory(): Promise<number> {
  globalThis.gc?.()
  // The first collection runs finalizers, the second frees the objects that they released.
  await nextTurn()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
