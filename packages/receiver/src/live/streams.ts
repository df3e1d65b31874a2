import type { ServerResponse } from "node:http"
import type { LiveHub } from "./hub.ts"

/** The open server-sent event streams. */
export interface Streams {
  hasRoom(): boolean
  /** Sends a snapshot, and then what is new twice a second. */
  open(response: ServerResponse): void
  close(): void
}

const tickMs = 500
const maxStreams = 50

/** A page that reads slower than this misses updates, so that nothing piles up here. */
const maxBufferedBytes = 256_000

export function createStreams(hub: LiveHub): Streams {
  const responses = new Set<ServerResponse>()
  // Also without a page: what is sampled per tick is what the next page sees first.
  const timer = setInterval(tick, tickMs).unref()

  function tick(): void {
    const update = hub.takeUpdate()
    if (responses.size === 0) return
    const message = toMessage("update", update)
    for (const response of responses) {
      if (response.writableLength < maxBufferedBytes) response.write(message)
    }
  }

  return {
    hasRoom: () => responses.size < maxStreams,
    open(response) {
      response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "x-accel-buffering": "no",
      })
      response.write(toMessage("snapshot", hub.snapshot()))
      responses.add(response)
      response.on("close", () => responses.delete(response))
    },
    close() {
      clearInterval(timer)
      for (const response of responses) response.end()
    },
  }
}

const toMessage = (event: string, data: object) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
