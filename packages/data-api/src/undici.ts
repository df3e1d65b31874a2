import { Agent, request } from "undici"
import type { Fetch } from "./fetch.ts"

export interface UndiciFetchOptions {
  /** Most connections to one host; further requests wait for one. @default 16 */
  connections?: number | undefined
}

/**
 * An HTTP client for Node with a pool of its own: connections are kept alive and used again. It follows no
 * redirects.
 */
export function undiciFetch(options: UndiciFetchOptions = {}): Fetch & { close(): Promise<void> } {
  const dispatcher = new Agent({ connections: options.connections ?? 16 })
  const fetch: Fetch = async (url, { timeoutMs, ...options }) => {
    const { statusCode, headers, body } = await request(url, {
      ...options,
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
    })
    return { status: statusCode, headers, text: () => body.text() }
  }
  return Object.assign(fetch, { close: () => dispatcher.close() })
}
