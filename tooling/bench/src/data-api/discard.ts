import { createServer, type Server, type ServerResponse } from "node:http"

/** The complete requests that the server has received. */
export interface Received {
  readonly requests: number
  readonly bytes: number
}

/** The answer to every request. It reports more rows than any request has, so the client takes all rows as stored. */
export const answer: string = JSON.stringify({ lastInsertId: 0, rowsAffected: 1_000_000 })

/**
 * A Data API that stores nothing: it reads the body of a POST, discards it and answers, so that only the cost of the
 * client is measured. A GET returns what the server has received.
 *
 * @param delayMs the delay of the answer after the complete body
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
  // Longer than any pause between two samples, so that no sample pays for a new connection.
  server.keepAliveTimeout = 600_000
  return server
}

function reply(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": text.length }).end(text)
}
