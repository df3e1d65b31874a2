import type { RequestClient } from "@segment/actions-core"
import type { Fetch } from "@singlesink/data-api"

/** Segment's HTTP client as a Fetch. */
export function toFetch(request: RequestClient): Fetch {
  return async (url, { timeoutMs, idempotent: _, ...options }) => {
    const response = await request(url, {
      ...options,
      timeout: timeoutMs,
      // The Data API client interprets every status, and a POST that follows a redirect would be lost.
      throwHttpErrors: false,
      redirect: "manual",
      // Response cloning is the default, and hangs on an error body larger than the stream's buffer.
      skipResponseCloning: true,
    })
    return { status: response.status, headers: response.headers, text: () => response.content }
  }
}
