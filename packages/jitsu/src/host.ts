import type { Fetch, FetchHeaders } from "@singlesink/data-api/transport"

/**
 * The part of Jitsu's function context that is used here. It is declared and not imported, because @jitsu/protocols
 * promises members that some versions of Jitsu do not have.
 *
 * @see https://docs.jitsu.com/functions/runtime
 */
export interface JitsuContext {
  /** The `functionsEnv` of the connection. */
  props?: Readonly<Record<string, unknown>> | undefined
  log: { error(message: string): unknown }
  fetch(
    url: string,
    options: { method: string; headers: Record<string, string>; body?: string; redirect: "manual" },
  ): Promise<JitsuResponse>
}

/** A plain object in one of Jitsu's runtimes, a Response in the other. */
interface JitsuResponse {
  status: number
  headers: unknown
  text(): Promise<string> | string
}

/**
 * Jitsu's HTTP client as a Fetch. Jitsu applies its own timeout (FETCH_TIMEOUT_MS), so `timeoutMs` is not used. A redirect
 * that is followed would send the events to another host.
 */
export function toFetch(ctx: Pick<JitsuContext, "fetch">): Fetch {
  return async (url, { method, headers, body }) => {
    const redirect = "manual"
    const response = await ctx.fetch(url, { method, headers, redirect, ...(body !== undefined && { body }) })
    return {
      status: response.status,
      headers: response.headers as FetchHeaders,
      text: () => response.text(),
    }
  }
}
