/**
 * A pool of connections for Node.
 *
 * @module @singlesink/data-api/undici
 */

import type { Fetch, FetchRequest, FetchResponse } from "../http/fetch.ts"
import { lookupPublicHost } from "../public-hosts/public-hosts.ts"
import { createDispatcher } from "./dispatcher.ts"
import { exchange } from "./exchange.ts"
import { checkOptions, type UndiciFetchOptions } from "./options.ts"

export type { TlsOptions, UndiciFetchOptions } from "./options.ts"

/**
 * Creates an HTTP client for Node with its own connection pool. It follows no redirects. If a server closes a reused
 * connection, an idempotent request is sent once more at once, because the connection had probably just been idle for too
 * long.
 *
 * @throws ConfigError with every mistake in the options
 * @example
 * const fetch = undiciFetch({ connections: 8 })
 * const api = createDataApi({ url, username, password, database: "events", fetch })
 * // when the process ends
 * await fetch.close()
 */
export function undiciFetch(options: UndiciFetchOptions = {}): Fetch & { close(): Promise<void> } {
  checkOptions(options)
  // 0 disables them: the timeout of the request covers everything.
  const { headersTimeoutMs: headersTimeout = 0, bodyTimeoutMs: bodyTimeout = 0 } = options
  const stale = new WeakSet<object>()
  const dispatcher = createDispatcher(options, stale)
  const running = new Set<Promise<unknown>>()
  let closed: Promise<void> | undefined

  async function send(url: string, { timeoutMs, idempotent, ...init }: FetchRequest): Promise<FetchResponse> {
    if (closed !== undefined) throw Object.assign(new Error("closed"), { code: "UND_ERR_CLOSED" })
    const { origin, hostname, pathname, search } = new URL(url)
    // A name is checked when it is resolved.
    if (options.publicHostsOnly === true && /^[[\d]/.test(hostname)) await lookupPublicHost(hostname)
    // What a proxy compresses all the same is decoded.
    const headers = { ...init.headers, "accept-encoding": "identity" }
    const request = { ...init, headers, origin, path: pathname + search, headersTimeout, bodyTimeout }
    const startedAt = performance.now()
    const once = (timeoutMs: number) => exchange(dispatcher, { ...request, timeoutMs }, running)
    try {
      return await once(timeoutMs)
    } catch (error) {
      const leftMs = timeoutMs - (performance.now() - startedAt)
      if (!idempotent || !stale.has(error as object) || leftMs <= 0) throw error
      return once(leftMs)
    }
  }

  /** Every request ends with its timeout. The pool's own close would wait for a connection that may never come. */
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
