/** Timers are no part of ECMAScript: described here, and used only where they are. */
interface Timers {
  setTimeout?: (callback: () => void, milliseconds: number) => unknown
  clearTimeout?: (timer: unknown) => void
}

/** What a promise comes to within some milliseconds; then it rejects. Without timers it may take as long as it likes. */
export async function within<Value>(milliseconds: number, value: Value | Promise<Value>): Promise<Value> {
  const { setTimeout, clearTimeout } = globalThis as Timers
  if (!(value instanceof Promise) || setTimeout === undefined) return value
  let timer: unknown
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("Out of time.")), milliseconds)
  })
  try {
    return await Promise.race([value, late])
  } finally {
    clearTimeout?.(timer)
  }
}
