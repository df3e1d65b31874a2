import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { answer } from "../data-api/discard.ts"

/** Lets some work be done against a server that keeps what comes, and gives the requests' bodies. */
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
