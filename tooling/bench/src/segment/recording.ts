import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { answer } from "../data-api/discard.ts"

/** Runs `work` with a recording server. Returns the bodies of its requests. */
export async function record(work: (url: string) => Promise<unknown>): Promise<string[]> {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    let body = ""
    for await (const chunk of request.setEncoding("utf8")) body += chunk
    bodies.push(body)
    response.writeHead(200, { "content-type": "application/json" }).end(answer)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
  return bodies
}
