import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { onTestFinished } from "vitest"

/** A proxy that runs `before` before it passes each request on. */
export async function startInterceptor(
  url: string,
  before: (index: number) => Promise<void>,
): Promise<string> {
  let requests = 0
  const server = createServer(async (request, response) => {
    await before(requests++)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const answer = await fetch(`${url}${request.url}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: request.headers.authorization ?? "" },
      body: Buffer.concat(chunks),
    })
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" })
    response.end(await answer.text())
  })
  onTestFinished(() => server.close() && undefined)
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
