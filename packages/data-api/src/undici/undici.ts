import { type Dispatcher, request } from "undici"
import { readText } from "../body.ts"
import { type Fetch, type FetchRequest, type FetchResponse, headerOf } from "../fetch.ts"
import { createDispatcher } from "./dispatcher.ts"
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
  // 0 is none of their own: the request's signal ends all.
  const { headersTimeoutMs: headersTimeout = 0, bodyTimeoutMs: bodyTimeout = 0 } = options
  const stale = new WeakSet<object>()
  const dispatcher = createDispatcher(options, stale)

  async function fetch(
    url: string,
    { timeoutMs, repeatable, ...init }: FetchRequest,
  ): Promise<FetchResponse> {
    const signal = AbortSignal.timeout(timeoutMs)
    const send = () => request(url, { ...init, headersTimeout, bodyTimeout, dispatcher, signal })
    const sent = send()
    return toResponse(await (repeatable ? sent.catch(sendAgain) : sent))

    function sendAgain(error: object) {
      if (stale.has(error)) return send()
      throw error
    }
  }

  return Object.assign(fetch, { close: () => dispatcher.close() })
}

function toResponse({ statusCode, headers, body }: Dispatcher.ResponseData): FetchResponse {
  return {
    status: statusCode,
    headers,
    async text(maxBytes) {
      // A body that says its size needs no counting.
      if (Number(headerOf(headers, "content-length") ?? Number.NaN) <= maxBytes) return body.text()
      const { text, cut } = await readText(body, maxBytes)
      this.cut = cut
      return text
    },
  }
}
