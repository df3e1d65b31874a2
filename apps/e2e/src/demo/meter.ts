import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { Agent, request } from "undici"

/** The measured traffic, read from the wire, independent of the host. */
export interface Meter {
  url: string
  requests: number
  bytes: number
  largestRequest: number
  /** New rows, as the database reports them. */
  rowsAffected: number
  close(): Promise<void>
}

/** Starts a counting proxy to the Data API. Hosts receive its URL in place of the server's. */
export async function startMeter(upstream: string): Promise<Meter> {
  const dispatcher = new Agent()
  const server = createServer(async (incoming, outgoing) => {
    try {
      const body = await readBody(incoming)
      const { authorization = "", "content-type": type = "" } = incoming.headers
      const answer = await request(`${upstream.replace(/\/+$/, "")}${incoming.url}`, {
        method: "POST",
        headers: { authorization, "content-type": type },
        body,
        dispatcher,
      })
      const text = await answer.body.text()
      meter.requests++
      meter.bytes += body.length
      meter.largestRequest = Math.max(meter.largestRequest, body.length)
      if (answer.statusCode === 200) meter.rowsAffected += Number(JSON.parse(text).rowsAffected ?? 0)
      outgoing.writeHead(answer.statusCode, { "content-type": "application/json" }).end(text)
    } catch {
      // Without the proxy, the host would see a closed connection.
      outgoing.destroy()
    }
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))

  const meter: Meter = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: 0,
    bytes: 0,
    largestRequest: 0,
    rowsAffected: 0,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await dispatcher.close()
    },
  }
  return meter
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
