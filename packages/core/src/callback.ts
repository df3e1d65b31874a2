/**
 * Calls a function of the host, such as a logger or a metrics client. What it throws, or its promise rejects with, is
 * ignored, because it must not change the outcome of an event.
 *
 * @example
 * runCallback(() => metrics.increment("events.stored", count))
 */
export function runCallback(callback: () => unknown): void {
  try {
    const result = callback()
    if (result !== undefined) Promise.resolve(result).catch(() => {})
  } catch {}
}
