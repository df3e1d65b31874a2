import type { Fetch } from "@singlesink/data-api"
import { type Dispatcher, request } from "undici"

/** Sends one body and reads the answer. */
export type Post = (body: string) => Promise<unknown>

// The headers of createDataApi.
const headers = { authorization: `Basic ${btoa("bench:bench")}`, "content-type": "application/json" }

/** Bare undici: the least that a request can cost. */
export function createBarePost(url: string, dispatcher: Dispatcher): Post {
  return async body => {
    // Without the timeouts of undici, which our client turns off too.
    const timeouts = { headersTimeout: 0, bodyTimeout: 0 }
    const answer = await request(url, { method: "POST", headers, body, dispatcher, ...timeouts })
    return answer.body.text()
  }
}

/** Our fetch, called as createDataApi calls it. */
export function createFetchPost(url: string, fetch: Fetch): Post {
  return async body => {
    const answer = await fetch(url, { method: "POST", headers, body, timeoutMs: 30_000, idempotent: true })
    return answer.text(65_536)
  }
}
