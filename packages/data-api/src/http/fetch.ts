/** What is asked of an HTTP client. Plain values only, because some hosts clone the options into another context. */
export interface FetchRequest {
  method: "GET" | "POST"
  headers: Record<string, string>
  body?: string
  /** The time from the start to the last byte of the response, in milliseconds. Each client applies it in its own way. */
  timeoutMs: number
  /** Whether sending the request twice has the same effect as once, so that a client may repeat it. */
  idempotent: boolean
}

/** What is needed of a response. */
export interface FetchResponse {
  status: number
  /** A plain object or a Headers object. */
  headers: FetchHeaders
  /**
   * The body; called once. A client that streams reads at most `maxBytes` of it and then sets `isTruncated`. Others may
   * return all of it.
   */
  text(maxBytes: number): Promise<string> | string
  /** Whether the body goes on after what `text` returned. */
  isTruncated?: boolean
}

/** The headers of a response: an object, or anything with `get`, such as `Headers`. */
export type FetchHeaders = Record<string, unknown> | { get(name: string): string | null }

/**
 * The smallest HTTP client that this package needs. It must not follow redirects, which would turn a POST into a GET or
 * send the events to another host.
 *
 * @example
 * const fetch: Fetch = async (url, { timeoutMs, idempotent, ...request }) =>
 *   globalThis.fetch(url, { ...request, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) })
 */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchResponse>

/** One header of either kind of headers. */
export function headerOf(headers: FetchHeaders | undefined, name: string): string | undefined {
  if (typeof headers?.get === "function")
    return (headers as { get(name: string): string | null }).get(name) ?? undefined
  const key = Object.keys(headers ?? {}).find(key => key.toLowerCase() === name)
  const value = key === undefined ? undefined : (headers as Record<string, unknown>)[key]
  return typeof value === "string" ? value : undefined
}
