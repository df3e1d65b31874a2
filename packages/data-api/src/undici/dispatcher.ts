import type { Socket } from "node:net"
import { ConfigError } from "@singlesink/core"
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from "undici"
import type { UndiciFetchOptions } from "./options.ts"

/** The pool of connections. Errors of a connection that had served a request before are put into `stale`. */
export function createDispatcher(options: UndiciFetchOptions, stale: WeakSet<object>): Dispatcher {
  const { connections = 16, keepAliveMs = 4_000, connectTimeoutMs = 10_000, tls, proxy } = options
  const timeout = connectTimeoutMs
  const pool = {
    connections,
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    // A connection of the proxy's is not ours to watch.
    connect: watch(buildConnector({ ...tls, timeout }), stale),
    requestTls: { ...tls, timeout },
    proxyTls: { timeout },
    // Of a tunnel the proxy sees the address only. It is undici 7's default, and for http not undici 8's.
    proxyTunnel: true,
  }
  if (proxy === undefined) return new Agent(pool)
  try {
    return proxy === "environment" ? new EnvHttpProxyAgent(pool) : new ProxyAgent({ ...pool, uri: proxy })
  } catch {
    // The text of it has the URL, and that may have a password.
    const message =
      "The proxy's URL, or the environment's, cannot be used. Give the http or https URL of one."
    throw new ConfigError({ code: "bad_options", message })
  }
}

/** What a connection fails with that the other side has given up. */
const lossCodes = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"])

/**
 * A connector that notes which errors are of connections that had served before and of whose next answer nothing has
 * come: those may just have been closed by a server that had waited for long enough. Its listener comes before
 * undici's, which then passes the same error on.
 */
function watch(connect: buildConnector.connector, stale: WeakSet<object>): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...result) => {
      const [, socket] = result
      if (socket) noteStale(socket, stale)
      callback(...result)
    })
}

function noteStale(socket: Socket, stale: WeakSet<object>): void {
  // Bytes of answers, without those of a TLS handshake.
  let readBeforeWrite = 0
  const write: (...args: never[]) => boolean = socket.write.bind(socket)
  socket.write = (...args: never[]) => {
    readBeforeWrite = socket.bytesRead
    return write(...args)
  }
  socket.on("error", (error: NodeJS.ErrnoException) => {
    const isStale = readBeforeWrite > 0 && socket.bytesRead === readBeforeWrite
    if (isStale && lossCodes.has(error.code ?? "")) stale.add(error)
  })
}
