import type { RequestListener } from "node:http"
import { readBody } from "../http/body.ts"
import { type Listener, listen } from "../http/listen.ts"
import { addToLog, type EmulatorRequest } from "../http/log.ts"
import type { Transport } from "../tls/tls.ts"

/** A request that followed a redirect. */
export interface RedirectedRequest extends EmulatorRequest {
  /** Whether the request had an Authorization header. */
  authorization: boolean
}

/** The server that redirects lead to. It answers every request as if one row had been stored. */
export interface RedirectTarget {
  requests: RedirectedRequest[]
  /** The URL that a redirect of this path leads to. */
  url(path: string): string
  start(): Promise<void>
  close(): Promise<void>
}

export function createRedirectTarget({ scheme, createServer }: Transport, host: string): RedirectTarget {
  const requests: RedirectedRequest[] = []
  let listening: Promise<Listener> | undefined
  let origin = ""

  const answer: RequestListener = (request, response) => {
    const { method = "", url = "/", headers } = request
    readBody(request, 0).then(
      ({ bytes }) => {
        const authorization = headers.authorization !== undefined
        addToLog(requests, { method, path: url, bytes, status: 200, authorization })
        response.writeHead(200, { "content-type": "application/json" })
        response.end('{"rowsAffected":1,"lastInsertId":0}')
      },
      () => response.destroy(),
    )
  }

  return {
    requests,
    url: path => origin + path,
    async start() {
      listening ??= listen(createServer(answer), 0, host)
      origin = toOrigin(scheme, host, (await listening).port)
    },
    close: async () => (await listening)?.close(),
  }
}

/** Returns the start of a URL, such as `http://127.0.0.1:9000`. */
export function toOrigin(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`
}
