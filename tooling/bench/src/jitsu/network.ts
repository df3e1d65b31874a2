import type { HostFetch } from "@singlesink/conformance/bare-context"
import { Agent, request } from "undici"

/** The HTTP client outside the sandbox, and the number of its requests. */
export interface Network {
  readonly fetch: HostFetch
  readonly requests: number
  close(): Promise<void>
}

export function openNetwork(): Network {
  const agent = new Agent()
  let requests = 0
  return {
    async fetch(url, options) {
      requests++
      const { method, headers, body = null } = options
      const answer = await request(url, {
        method: method as "POST",
        headers,
        body,
        dispatcher: agent,
      })
      return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() }
    },
    get requests() {
      return requests
    },
    close: () => agent.close(),
  }
}
