import type { RequestClient } from "@segment/actions-core"
import type { Fetch } from "@singlesink/data-api"

/** Segment's HTTP client as ours. */
export function toFetch(request: RequestClient): Fetch {
  return async (url, { timeoutMs, repeatable: _, ...options }) => {
    const response = await request(url, {
      ...options,
      timeout: timeoutMs,
      // The answer is judged by us, whatever its status; and a POST that follows a redirect would be lost.
      throwHttpErrors: false,
      redirect: "manual",
      // Cloning is the default, and hangs for ever on an error body that outgrows the stream's buffer.
      skipResponseCloning: true,
    })
    return { status: response.status, headers: response.headers, text: () => response.content }
  }
}
