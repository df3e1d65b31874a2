import type { Fetch, FetchRequest, FetchResponse } from "../fetch.ts"
import { createDispatcher } from "./dispatcher.ts"
import { exchange } from "./exchange.ts"
import { checkOptions, type UndiciFetchOptions } from "./options.ts"

export type { TlsOptions, UndiciFetchOptions } from "./options.ts"

/**
 * An HTTP client for Node with a pool of its own: connections are kept alive and used again. It follows no
 * redirects. A repeatable request is sent once more, at once, where the server gave up a connection that had served
 * before: as good as always it had waited for long enough just then.
 *
 * @throws ConfigError that lists every mistake in the options
 */
export function undiciFetch(options: UndiciFetchOptions = {}): Fetch & { close(): Promise<void> } {
  checkOptions(options)
  // 0 is none of their own: the time of the whole request ends all.
  const { headersTimeoutMs: headersTimeout = 0, bodyTimeoutMs: bodyTimeout = 0 } = options
  const stale = new WeakSet<object>()
  const dispatcher = createDispatcher(options, stale)
  const running = new Set<Promise<unknown>>()
  let closed: Promise<void> | undefined

  async function send(url: string, { timeoutMs, repeatable, ...init }: FetchRequest): Promise<FetchResponse> {
    if (closed !== undefined) throw Object.assign(new Error("closed"), { code: "UND_ERR_CLOSED" })
    const { origin, pathname, search } = new URL(url)
    const request = { ...init, origin, path: pathname + search, headersTimeout, bodyTimeout }
    const startedAt = performance.now()
    const once = (timeoutMs: number) => exchange(dispatcher, { ...request, timeoutMs }, running)
    try {
      return await once(timeoutMs)
    } catch (error) {
      const leftMs = timeoutMs - (performance.now() - startedAt)
      if (!repeatable || !stale.has(error as object) || leftMs <= 0) throw error
      return once(leftMs)
    }
  }

  /** Each request is over when its time is; the pool's own end would wait for a connection that never comes. */
  async function close(): Promise<void> {
    while (running.size > 0) await Promise.allSettled(running)
    await dispatcher.destroy()
  }

  return Object.assign(send, {
    close() {
      closed ??= close()
      return closed
    },
  })
}
