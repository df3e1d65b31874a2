import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Settings } from "../index.ts"

export interface ServerBody {
  sql: string
  args: unknown[]
  database: string
}

/** Answers a request, or leaves it open. */
export type Answer = (body: ServerBody, response: ServerResponse, request: IncomingMessage) => void

/** Starts a Data API that answers as a test says. */
export async function startServer(answer: Answer): Promise<{ settings: Settings; close(): void }> {
  const server = createServer(async (request, response) => {
    let body = ""
    for await (const chunk of request.setEncoding("utf8")) body += chunk
    if (body === "") response.end("pong")
    else answer(JSON.parse(body), response, request)
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    settings: { host: "127.0.0.1", port, username: "sink", password: "hunter2", dbName: "events" },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Runs a test against a Data API that answers as the test says. */
export async function withServer<Result>(
  answer: Answer,
  run: (settings: Settings) => Promise<Result>,
): Promise<Result> {
  const server = await startServer(answer)
  try {
    return await run(server.settings)
  } finally {
    server.close()
  }
}
