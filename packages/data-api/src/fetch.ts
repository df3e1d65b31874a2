/** What we ask of an HTTP client. Plain values only: some hosts clone the options into another context. */
export interface FetchRequest {
  method: "GET" | "POST"
  headers: Record<string, string>
  body?: string
  /** Milliseconds from the start to the last byte of the answer; each client applies it in its own way. */
  timeoutMs: number
}

/** What we need of an answer. Headers come as a plain object or as a Headers object, whichever the client has. */
export interface FetchResponse {
  status: number
  headers: FetchHeaders
  /** Called once. */
  text(): Promise<string> | string
}

export type FetchHeaders = Record<string, unknown> | { get(name: string): string | null }

/** The smallest HTTP client that we need. It must not follow redirects: a POST would become a GET and be lost. */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchResponse>

/** The standard fetch, as far as we use it; core's platform has no such global, so it is described here. */
type WebFetch = (
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: string
    redirect: "manual"
    signal: unknown
  },
) => Promise<{ status: number; headers: FetchHeaders; text(): Promise<string> }>

interface WebGlobals {
  fetch?: WebFetch
  AbortSignal?: { timeout(milliseconds: number): unknown }
}

/** The platform's own fetch with time-outs and without redirects, or undefined where there is none. */
export function findWebFetch(
  { fetch, AbortSignal }: WebGlobals = globalThis as WebGlobals,
): Fetch | undefined {
  if (fetch === undefined || AbortSignal === undefined) return undefined
  return (url, { timeoutMs, ...request }) =>
    fetch(url, { ...request, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) })
}

/** One header, from either shape of headers. */
export function headerOf(headers: FetchHeaders | undefined, name: string): string | undefined {
  if (typeof headers?.get === "function")
    return (headers as { get(name: string): string | null }).get(name) ?? undefined
  const key = Object.keys(headers ?? {}).find(key => key.toLowerCase() === name)
  const value = key === undefined ? undefined : (headers as Record<string, unknown>)[key]
  return typeof value === "string" ? value : undefined
}
