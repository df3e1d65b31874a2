/** Timers are not part of ECMAScript, so they are declared here and used only if they exist. */
interface Timers {
  setTimeout?: (callback: () => void, milliseconds: number) => unknown
  clearTimeout?: (timer: unknown) => void
}

/** Rejects if the promise has not settled after some milliseconds. Waits without limit in runtimes without timers. */
export async function withTimeout<Value>(
  milliseconds: number,
  value: Value | Promise<Value>,
): Promise<Value> {
  const { setTimeout, clearTimeout } = globalThis as Timers
  if (!(value instanceof Promise) || setTimeout === undefined) return value
  let timer: unknown
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The time is over.")), milliseconds)
  })
  try {
    return await Promise.race([value, timeout])
  } finally {
    clearTimeout?.(timer)
  }
}
