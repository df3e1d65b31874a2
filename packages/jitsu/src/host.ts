import type { Fetch, FetchHeaders } from "@singlesink/data-api/port"

/**
 * What Jitsu hands to a function, as far as we use it. Declared here and not imported: @jitsu/protocols promises
 * members that not every Jitsu has.
 *
 * @see https://docs.jitsu.com/functions/runtime
 */
export interface JitsuContext {
  /** The connection's `functionsEnv`. */
  props?: Readonly<Record<string, unknown>> | undefined
  log: { error(message: string): unknown }
  fetch(
    url: string,
    options: { method: string; headers: Record<string, string>; body?: string },
  ): Promise<JitsuResponse>
}

/** A plain object in one of Jitsu's runtimes, a real Response in the other. */
interface JitsuResponse {
  status: number
  headers: unknown
  text(): Promise<string> | string
}

/** Jitsu's HTTP client as ours. It has a time-out of its own (FETCH_TIMEOUT_MS), so `timeoutMs` stays here. */
export function toFetch(ctx: Pick<JitsuContext, "fetch">): Fetch {
  return async (url, { method, headers, body }) => {
    const response = await ctx.fetch(url, { method, headers, ...(body !== undefined && { body }) })
    return {
      status: response.status,
      headers: response.headers as FetchHeaders,
      text: () => response.text(),
    }
  }
}
