import { readText } from "./body.ts"
import type { Fetch, FetchHeaders, FetchResponse } from "./fetch.ts"

// The parts of the standard that are used here. This package is type-checked without the DOM library.
interface WebResponse {
  status: number
  headers: FetchHeaders
  body?: { getReader(): WebReader } | null
  text(): Promise<string>
}

interface WebReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>
  cancel(): Promise<void>
}

type WebFetch = (
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: string
    redirect: "manual"
    signal: unknown
  },
) => Promise<WebResponse>

interface WebGlobals {
  fetch?: WebFetch
  AbortSignal?: { timeout(milliseconds: number): unknown }
}

/** The platform's fetch with timeouts and without redirects; undefined if there is none. */
export function findWebFetch(
  { fetch, AbortSignal }: WebGlobals = globalThis as WebGlobals,
): Fetch | undefined {
  if (fetch === undefined || AbortSignal === undefined) return undefined
  return async (url, { timeoutMs, idempotent: _, ...request }) =>
    toResponse(await fetch(url, { ...request, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) }))
}

function toResponse(response: WebResponse): FetchResponse {
  const { status, headers, body } = response
  return {
    status,
    headers,
    async text(maxBytes) {
      if (!body) return response.text()
      const { text, isTruncated } = await readText(toChunks(body.getReader()), maxBytes)
      this.isTruncated = isTruncated
      return text
    },
  }
}

/** The chunks of a stream, for platforms whose streams are not iterable. A stream that is not read to the end is cancelled. */
async function* toChunks(reader: WebReader): AsyncGenerator<Uint8Array> {
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read())
      if (value !== undefined) yield value
  } finally {
    await reader.cancel()
  }
}
