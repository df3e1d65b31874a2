/** What we ask of an HTTP client. Plain values only: some hosts clone the options into another context. */
export interface FetchRequest {
  method: "GET" | "POST"
  headers: Record<string, string>
  body?: string
  /** Milliseconds from the start to the last byte of the answer; each client applies it in its own way. */
  timeoutMs: number
  /** Whether sending it twice does no more than sending it once, so that a client may do so. */
  repeatable: boolean
}

/** What we need of an answer. Headers come as a plain object or as a Headers object, whichever the client has. */
export interface FetchResponse {
  status: number
  headers: FetchHeaders
  /**
   * The body; called once. A client that streams reads no more than `maxBytes` of it and then sets `cut`; others
   * may give all.
   */
  text(maxBytes: number): Promise<string> | string
  /** The body went on after what `text` has given. */
  cut?: boolean
}

export type FetchHeaders = Record<string, unknown> | { get(name: string): string | null }

/** The smallest HTTP client that we need. It must not follow redirects: a POST would become a GET and be lost. */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchResponse>

/** One header, from either shape of headers. */
export function headerOf(headers: FetchHeaders | undefined, name: string): string | undefined {
  if (typeof headers?.get === "function")
    return (headers as { get(name: string): string | null }).get(name) ?? undefined
  const key = Object.keys(headers ?? {}).find(key => key.toLowerCase() === name)
  const value = key === undefined ? undefined : (headers as Record<string, unknown>)[key]
  return typeof value === "string" ? value : undefined
}
