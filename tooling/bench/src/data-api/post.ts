import type { Fetch } from "@singlesink/data-api"
import { type Dispatcher, request } from "undici"

/** Posts one body and reads the answer. */
export type Post = (body: string) => Promise<unknown>

// As createDataApi sends them.
const headers = { authorization: `Basic ${btoa("bench:bench")}`, "content-type": "application/json" }

/** undici as it is, with nothing around it: the least that a request can cost. */
export function createBarePost(url: string, dispatcher: Dispatcher): Post {
  return async body => {
    // Without its own two clocks, since ours has switched them off.
    const timeouts = { headersTimeout: 0, bodyTimeout: 0 }
    const answer = await request(url, { method: "POST", headers, body, dispatcher, ...timeouts })
    return answer.body.text()
  }
}

/** A fetch of ours, called as createDataApi calls it. */
export function createFetchPost(url: string, fetch: Fetch): Post {
  return async body => {
    const answer = await fetch(url, { method: "POST", headers, body, timeoutMs: 30_000, idempotent: true })
    return answer.text(65_536)
  }
}
