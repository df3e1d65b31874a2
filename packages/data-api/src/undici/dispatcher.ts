import type { LookupFunction, Socket } from "node:net"
import { toInvalidOptionsError, toIssue } from "@singlesink/core/validation"
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from "undici"
import { lookupPublicHost } from "../public-hosts/public-hosts.ts"
import type { UndiciFetchOptions } from "./options.ts"

/** The connection pool. Errors of a connection that had served a request before are added to `stale`. */
export function createDispatcher(options: UndiciFetchOptions, stale: WeakSet<object>): Dispatcher {
  const { connections = 16, keepAliveMs = 4_000, connectTimeoutMs = 10_000, tls, proxy } = options
  const timeout = connectTimeoutMs
  const connect = {
    ...tls,
    timeout,
    autoSelectFamily: true,
    // Node allows 250 ms, in which a distant server may not answer.
    autoSelectFamilyAttemptTimeout: Math.max(10, Math.ceil(connectTimeoutMs / 4)),
    ...(options.publicHostsOnly === true && { lookup: lookupPublic }),
  }
  const pool = {
    connections,
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    // Connections of a proxy are not watched.
    connect: watch(buildConnector(connect), stale),
    requestTls: { ...tls, timeout },
    proxyTls: { timeout },
    // Through a tunnel the proxy only sees the address. This is the default of undici 7, but not of undici 8 for http.
    proxyTunnel: true,
  }
  if (proxy === undefined) return new Agent(pool)
  try {
    return proxy === "environment" ? new EnvHttpProxyAgent(pool) : new ProxyAgent({ ...pool, uri: proxy })
  } catch {
    // The error contains the URL, which may contain a password.
    throw toInvalidOptionsError("undiciFetch", [
      toIssue("proxy", "the http or https URL of a proxy, also in the environment"),
    ])
  }
}

/** The lookup of Node for public hosts only. Node does not call it for an IP address. */
const lookupPublic: LookupFunction = (hostname, { all }, callback) => {
  lookupPublicHost(hostname).then(
    addresses => {
      const [{ address, family } = { address: "", family: 0 }] = addresses
      if (all) callback(null, addresses)
      else callback(null, address, family)
    },
    error => callback(error, []),
  )
}

/** Errors of a connection that the other side has closed. */
const lossCodes = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"])

/**
 * A connector that notes the errors of reused connections on which no byte of the next response has arrived: the server
 * may just have closed them for being idle. Its listener is added before that of undici, which passes the same error on.
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
  // Without the bytes of a TLS handshake.
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
