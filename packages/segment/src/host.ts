import type { RequestClient } from "@segment/actions-core"
import { DeliveryError } from "@singlesink/core"
import type { Fetch } from "@singlesink/data-api"
import type { Deadline } from "./deadline.ts"

/** Segment's HTTP client as a Fetch. Its requests end at the deadline, and none starts after it. */
export function toFetch(request: RequestClient, deadline: Deadline): Fetch {
  return async (url, { timeoutMs, idempotent: _, ...options }) => {
    const leftMs = deadline.leftMs()
    if (leftMs <= 0) throw toDeadlineError(deadline)
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
    const response = await withTimeout(exchange, limitMs)
    return { status: response.status, headers: response.headers, text: () => response.content }
  }
}

/** Segment's client starts its timeout again for the body. */
async function withTimeout<Result>(exchange: PromiseLike<Result>, limitMs: number): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The request timed out.")), limitMs)
  })
  try {
    return await Promise.race([exchange, timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** The error of what a call had no time for. */
function toDeadlineError({ timeoutMs }: Deadline): DeliveryError {
  const message = `The call took longer than ${timeoutMs} ms, and this part of it was not sent. Send it again.`
  return new DeliveryError({ code: "deadline_exceeded", message })
}
