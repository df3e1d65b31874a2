import type { RequestClient } from "@segment/actions-core"
import type { Fetch } from "@singlesink/data-api"
import { type Deadline, endAfter } from "./deadline.ts"

/** Segment's HTTP client as a Fetch. Its requests end at the deadline, and none starts after it. */
export function toFetch(request: RequestClient, deadline: Deadline): Fetch {
  return async (url, { timeoutMs, idempotent: _, ...options }) => {
    const leftMs = deadline.leftMs()
    if (leftMs <= 0) throw deadline.toError()
    const limitMs = Math.ceil(Math.min(timeoutMs, leftMs))
    const exchange = request(url, {
      ...options,
      timeout: limitMs,
      // The Data API client interprets every status, and a POST that follows a redirect would be lost.
      throwHttpErrors: false,
      redirect: "manual",
      // Response cloning is the default, and hangs on an error body larger than the stream's buffer.
      skipResponseCloning: true,
    })
    // Segment's client starts its timeout again for the body.
    const response = await endAfter(limitMs, exchange, () => new Error("The request timed out."))
    return { status: response.status, headers: response.headers, text: () => response.content }
  }
}
