import { createServer, type Server, type ServerResponse } from "node:http"

/** What has come so far, whole bodies only. */
export interface Received {
  readonly requests: number
  readonly bytes: number
}

/** More rows than any request has: whoever asks takes all of its rows as stored. */
export const answer: string = JSON.stringify({ lastInsertId: 0, rowsAffected: 1_000_000 })

/**
 * Speaks enough of the Data API to store nothing: it reads the body of a POST, forgets it, and answers. So what a client
 * costs is all that is measured. A GET is told what has come.
 *
 * @param delayMs how long it waits with the answer once the body is there
 */
export function createDiscardingServer(delayMs = 0): Server {
  let requests = 0
  let bytes = 0
  const server = createServer((request, response) => {
    if (request.method === "GET")
      return reply(response, JSON.stringify({ requests, bytes } satisfies Received))
    let read = 0
    request.on("data", (chunk: Buffer) => {
      read += chunk.length
    })
    request.on("end", () => {
      requests++
      bytes += read
      if (delayMs === 0) reply(response, answer)
      else setTimeout(reply, delayMs, response, answer)
    })
  })
  // Longer than any pause between two samples: nobody shall pay for a new connection.
  server.keepAliveTimeout = 600_000
  return server
}

function reply(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": text.length }).end(text)
}
